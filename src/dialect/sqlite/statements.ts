// Statements on one of SQLite's connections, be it the main thread's or a reader's: prepared, remembered, and with the functions
// that SQLite lacks.
import type Database from "better-sqlite3";
import { type DatabaseResult, lengthOf, TooLarge, type Transactions } from "../connection.js";
import type { RowForm } from "../row-texts.js";
import { Statements } from "../statements.js";
import { exactQuotient, exactSum, exactWhole } from "./decimal.js";
import { plus, plusFloat } from "./increment.js";
import { MATCH, matches } from "./match.js";
import { momentOf, numberOf } from "./moment.js";
import { type StatementReach, statementReach } from "./reach.js";
import { defineTelling } from "./tell.js";

/** What decimal.ts adds to SQLite, and the type of what comes out: a decimal as text, with all its digits. */
export const EXACT = "sapwood_exact";
/** What moment.ts adds. */
export const MOMENT = "sapwood_moment";
/** Base64 in a text → its bytes. */
export const BYTES = "sapwood_bytes";
/** What increment.ts adds. */
export const PLUS = "sapwood_plus";

interface Prepared {
  readonly statement: Database.Statement<unknown[], unknown>;
  readonly reader: boolean;
  reach?: StatementReach;
}

interface Connected {
  readonly statements: Statements<Prepared>;
  readonly version: Database.Statement<unknown[], unknown>;
}

const connected = new WeakMap<Database.Database, Connected>();

/** `Dialect.execute`. */
export async function execute(
  connection: unknown,
  text: string,
  values: readonly unknown[],
  _row?: RowForm,
  most?: number,
): Promise<DatabaseResult> {
  const prepared = prepare(connection as Database.Database, text);
  try {
    return runPrepared(prepared, values, most);
  } catch (error) {
    if (error instanceof Error && codeOf(error) === "SQLITE_ERROR") Object.assign(error, { code: STEP_FAILED });
    throw error;
  }
}

/** SQLITE_ERROR of a statement that parses: what it calls has failed. SQLite itself does not tell the two apart. */
export const STEP_FAILED = "SQLITE_ERROR_STEP";

function runPrepared(
  { statement, reader }: Prepared,
  values: readonly unknown[],
  most: number | undefined,
): DatabaseResult {
  if (!reader) {
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], affected: changes, insertId: String(lastInsertRowid) };
  }
  const rows = most === undefined ? (statement.all(...values) as unknown[][]) : rowsWithin(most, statement, values);
  for (const row of rows) {
    for (let index = 0; index < row.length; index++) {
      if (typeof row[index] === "bigint") row[index] = String(row[index]);
    }
  }
  return { rows, affected: rows.length };
}

/** The statement ends where the loop does. */
function rowsWithin(most: number, statement: Prepared["statement"], values: readonly unknown[]): unknown[][] {
  const rows: unknown[][] = [];
  let left = most;
  for (const row of statement.iterate(...values) as IterableIterator<unknown[]>) {
    left -= lengthOf(row);
    if (left < 0) throw new TooLarge();
    rows.push(row);
  }
  return rows;
}

/** How many rows a writing statement may go through: remembered with it. */
export function knownReach(connection: unknown, text: string, values: readonly unknown[]): StatementReach {
  const database = connection as Database.Database;
  const prepared = prepare(database, text);
  prepared.reach ??= statementReach(database, text, values);
  return prepared.reach;
}

/** What SQLite would do for a statement (https://sqlite.org/eqp.html). */
export function stepsOf(database: Database.Database, text: string, values: readonly unknown[]): string[] {
  connect(database);
  const steps = database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`).all(...values);
  return steps.map(({ detail }) => detail);
}

/** `Dialect.transactions`. */
export const transactions: Transactions = {
  begin: (connection, _readOnly, reads) => (reads ? execute(connection, "BEGIN", []) : beginWriting(connection)),
  commit: (connection) => execute(connection, "COMMIT", []),
  // After a failed commit «the transaction remains open»: https://sqlite.org/foreignkeys.html#fk_deferred, and SQLITE_BUSY in
  // lang_transaction.html. Other errors end it.
  rollback: async (connection) => {
    const { open, inTransaction } = connection as Database.Database;
    if (open && inTransaction) await execute(connection, "ROLLBACK", []);
  },
  unchecked,
  isLocked: (error) => /^SQLITE_BUSY/.test(codeOf(error)),
};

/** In a transaction the pragma does nothing (https://sqlite.org/pragma.html#pragma_foreign_keys). */
async function unchecked<T>(connection: unknown, work: () => Promise<T>): Promise<T> {
  const database = connection as Database.Database;
  const setting = (name: string) => Number(database.pragma(name, { simple: true }));
  const [checks, legacy] = [setting("foreign_keys"), setting("legacy_alter_table")];
  try {
    database.pragma("foreign_keys = OFF");
    if (setting("foreign_keys") === 1) throw new Error("The tables are changed in no transaction of one's own.");
    return await work();
  } finally {
    if (database.open) {
      database.pragma(`foreign_keys = ${checks}`);
      database.pragma(`legacy_alter_table = ${legacy}`);
    }
  }
}

/** With the lock from the beginning: later it could not be waited for without the transaction's connection. */
async function beginWriting(connection: unknown): Promise<unknown> {
  try {
    return await execute(connection, "BEGIN IMMEDIATE", []);
  } catch (error) {
    // Of a file that can only be read there is no such lock.
    if (!/^SQLITE_READONLY/.test(codeOf(error))) throw error;
    return execute(connection, "BEGIN", []);
  }
}

const codeOf = (error: unknown): string => String((error as { readonly code?: unknown }).code);

/** `Dialect.forget`. */
export function forget(connection: unknown): void {
  connected.get(connection as Database.Database)?.statements.clear();
}

/**
 * `Dialect.schemaVersion`. Inside a transaction it would begin to read, and then could not write any more once another
 * connection has (SQLITE_BUSY_SNAPSHOT).
 */
export function schemaVersion(connection: unknown): string | undefined {
  const database = connection as Database.Database;
  const state = connected.get(database);
  return state === undefined || !database.open || database.inTransaction ? undefined : String(state.version.get());
}

function prepare(database: Database.Database, text: string): Prepared {
  const { statements } = connect(database);
  const known = statements.get(text);
  if (known) return known;
  const statement = database.prepare<unknown[], unknown>(text);
  // 64-bit integers come as bigint: a number would round them.
  const prepared: Prepared = { statement: statement.safeIntegers(true), reader: statement.reader };
  if (prepared.reader) statement.raw(true);
  if (statements.takes(text)) statements.add(text, prepared);
  return prepared;
}

/** Defines what statements, views and triggers call on a connection. */
export function connect(database: Database.Database): Connected {
  let state = connected.get(database);
  if (!state) {
    database.function("sapwood_base64", { deterministic: true }, (value) =>
      Buffer.isBuffer(value) ? value.toString("base64") : value,
    );
    database.function(BYTES, { deterministic: true }, (value) => Buffer.from(String(value), "base64"));
    // An integer that is no moment keeps all its digits.
    database.function(MOMENT, { deterministic: true, safeIntegers: true }, (value) => momentOf(value));
    database.function(`${MOMENT}_of`, { deterministic: true, safeIntegers: true }, momentOf);
    database.function(`${MOMENT}_number`, { deterministic: true }, numberOf);
    database.function("sapwood_digits", { deterministic: true }, String);
    // Its own LIKE and lower() know the case of ASCII only.
    database.function("sapwood_lower", { deterministic: true }, lower);
    database.aggregate(`${EXACT}_sum`, exactSum);
    database.function(`${EXACT}_whole`, { deterministic: true, safeIntegers: true }, exactWhole);
    database.function(`${EXACT}_quotient`, { deterministic: true }, exactQuotient);
    database.function(MATCH, { deterministic: true, varargs: false }, matches);
    database.function(PLUS, { deterministic: true, safeIntegers: true }, plus);
    database.function(`${PLUS}_float`, { deterministic: true }, plusFloat);
    defineTelling(database);
    const version = database.prepare("PRAGMA schema_version").pluck();
    state = { statements: new Statements(500), version };
    connected.set(database, state);
  }
  return state;
}

/** The sigma at a word's end is the same letter. */
const lower = (text: string | null): string | null => (text === null ? null : text.toLowerCase().replaceAll("ς", "σ"));
