// A process with a connection of its own on the file, that reads, or writes. In: what to open, then statements, one at a time.
// Out: what each answered.
import Database from "better-sqlite3";
import type { DatabaseResult } from "../connection.js";
import { isScan } from "./cost.js";
import { connect, execute, forget, stepsOf } from "./statements.js";

export interface AskedReader {
  readonly text: string;
  readonly values: readonly unknown[];
  /** As `Dialect.execute` has it. */
  readonly most?: number | undefined;
  /** Tell whether it scans. */
  readonly isNew: boolean;
  /** First drop the statements that were prepared so far. */
  readonly forget?: boolean;
}

export interface ReaderAnswer {
  readonly milliseconds: number;
  readonly scans?: boolean;
  readonly result?: DatabaseResult;
  /** A message between processes keeps no error's own properties. */
  readonly error?: { readonly message: string; readonly code: unknown };
}

/** What to open, and what to run on it first. */
export interface Opening {
  readonly filename: string;
  readonly onConnect: readonly string[];
  readonly writes?: boolean;
}

process.on("disconnect", () => process.exit());
// A terminal tells all of its processes: the one that asks ends this one, when it has its answers.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

process.once("message", (opening: Opening) => {
  const database = open(opening);
  process.on("message", async (asked: AskedReader) => process.send?.(await answer(database, asked)));
  process.send?.("ready");
});

function open({ filename, onConnect, writes = false }: Opening): Database.Database {
  const database = new Database(filename, { readonly: !writes, fileMustExist: true });
  connect(database);
  if (writes) {
    database.pragma("foreign_keys = ON");
    // As long as on the main thread, where one waits by a timer.
    database.pragma("busy_timeout = 1000");
  }
  for (const statement of onConnect) database.exec(statement);
  // With a rollback journal a reader keeps the main thread from writing, which waits for it.
  if (database.pragma("journal_mode", { simple: true }) !== "wal") throw new Error("the file has no write-ahead log");
  return database;
}

async function answer(database: Database.Database, asked: AskedReader): Promise<ReaderAnswer> {
  const { text, values, most, isNew, forget: drop } = asked;
  if (drop) forget(database);
  const start = performance.now();
  try {
    // The database may have rolled back by itself.
    if (text === "ROLLBACK" && !database.inTransaction) return { milliseconds: 0, result: { rows: [], affected: 0 } };
    const result = await execute(database, text, values, undefined, most);
    const milliseconds = performance.now() - start;
    return { milliseconds, result, ...(isNew && { scans: isScan(text, stepsOf(database, text, values)) }) };
  } catch (error) {
    const { message, code } = error as Error & { readonly code?: unknown };
    return { milliseconds: performance.now() - start, error: { message, code } };
  }
}
