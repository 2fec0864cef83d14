// The databases that tests run on: each `create` makes a fresh one of its own, each `drop` removes it with all its connections.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import Database from "better-sqlite3";
import knex, { type Knex } from "knex";
import mysql2 from "mysql2/promise";
import pg from "pg";
import { inject } from "vitest";
import { openDatabase } from "../../src/database/database.js";
import { dialectOfUrl } from "../../src/dialect/index.js";
import { type Abilities, abilities } from "./abilities.js";
import { olderMajors } from "./postgres.js";
import type { OlderPostgres, Server } from "./servers.js";

export type DatabaseName = "sqlite" | "postgres" | "mariadb";
/** SQL Server cannot be had on the build machines: only what asks for it by name runs on it, and it is in no list. */
export type AnyDatabaseName = DatabaseName | "mssql";

/** What runs on them: MySQL itself takes MariaDB's DDL, and an older PostgreSQL the newest's. */
export type ServerName = AnyDatabaseName | "mysql" | OlderPostgres;

export function ddlNameOf(name: DatabaseName | "mysql" | OlderPostgres): DatabaseName;
export function ddlNameOf(name: ServerName): AnyDatabaseName;
export function ddlNameOf(name: string): string {
  return name === "mysql" ? "mariadb" : name.replace(/^postgres\d+$/, "postgres");
}

/** A database that tests run on. */
export interface TestDatabase<Name extends ServerName = DatabaseName> extends NamedDatabase<Name> {
  readonly can: Abilities;
}

export interface NamedDatabase<Name extends ServerName = ServerName> {
  readonly name: Name;
  /** Why nothing can run on it here, where that is so: `describe.skipIf(database.skip)`. */
  readonly skip?: string;
  create(ddl?: string): Promise<Created>;
}

export interface Created {
  /** As a user would give it to `makeRoutes`. */
  readonly url: string;
  readonly knex: Knex;
  drop(): Promise<void>;
}

const servers = inject("servers");
const files = inject("files");
const leftOut = inject("leftOut");

const urls = new Map<string, Promise<string>>();

/** The administrator's connection string. The server starts for the first who asks. */
export function urlOf(server: Server): Promise<string> {
  if ("skip" in server) return Promise.reject(new Error(server.skip));
  const url =
    urls.get(server.ask) ?? (server.ask.startsWith("http:") ? asked(server.ask) : Promise.resolve(server.ask));
  urls.set(server.ask, url);
  return url;
}

async function asked(address: string): Promise<string> {
  const response = await fetch(address);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

export const sqlite: TestDatabase = {
  name: "sqlite",
  can: abilities.sqlite,
  ...(leftOut.includes("sqlite") && { skip: "DATABASES leaves sqlite out" }),
  async create(ddl = "") {
    const directory = await mkdtemp(join(files, "sqlite-"));
    const filename = join(directory, "test.db");
    const remove = () => rm(directory, { recursive: true, force: true });
    return filled(
      () => {
        const file = new Database(filename);
        try {
          file.exec(ddl);
        } finally {
          file.close();
        }
      },
      { client: "better-sqlite3", connection: { filename }, useNullAsDefault: true },
      `sqlite:${filename}`,
      remove,
    );
  },
};

const asPostgres: ServerWays = {
  config: (url) => ({ client: "pg", connection: url }),
  run: runOnPostgres,
  make: (name) => `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`,
  drop: (url, name) => runOnPostgres(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
};

export const postgres: TestDatabase<"postgres"> = {
  ...onServer("postgres", servers.postgres, asPostgres),
  can: abilities.postgres,
};
/** From the oldest that is supported to the one before the newest. */
export const olderPostgres: readonly TestDatabase<OlderPostgres>[] = olderMajors.map((major) => ({
  ...onServer(`postgres${major}`, servers[`postgres${major}`], asPostgres),
  can: abilities.postgres,
}));

const asMysql: ServerWays = {
  config: (url) => ({ client: "mysql2", connection: url }),
  run: runOnMysql,
  make: (name) => `CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`,
  drop: dropOnMysql,
};

export const mariadb: TestDatabase<"mariadb"> = {
  ...onServer("mariadb", servers.mariadb, asMysql),
  can: abilities.mariadb,
};
export const mysql: TestDatabase<"mysql"> = { ...onServer("mysql", servers.mysql, asMysql), can: abilities.mysql };

export const databases: readonly TestDatabase[] = [sqlite, postgres, mariadb];
/** With MySQL itself, whose dialect shares most of its code with MariaDB's: for tests of what statements say. */
export const everyDatabase: readonly TestDatabase<DatabaseName | "mysql">[] = [...databases, mysql];

const givenMssql = process.env.SAPWOOD_TEST_MSSQL;
/** Where SAPWOOD_TEST_MSSQL names an administrator: mssql://sa:password@127.0.0.1:1433?encrypt=false. */
export const mssql = onServer(
  "mssql",
  givenMssql ? { ask: givenMssql } : { skip: "no live SQL Server is named by SAPWOOD_TEST_MSSQL" },
  {
    config: (url) => dialectOfUrl(url).configure(url),
    run: runOnMssql,
    // A server's own collation mostly ignores the case.
    make: (name) => `CREATE DATABASE ${name} COLLATE Latin1_General_100_CS_AS_SC`,
    drop: (url, name) =>
      runOnMssql(url, `ALTER DATABASE ${name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE ${name}`),
  },
);

interface ServerWays {
  config(url: string): Knex.Config;
  /** Runs a text of one or several statements on a connection of its own. */
  run(url: string, sql: string): Promise<void>;
  make(name: string): string;
  drop(url: string, name: string): Promise<void>;
}

function onServer<Name extends ServerName>(name: Name, server: Server, ways: ServerWays): NamedDatabase<Name> {
  if ("skip" in server) {
    return { name, skip: server.skip, create: () => Promise.reject(new Error(server.skip)) };
  }
  return {
    name,
    async create(ddl = "") {
      const database = `sapwood_${randomBytes(6).toString("hex")}`;
      const administrator = await urlOf(server);
      const url = new URL(administrator);
      url.pathname = `/${database}`;
      await ways.run(administrator, ways.make(database));
      return filled(
        () => (ddl.trim() === "" ? undefined : ways.run(url.href, ddl)),
        ways.config(url.href),
        url.href,
        () => ways.drop(administrator, database),
      );
    },
  };
}

async function runOnPostgres(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function runOnMysql(url: string, sql: string): Promise<void> {
  const client = await mysql2.createConnection({ uri: url, multipleStatements: true });
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** DROP DATABASE waits for open transactions there: connections that a test left behind are ended first. */
async function dropOnMysql(url: string, name: string): Promise<void> {
  const client = await mysql2.createConnection(url);
  try {
    const [left] = await client.query<mysql2.RowDataPacket[]>(
      // With an alias: MySQL 8 answers in capitals without.
      "SELECT id AS id FROM information_schema.processlist WHERE db = ?",
      [name],
    );
    // One that ended by itself meanwhile answers with an error that says so.
    for (const { id } of left) await client.query(`KILL ${id}`).catch(() => undefined);
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
  } finally {
    await client.end();
  }
}

/** A batch each, as a view must stand alone in its own: whatever ends a line with a semicolon is a statement. */
export const batchesOf = (sql: string): string[] => sql.split(/;$/m).filter((text) => text.trim() !== "");

async function runOnMssql(url: string, sql: string): Promise<void> {
  const database = openDatabase(url);
  try {
    for (const batch of batchesOf(sql)) await unlessBusy(() => database.run(batch, []));
  } finally {
    await database.close();
  }
}

/** CREATE DATABASE copies `model`, of which one connection at a time has hold: error 1807 says to come again. */
async function unlessBusy<T>(work: () => Promise<T>, tries = 20): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as { number?: number }).number !== 1807 || tries === 0) throw error;
    await setTimeout(250);
    return unlessBusy(work, tries - 1);
  }
}

async function filled(
  fill: () => void | Promise<void>,
  config: Knex.Config,
  url: string,
  remove: () => Promise<void>,
): Promise<Created> {
  try {
    await fill();
  } catch (error) {
    await remove();
    throw error;
  }
  const connection = knex(config);
  const drop = async () => {
    await connection.destroy();
    await remove();
  };
  return { url, knex: connection, drop };
}
