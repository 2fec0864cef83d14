// pgbouncer for a test file, before the run's PostgreSQL server: from the system's own packages, or a current one from the folder into which
// `.ci/pgbouncer` brings it.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { basename, join } from "node:path";
import pg from "pg";
import { inject } from "vitest";
import { chownToServer, endAll, freePort, identity, isOpen, scratch, startDaemon } from "./daemon.js";
import { urlOf } from "./databases.js";
import { installed } from "./installed.js";

export const pgbouncerInstall = "apt-get install -y --no-install-recommends pgbouncer";

/** How one is started. */
export interface PgbouncerProgram {
  /** `PgBouncer 1.26.1` and more. */
  version(): string;
  /** Its command line, but for the file of its settings. */
  prepare(): readonly [command: string, ...args: string[]];
}

export const pgbouncer = ofSystem(installed("pgbouncer"));

/** Where `.ci/run` keeps it between runs. The tests have a home of their own. */
const folder =
  process.env.SAPWOOD_TEST_PGBOUNCER_FOLDER ||
  join(process.env.XDG_CACHE_HOME || join(userInfo().homedir, ".cache"), "sapwood", "pgbouncer");

export const currentPgbouncer = inFolder(join(folder, "root", "usr"));

if (currentPgbouncer === undefined)
  process.stderr.write(
    `SKIPPED: what needs a current pgbouncer. Its folder holds none; bring it with: .ci/pgbouncer "${folder}"\n`,
  );
if (pgbouncer === undefined)
  process.stderr.write(
    `SKIPPED: what needs a pooler. pgbouncer is not installed; bring it with: ${pgbouncerInstall}\n`,
  );

/** Both, for tests that hold behind each of them. */
export const poolers: readonly {
  readonly name: string;
  readonly program?: PgbouncerProgram;
  readonly skip?: string;
}[] = [
  { name: "the system's pgbouncer", program: pgbouncer },
  { name: "a current pgbouncer", program: currentPgbouncer },
].map(({ name, program }) => (program === undefined ? { name, skip: `${name} is not here` } : { name, program }));

export interface Pgbouncer {
  /** The same database, by way of it. */
  through(url: string): string;
}

/** `settings` are pgbouncer.ini's. */
export async function startPgbouncer(
  settings: Readonly<Record<string, string>>,
  program: PgbouncerProgram | undefined = pgbouncer,
): Promise<Pgbouncer> {
  if (program === undefined) throw new Error(`pgbouncer is not installed; bring it with: ${pgbouncerInstall}`);
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
  const [command, ...args] = program.prepare();
  await startDaemon({
    command,
    args: [...args, file],
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

function ofSystem(path: string | undefined): PgbouncerProgram | undefined {
  if (path === undefined) return undefined;
  return { version: () => execFileSync(path, ["-V"], { encoding: "utf8" }), prepare: () => [path] };
}

/** It is newer than the system's own libraries, so that its own loader starts it. */
function inFolder(usr: string): PgbouncerProgram | undefined {
  const program = join(usr, "sbin", "pgbouncer");
  if (!existsSync(program)) return undefined;
  const triplet = readdirSync(join(usr, "lib")).find((name) => name.endsWith("-linux-gnu")) ?? "";
  const libraries = join(usr, "lib", triplet);
  const loader = join(libraries, readdirSync(libraries).find((name) => /^ld-linux.*\.so/.test(name)) ?? "");
  const asked = (...flags: string[]) =>
    execFileSync(loader, ["--library-path", libraries, ...flags], { encoding: "utf8" });
  return {
    version: () => asked(program, "-V"),
    prepare() {
      if (identity.uid === undefined || isOpen(usr)) return [loader, "--library-path", libraries, program];
      // It does not run as root, and `nobody` may not walk to it: it gets what it needs in a folder of its own.
      const own = scratch("pgbouncer-program");
      const needed = [...asked("--list", program).matchAll(/=> (\S+) \(/g)].map(([, path = ""]) => path);
      for (const path of [program, loader, ...needed]) copyFileSync(path, join(own, basename(path)));
      return [join(own, basename(loader)), "--library-path", own, join(own, basename(program))];
    },
  };
}
