// MariaDB for one test run, from the system's own packages.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { type Daemon, freePort, runOnce, scratch, startDaemon } from "./daemon.js";
import { installed, onPath } from "./installed.js";

export const mariadbInstall = "apt-get install -y --no-install-recommends mariadb-server";

export const hasMariadb = (): boolean =>
  installed("mariadbd", onPath) !== undefined && installed("mariadb-install-db", onPath) !== undefined;

/** `more` flags than every run has. Answers with its administrator's connection string, or `undefined` where no MariaDB is installed. */
export async function startMariadb(...more: readonly string[]): Promise<string | undefined> {
  const prepared = await prepareMariadb(...more);
  if (prepared === undefined) return undefined;
  await startDaemon(prepared.daemon);
  return prepared.url;
}

/** A server with its data folder, which is not started yet. */
export interface Prepared {
  readonly url: string;
  readonly daemon: Daemon;
}

export async function prepareMariadb(...more: readonly string[]): Promise<Prepared | undefined> {
  const server = installed("mariadbd", onPath);
  const installer = installed("mariadb-install-db", onPath);
  if (server === undefined || installer === undefined) return undefined;
  const directory = scratch("mariadb");
  const data = join(directory, "data");
  // A server that starts deletes what others have left in the folder for temporary tables, and what they are working with.
  const own = ["--no-defaults", `--datadir=${data}`, `--tmpdir=${directory}`];
  await runOnce(installer, [...own, "--auth-root-authentication-method=normal", "--skip-test-db"], directory);
  const init = join(directory, "init.sql");
  writeFileSync(
    init,
    "CREATE USER IF NOT EXISTS sapwood@'%' IDENTIFIED BY 'sapwood';\nGRANT ALL ON *.* TO sapwood@'%' WITH GRANT OPTION;\n",
  );
  const port = await freePort();
  const url = `mysql://sapwood:sapwood@127.0.0.1:${port}/mysql`;
  const daemon: Daemon = {
    command: server,
    args: [
      ...[...own, `--init-file=${init}`, `--socket=${join(directory, "sock")}`],
      ...[`--port=${port}`, "--bind-address=127.0.0.1", "--skip-name-resolve", "--max-connections=300"],
      ...["--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_ci"],
      ...["--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync", "--skip-log-bin"],
      // Neither UTC nor the workers' zone: whoever leaves a conversion to the server is found out.
      "--default-time-zone=+05:30",
      ...more,
    ],
    directory,
    signal: "SIGKILL",
    async probe() {
      const client = await mysql.createConnection(url);
      await client.end();
    },
  };
  return { url, daemon };
}
