// Vitest's global setup: starts the database servers once for the run, hands their addresses to the workers, ends them.
import mysql from "mysql2/promise";
import type { TestProject } from "vitest/node";
import { endAll, endAllOnExit, scratch } from "./daemon.js";
import { freshHome } from "./fresh-home.js";
import { mariadbInstall, startMariadb } from "./mariadb.js";
import { mysqlInstall, startMysql } from "./mysql.js";
import { startPostgres } from "./postgres.js";

type Server = { readonly url: string } | { readonly skip: string };

declare module "vitest" {
  interface ProvidedContext {
    /** Where SQLite's files go: removed with the run, also when it is broken off. */
    readonly files: string;
    /** Connection strings of administrators, or why there is no server. */
    readonly servers: Readonly<Record<"postgres" | "mariadb" | "mysql", Server>>;
  }
}

const notices = {
  mariadb: box([
    "SKIPPED: every test that needs MariaDB",
    "Why:     no `mariadbd` on this machine's PATH, and SAPWOOD_TEST_MYSQL names no server",
    `Mend it: ${mariadbInstall}`,
  ]),
  mysql: box([
    "SKIPPED: every test that needs MySQL itself",
    "Why:     its folder holds no server, and SAPWOOD_TEST_MYSQL names no MySQL",
    `Mend it: ${mysqlInstall}`,
  ]),
};
const missing = {
  mariadb: `MariaDB is not installed; bring it with: ${mariadbInstall}`,
  mysql: `MySQL is not here; bring it with: ${mysqlInstall}`,
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { SAPWOOD_TEST_POSTGRES: givenPostgres, SAPWOOD_TEST_MYSQL: givenMysql, CI } = process.env;
  const forget = endAllOnExit();
  const stop = async () => {
    await endAll();
    forget();
  };
  const starting = [givenPostgres || startPostgres(), givenMysql || startMariadb(), mysqlOf(givenMysql)] as const;
  try {
    const [postgres, mariadb, mysql] = await Promise.all(starting);
    const say = () => {
      if (mariadb === undefined) process.stderr.write(notices.mariadb);
      if (mysql === undefined) process.stderr.write(notices.mysql);
    };
    say();
    if (mariadb === undefined && CI === "true")
      throw new Error(`${missing.mariadb} (with CI=true nothing may be skipped)`);
    project.provide("files", scratch("files"));
    const left = freshHome();
    project.provide("servers", {
      postgres: { url: postgres },
      mariadb: mariadb === undefined ? { skip: missing.mariadb } : { url: mariadb },
      mysql: mysql === undefined ? { skip: missing.mysql } : { url: mysql },
    });
    return async () => {
      const found = left();
      await stop();
      say();
      if (found.length === 0) return;
      // An error that a teardown throws ends in Vitest's log, and the run as a success.
      process.stderr.write(`The tests left behind in the temporary folder: ${found.join(", ")}\n`);
      process.exitCode = 1;
    };
  } catch (error) {
    // The others may still be on their way up.
    await Promise.allSettled(starting);
    await stop();
    throw error;
  }
}

/** SAPWOOD_TEST_MYSQL names a MariaDB or a MySQL. */
async function mysqlOf(given: string | undefined): Promise<string | undefined> {
  if (!given) return startMysql();
  const client = await mysql.createConnection(given);
  try {
    const [[row]] = await client.query<mysql.RowDataPacket[]>("SELECT VERSION() AS version");
    return /mariadb/i.test(row?.version) ? startMysql() : given;
  } finally {
    await client.end();
  }
}

function box(lines: readonly string[]): string {
  const width = Math.max(...lines.map((line) => line.length));
  const rule = `+${"-".repeat(width + 2)}+`;
  return `\n${[rule, ...lines.map((line) => `| ${line.padEnd(width)} |`), rule].join("\n")}\n\n`;
}
