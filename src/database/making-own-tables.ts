// The columns of the tables that sapwood keeps for itself: who may sign in, who has, who tried,
// which keys there are, what was answered to requests that may be sent again, and which messages are to be delivered.
import type { Knex } from "knex";
import { ConfigError } from "../base/config-error.js";
import type { OwnTable } from "./own-tables.js";
import type { OpenDatabase } from "./session.js";

type Column = (table: Knex.CreateTableBuilder, name: string) => Knex.ColumnBuilder;

const many: Column = (table, name) => table.bigIncrements(name);
const number: Column = (table, name) => table.increments(name);
const text: Column = (table, name) => table.string(name, 200).notNullable();
const json: Column = (table, name) => table.text(name).notNullable();
/** Of any length: `TEXT` of MySQL ends at 64 KB. */
const long: Column = (table, name) => table.text(name, "longtext").notNullable();
const whole: Column = (table, name) => table.integer(name).notNullable();
/** SHA-256 in hexadecimal: the same letters on every database, whatever its collation. */
const hash: Column = (table, name) => table.string(name, 64).notNullable();
/** Milliseconds since 1970, UTC, whatever the database's time zone. */
const time: Column = (table, name) => table.bigInteger(name).notNullable();
const orNull =
  (column: Column): Column =>
  (table, name) =>
    column(table, name).nullable();
const unique =
  (column: Column): Column =>
  (table, name) =>
    column(table, name).unique();
const indexed =
  (column: Column): Column =>
  (table, name) =>
    column(table, name).index();

const tables = {
  sapwood_users: {
    id: number,
    username: text,
    // Collations differ in which names are the same: the name is looked up by its hash.
    username_key: unique(hash),
    password: text,
    role: text,
    claims: json,
    disabled: whole,
    // Each token holds the number that it was made under: another number ends them all.
    sessions: whole,
    created_at: time,
  },
  sapwood_tokens: {
    token_hash: unique(hash),
    // Either an account's, or the name and the rights that a directory gave.
    user_id: orNull(whole),
    sessions: orNull(whole),
    username: orNull(text),
    role: orNull(text),
    claims: orNull(json),
    expires_at: indexed(time),
  },
  sapwood_attempts: { attempt_key: unique(hash), failures: whole, until_at: indexed(time) },
  sapwood_keys: {
    id: number,
    name: text,
    key_hash: unique(hash),
    role: text,
    claims: json,
    created_at: time,
    expires_at: orNull(time),
  },
  sapwood_answers: {
    // Of the caller and its `Idempotency-Key`.
    key_hash: unique(hash),
    // Of the request that it came with.
    request_hash: hash,
    answer: long,
    expires_at: indexed(time),
  },
  sapwood_outbox: {
    id: many,
    message_id: unique(text),
    // Where it goes.
    queue: indexed(text),
    // Messages of one subject go in their order: a hash.
    subject: indexed(hash),
    message: long,
    attempts: whole,
    due_at: time,
    // Not tried any more.
    dead: whole,
    error: orNull(text),
    created_at: time,
  },
  // One process at a time delivers what is in a queue.
  sapwood_lanes: { queue_hash: unique(hash), holder: orNull(hash), held_until: time },
} as const satisfies Record<OwnTable, Readonly<Record<string, Column>>>;

/** What signing in by name and password needs, by an account or by a directory. */
export const signInTables: readonly OwnTable[] = ["sapwood_users", "sapwood_tokens", "sapwood_attempts"];
export const keyTables: readonly OwnTable[] = ["sapwood_keys"];
export const outboxTables: readonly OwnTable[] = ["sapwood_outbox", "sapwood_lanes"];
export const answerTables: readonly OwnTable[] = ["sapwood_answers"];

/** The statements that make a table. */
export const makingOf = (knex: Knex, name: OwnTable): Knex.SchemaBuilder =>
  knex.schema.createTable(name, (table) => {
    for (const [column, make] of Object.entries(tables[name])) make(table, column);
  });

/**
 * Makes the tables that are not there, where `create` says so; answers their names. Throws a `ConfigError` of `place` where they
 * are missing otherwise, or others have their names.
 */
export async function ensureTables(
  database: OpenDatabase,
  names: readonly OwnTable[],
  create: boolean,
  place: string,
): Promise<readonly OwnTable[]> {
  const lacking = await lackingOf(database, names);
  if (lacking.length > 0 && !create)
    throw new ConfigError(
      place,
      `the database has no ${lacking.join(", ")}, which sapwood keeps for this. With create: true it makes them.`,
    );
  for (const name of lacking) await make(database, name, place);
  return lacking;
}

/** Those that are not there. */
export async function lackingOf(database: OpenDatabase, names: readonly OwnTable[]): Promise<readonly OwnTable[]> {
  const lacking: OwnTable[] = [];
  for (const name of names) if (!(await isThere(database, name))) lacking.push(name);
  return lacking;
}

async function make(database: OpenDatabase, name: OwnTable, place: string): Promise<void> {
  try {
    await makingOf(database.knex, name);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (await isThere(database, name)) return;
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(place, `the table ${name} cannot be made, or has other columns than sapwood's: ${why}`);
  }
}

/** Is it there, with all its columns? */
async function isThere({ run, dialect }: OpenDatabase, name: OwnTable): Promise<boolean> {
  const columns = Object.keys(tables[name]).map((column) => dialect.quote(column));
  try {
    await run(`SELECT ${columns.join(", ")} FROM ${dialect.quote(name)} WHERE 1 = 0`, []);
    return true;
  } catch (error) {
    if (dialect.refusal(error)?.code === "schema_changed") return false;
    throw error;
  }
}
