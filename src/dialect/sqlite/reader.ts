// A thread that reads: a connection of its own on the file. In: statements, one at a time. Out: what each answered.
import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import type { DatabaseResult } from "../connection.js";
import { isScan } from "./cost.js";
import { execute, forget } from "./statements.js";

export interface Asked {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Tell whether it scans. */
  readonly isNew: boolean;
  /** First drop the statements that were prepared so far. */
  readonly forget?: boolean;
}

export interface Answered {
  readonly milliseconds: number;
  readonly scans?: boolean;
  readonly result?: DatabaseResult;
  /** A message between threads keeps no error's own properties. */
  readonly error?: { readonly message: string; readonly code: unknown };
}

/** What to open, and what to run on it first. */
export interface Opening {
  readonly filename: string;
  readonly onConnect: readonly string[];
}

const { filename, onConnect } = workerData as Opening;
const database = new Database(filename, { readonly: true, fileMustExist: true });
for (const statement of onConnect) database.exec(statement);
// With a rollback journal a reader keeps the main thread from writing, which waits for it.
if (database.pragma("journal_mode", { simple: true }) !== "wal") throw new Error("the file has no write-ahead log");

parentPort?.on("message", async (asked: Asked) => parentPort?.postMessage(await answer(asked)));
parentPort?.postMessage("ready");

async function answer({ text, values, isNew, forget: drop }: Asked): Promise<Answered> {
  if (drop) forget(database);
  const start = performance.now();
  try {
    const result = await execute(database, text, values);
    const milliseconds = performance.now() - start;
    return { milliseconds, result, ...(isNew && { scans: isScan(text, stepsOf(text, values)) }) };
  } catch (error) {
    const { message, code } = error as Error & { readonly code?: unknown };
    return { milliseconds: performance.now() - start, error: { message, code } };
  }
}

const stepsOf = (text: string, values: readonly unknown[]): string[] =>
  database
    .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`)
    .all(...values)
    .map(({ detail }) => detail);
