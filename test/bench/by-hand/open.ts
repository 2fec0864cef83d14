// knex as a careful developer opens it for these routes: numbers come as numbers, SQLite checks foreign keys.
import type { Database } from "better-sqlite3";
import knex, { type Knex } from "knex";
import pg from "pg";
import { type DatabaseName, POOL } from "../candidate.js";

export const open = (database: DatabaseName, url: string): Knex => opening[database](url);

const opening: Readonly<Record<DatabaseName, (url: string) => Knex>> = {
  sqlite: (url) =>
    knex({
      client: "better-sqlite3",
      connection: { filename: url.replace("sqlite:", "") },
      useNullAsDefault: true,
      pool: {
        afterCreate(connection: Database, done: () => void) {
          connection.pragma("foreign_keys = ON");
          done();
        },
      },
    }),
  postgres(url) {
    pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);
    return knex({ client: "pg", connection: url, pool: { min: 2, max: POOL } });
  },
  mariadb: openMysql,
  mysql: openMysql,
};

function openMysql(url: string): Knex {
  return knex({ client: "mysql2", connection: withDecimals(url), pool: { min: 2, max: POOL } });
}

function withDecimals(url: string): string {
  const connection = new URL(url);
  connection.searchParams.set("decimalNumbers", "true");
  return connection.href;
}
