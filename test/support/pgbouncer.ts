// pgbouncer for a test file, from the system's own packages, before the run's PostgreSQL server.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { inject } from "vitest";
import { chownToServer, endAll, freePort, scratch, startDaemon } from "./daemon.js";
import { urlOf } from "./databases.js";
import { installed } from "./installed.js";

export const pgbouncerInstall = "apt-get install -y --no-install-recommends pgbouncer";

export const pgbouncer = installed("pgbouncer");

if (pgbouncer === undefined)
  process.stderr.write(
    `SKIPPED: what needs a pooler. pgbouncer is not installed; bring it with: ${pgbouncerInstall}\n`,
  );

export interface Pgbouncer {
  /** The same database, by way of it. */
  through(url: string): string;
}

/** `settings` are pgbouncer.ini's. */
export async function startPgbouncer(settings: Readonly<Record<string, string>>): Promise<Pgbouncer> {
  if (pgbouncer === undefined) throw new Error(`pgbouncer is not installed; bring it with: ${pgbouncerInstall}`);
  const directory = scratch("pgbouncer");
  const port = await freePort();
  const postgres = await urlOf(inject("servers").postgres);
  const { hostname, port: behind, username, password } = new URL(postgres);
  const file = join(directory, "pgbouncer.ini");
  const all = {
    listen_addr: "127.0.0.1",
    listen_port: String(port),
    unix_socket_dir: "",
    // Whoever comes is the user of the line below: this pgbouncer lives as long as a test.
    auth_type: "any",
    logfile: join(directory, "log"),
    max_client_conn: "200",
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  const target = `host=${hostname} port=${behind} user=${username} password=${password}`;
  writeFileSync(file, ["[databases]", `* = ${target}`, "[pgbouncer]", ...lines, ""].join("\n"));
  chownToServer(file);
  const through = (url: string) => Object.assign(new URL(url), { port: String(port) }).href;
  await startDaemon({
    command: pgbouncer,
    args: [file],
    directory,
    signal: "SIGKILL",
    async probe() {
      const client = new pg.Client(through(postgres));
      await client.connect();
      await client.end();
    },
  });
  return { through };
}

export const stopPgbouncer = endAll;
