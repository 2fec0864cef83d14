// A database's catalogue → the schema that the API shows: everything but what migration tools, and sapwood, keep for themselves.
import type { ReadOptions } from "../dialect/connection.js";
import { tablesOfRoutine } from "../schema/routine.js";
import type { Schema, Table } from "../schema/schema.js";
import { askOf, openDatabase } from "./database.js";
import type { GivenDb } from "./open-knex.js";
import { isOwnTable } from "./own-tables.js";
import type { OpenDatabase } from "./session.js";

/** Where the common migration tools write down what they did. */
const bookkeeping = new Set([
  "knex_migrations",
  "knex_migrations_lock",
  "schema_migrations",
  "ar_internal_metadata",
  "flyway_schema_history",
  "databasechangelog",
  "databasechangeloglock",
  "_prisma_migrations",
  "sequelizemeta",
  "typeorm_metadata",
  "__drizzle_migrations",
  "django_migrations",
  "alembic_version",
  "goose_db_version",
  "__efmigrationshistory",
  "kysely_migration",
  "kysely_migration_lock",
  "doctrine_migration_versions",
  "pgmigrations",
]);

/** Is it what migration tools, or sapwood, keep for themselves? */
export const isKeptAside = (name: string): boolean => bookkeeping.has(name.toLowerCase()) || isOwnTable(name);

/** Reads the schema of a database: what `makeRoutes` does first. Opens and closes a connection of its own unless a knex instance is given. */
export async function readSchema(db: GivenDb, options: ReadOptions = {}): Promise<Schema> {
  const database = openDatabase(db);
  try {
    return await readDatabaseSchema(database, options);
  } finally {
    await database.close();
  }
}

export async function readDatabaseSchema(database: OpenDatabase, options: ReadOptions): Promise<Schema> {
  const schema = await database.dialect.readSchema(askOf(database), options);
  const kept = schema.tables.filter(({ name }) => !isKeptAside(name));
  const ids = new Set(kept.map((table) => table.id));
  const { routines, ...rest } = schema;
  const called = routines?.filter((routine) => tablesOfRoutine(routine).every((id) => ids.has(id))) ?? [];
  return {
    ...rest,
    ...(called.length > 0 && { routines: called }),
    tables: kept.map(
      (table): Table => ({ ...table, foreignKeys: table.foreignKeys.filter((key) => ids.has(key.table)) }),
    ),
  };
}
