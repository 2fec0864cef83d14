// A test's own TDS servers and connections: opened by it, closed behind it.
import { afterEach } from "vitest";
import { openDatabase } from "../../../src/database/database.js";
import type { OpenDatabase } from "../../../src/database/session.js";
import type { DatabaseRefusal } from "../../../src/dialect/connection.js";
import { mssql } from "../../../src/dialect/mssql/mssql.js";
import { type Heard, type Responder, startTds, type TdsServer } from "./server.js";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** What is to be closed when the test has ended, the last first. */
export const closing = (close: () => Promise<void>): void => void open.push(close);

export async function serve(respond: Responder): Promise<TdsServer> {
  const server = await startTds(respond);
  closing(server.close);
  return server;
}

export function connect(url: string): OpenDatabase {
  const database = openDatabase(url);
  closing(database.close);
  return database;
}

/** What the dialect makes of the error that ends the work. */
export async function refused(work: Promise<unknown>): Promise<DatabaseRefusal | undefined> {
  const error = await work.then(
    () => new Error("nothing was refused"),
    (error: unknown) => error,
  );
  return mssql.refusal(error);
}

export const texts = (heard: readonly Heard[]): string[] =>
  heard.map((one) => (one.kind === "sql" ? one.text : one.kind));
