// MySQL itself for one test run, from the folder into which `.ci/mysql` brings it: Debian's stable distribution has MariaDB only.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { type Daemon, freePort, identity, isOpen, type ProcessUser, runOnce, scratch, startDaemon } from "./daemon.js";
import type { Prepared } from "./mariadb.js";

/** Where `.ci/run` keeps it between runs. */
const folder =
  process.env.SAPWOOD_TEST_MYSQL_FOLDER ||
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "sapwood", "mysql");

export const mysqlInstall = `.ci/mysql "${folder}"`;

export const hasMysql = (): boolean => find(join(folder, "root", "usr")) !== undefined;

/** Answers with its administrator's connection string, or `undefined` where the folder holds no server. */
export async function startMysql(): Promise<string | undefined> {
  const prepared = await prepareMysql();
  if (prepared === undefined) return undefined;
  await startDaemon(prepared.daemon);
  return prepared.url;
}

/** A server with its data folder, which is not started yet; `more` flags than every run has. */
export async function prepareMysql(...more: readonly string[]): Promise<Prepared | undefined> {
  const program = find(join(folder, "root", "usr"));
  if (program === undefined) return undefined;
  const directory = scratch("mysql");
  const own = [...program.args, "--no-defaults", ...program.own, `--datadir=${join(directory, "data")}`];
  await runOnce(program.loader, [...own, "--initialize-insecure"], directory, program.user);
  const init = join(directory, "init.sql");
  writeFileSync(
    init,
    "CREATE USER sapwood@'%' IDENTIFIED BY 'sapwood';\nGRANT ALL ON *.* TO sapwood@'%' WITH GRANT OPTION;\n",
  );
  const port = await freePort();
  const url = `mysql://sapwood:sapwood@127.0.0.1:${port}/mysql`;
  const daemon: Daemon = {
    command: program.loader,
    args: [
      ...[...own, `--init-file=${init}`, `--socket=${join(directory, "sock")}`, `--pid-file=${join(directory, "pid")}`],
      ...[`--port=${port}`, "--bind-address=127.0.0.1", "--skip-name-resolve", "--max-connections=300"],
      ...["--mysqlx=OFF", "--skip-log-bin", "--secure-file-priv=", "--collation-server=utf8mb4_unicode_ci"],
      ...["--innodb-flush-log-at-trx-commit=0", "--performance-schema=OFF"],
      // Neither UTC nor the workers' zone: whoever leaves a conversion to the server is found out.
      "--default-time-zone=+05:30",
      ...more,
    ],
    directory,
    signal: "SIGKILL",
    user: program.user,
    async probe() {
      const client = await mysql.createConnection(url);
      await client.end();
    },
  };
  return { url, daemon };
}

interface Program {
  readonly loader: string;
  /** What the loader runs, and with which libraries. */
  readonly args: readonly string[];
  /** Where the server finds what is its own. */
  readonly own: readonly string[];
  readonly user: ProcessUser;
}

/** It is newer than the system's own libraries, so that its own loader starts it. */
function find(usr: string): Program | undefined {
  const server = join(usr, "sbin", "mysqld");
  if (!existsSync(server)) return undefined;
  const triplet = readdirSync(join(usr, "lib")).find((name) => name.endsWith("-linux-gnu")) ?? "";
  const libraries = join(usr, "lib", triplet);
  const loader = readdirSync(libraries).find((name) => /^ld-linux.*\.so/.test(name)) ?? "";
  const share = join(usr, "share", "mysql");
  const paths = [`--basedir=${usr}`, `--lc-messages-dir=${share}`, `--character-sets-dir=${join(share, "charsets")}`];
  // It reads its folder while it runs, which `nobody` may not do below /root.
  const closed = identity.uid !== undefined && !isOpen(usr);
  return {
    loader: join(libraries, loader),
    args: ["--library-path", `${libraries}:${join(usr, "lib", "mysql", "private")}`, server],
    own: closed ? [...paths, "--user=root"] : paths,
    user: closed ? {} : identity,
  };
}
