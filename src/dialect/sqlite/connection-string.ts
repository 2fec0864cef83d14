// A connection string of SQLite → what knex is given, and what each connection is set to.
import { existsSync } from "node:fs";
import type Database from "better-sqlite3";
import type { Dialect } from "../dialect.js";
import { connect } from "./statements.js";

export const fileOf = (connectionString: string): string | undefined =>
  /^sqlite:(?:\/\/)?(.+)$/s.exec(connectionString)?.[1];

/** `Dialect.configure`. Throws an `Error` of one line. */
export function configure(connectionString: string): ReturnType<Dialect["configure"]> {
  const filename = fileOf(connectionString);
  if (!filename)
    throw new Error("A SQLite connection string names a file (sqlite:path.db) or memory (sqlite::memory:).");
  // knex cannot pass better-sqlite3's fileMustExist on, and a mistyped name must not become an empty database.
  if (filename !== ":memory:" && !existsSync(filename)) throw new Error(`no such file: ${filename}`);
  return {
    client: "better-sqlite3",
    connection: { filename },
    useNullAsDefault: true,
    // One connection: a second writer would wait for the first inside SQLite, with the event loop stopped.
    pool: { min: 1, max: 1, afterCreate: prepared(useWriteAheadLog) },
  };
}

type AfterCreate = (connection: Database.Database, done: (error?: Error) => void) => void;

/** `hasLog` answers whether the file has a write-ahead log. */
export const prepared =
  (hasLog: (connection: Database.Database) => boolean): AfterCreate =>
  (connection, done) => {
    try {
      connect(connection);
      connection.pragma("foreign_keys = ON");
      connection.pragma("busy_timeout = 1000");
      // The event loop would stand still meanwhile. With a log only who writes waits, by a timer (`Transactions.isLocked`).
      if (hasLog(connection)) connection.pragma("busy_timeout = 0");
      done();
    } catch (error) {
      done(error as Error);
    }
  };

export const hasWriteAheadLog = (connection: Database.Database): boolean =>
  connection.pragma("journal_mode", { simple: true }) === "wal";

/** Answers whether it has one. */
function useWriteAheadLog(connection: Database.Database): boolean {
  try {
    return connection.pragma("journal_mode = WAL", { simple: true }) === "wal";
  } catch (error) {
    // A file that cannot be written, or that someone else is writing, can still be read.
    if (!/^SQLITE_(READONLY|BUSY|LOCKED|CANTOPEN)/.test(String((error as { code?: unknown }).code))) throw error;
    return false;
  }
}
