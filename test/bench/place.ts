// A filled database of its own for the run: the server is started here, and ends with it.
import { join } from "node:path";
import Database from "better-sqlite3";
import knex, { type Knex } from "knex";
import mysql from "mysql2";
import { askOf } from "../../src/database/database.js";
import { dialectOfUrl } from "../../src/dialect/index.js";
import { scratch } from "../support/daemon.js";
import { mariadbInstall, startMariadb } from "../support/mariadb.js";
import { mysqlInstall, startMysql } from "../support/mysql.js";
import { startPostgres } from "../support/postgres.js";
import type { DatabaseName } from "./candidate.js";
import { fill, type Size } from "./data.js";

export interface Place {
  readonly database: DatabaseName;
  /** As `makeRoutes` takes it. */
  readonly url: string;
  readonly version: string;
  /** Statements between rounds. */
  run(statements: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** An empty database, on a server of its own where there are servers. */
export async function openEmpty(database: DatabaseName): Promise<{ readonly url: string; readonly knex: Knex }> {
  const url = await urls[database]();
  return { url, knex: knex(configs[database](url)) };
}

/** `more` adds to what `fill` made. */
export async function openPlace(
  database: DatabaseName,
  size: Size,
  more?: (knex: Knex) => Promise<void>,
): Promise<Place> {
  const { url, knex: connection } = await openEmpty(database);
  await fill(connection, database, size);
  await more?.(connection);
  return {
    database,
    url,
    version: (await dialectOfUrl(url).identify(askOf({ knex: connection }))).version,
    run: async (statements) => {
      for (const statement of statements) await connection.raw(statement);
    },
    close: () => connection.destroy(),
  };
}

/** What undoes the traces of many writes, where the database does it only when it finds the time. */
export const tidied = (database: DatabaseName, table: string): string[] =>
  ({ sqlite: [], postgres: [`VACUUM ANALYZE ${table}`], mariadb: [], mysql: [] })[database];

const urls: Readonly<Record<DatabaseName, () => Promise<string>>> = {
  async sqlite() {
    const filename = join(scratch("bench"), "shop.db");
    // As sapwood opens it: the journal's mode stays with the file, and is the same for every candidate.
    const file = new Database(filename);
    file.pragma("journal_mode = WAL");
    file.close();
    return `sqlite:${filename}`;
  },
  postgres: startPostgres,
  async mariadb() {
    const server = await startMariadb();
    if (server === undefined) throw new Error(`MariaDB is not installed; bring it with: ${mariadbInstall}`);
    return shopOn(server);
  },
  async mysql() {
    const server = await startMysql();
    if (server === undefined) throw new Error(`MySQL is not here; bring it with: ${mysqlInstall}`);
    return shopOn(server);
  },
};

async function shopOn(server: string): Promise<string> {
  const admin = mysql.createConnection(server).promise();
  await admin.query("CREATE DATABASE shop CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
  await admin.end();
  const url = new URL(server);
  url.pathname = "/shop";
  return url.href;
}

const configs: Readonly<Record<DatabaseName, (url: string) => Knex.Config>> = {
  sqlite: (url) => ({
    client: "better-sqlite3",
    connection: { filename: url.replace("sqlite:", "") },
    useNullAsDefault: true,
  }),
  postgres: (url) => ({ client: "pg", connection: url }),
  mariadb: (url) => ({ client: "mysql2", connection: url }),
  mysql: (url) => ({ client: "mysql2", connection: url }),
};
