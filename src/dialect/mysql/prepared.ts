// Statements on MariaDB's connections, prepared by mysql2 and run by commands of our own.
import type { Connection as Client, PrepareStatementInfo } from "mysql2";
import type { DatabaseResult, Transactions } from "../connection.js";
import type { Dialect } from "../dialect.js";
import type { RowForm } from "../row-texts.js";
import { Statements } from "../statements.js";
import {
  execute as executeByDriver,
  executeUnprepared,
  forget as forgetByDriver,
  REMEMBERED,
  say as sayByDriver,
  written,
} from "./driver.js";
import { isCall } from "./result-sets.js";
import { isPreparing, isUnpreparable, pausePreparing } from "./unprepared.js";
import { type Connection, queryPacket, send } from "./wire/command.js";
import { fits } from "./wire/fits.js";
import { executePacket, type Parameter } from "./wire/parameters.js";

interface Connected {
  /** The server's numbers of statements. */
  readonly statements: Statements<number>;
  /** Neither asks nor answers in another encoding. */
  readonly utf8: boolean;
}

const connected = new WeakMap<object, Connected>();

export async function execute(
  connection: unknown,
  text: string,
  values: readonly unknown[],
  row?: RowForm,
  most?: number,
): Promise<DatabaseResult> {
  const client = connection as Client & Connection;
  if (!fits(client)) return executeByDriver(client, text, values, row, most);
  const { statements, utf8 } = connected.get(client) ?? (await connect(client));
  // The columns of a CALL's results are told by mysql2.
  if (!utf8 || !statements.takes(text) || isCall(text)) return executeByDriver(client, text, values, row, most);
  const known = statements.get(text);
  if (known === undefined) return executeNew(client, statements, text, values, most);
  try {
    return await run(client, known, text, values, most);
  } catch (error) {
    if (!isUnknown(error)) throw error;
    client.unprepare(text);
    statements.forget(text);
    return executeNew(client, statements, text, values, most);
  }
}

/** `Dialect.executeReading`: the variable is the statement's, which is a transaction by itself (https://mariadb.com/kb/en/set-statement/). */
export const executeReading: Dialect["execute"] = (connection, text, ...asked) =>
  execute(connection, `SET STATEMENT tx_read_only = 1 FOR ${text}`, ...asked);

async function executeNew(
  client: Client & Connection,
  statements: Statements<number>,
  text: string,
  values: readonly unknown[],
  most?: number,
): Promise<DatabaseResult> {
  if (!isPreparing(client)) return executeUnprepared(client, text, values, most);
  let statement: number;
  try {
    statement = await prepare(client, statements, text);
  } catch (error) {
    if (!isUnpreparable(error)) throw error;
    pausePreparing(client);
    return executeUnprepared(client, text, values, most);
  }
  return run(client, statement, text, values, most);
}

/** ER_UNKNOWN_STMT_HANDLER: the session was reset, or mysql2 was told to keep few. Nothing has been done. */
const isUnknown = (error: unknown): boolean => (error as { errno?: unknown }).errno === 1243;

async function connect(client: Client & Connection): Promise<Connected> {
  const asked = "SELECT @@character_set_client, @@character_set_results";
  const { rows } = await executeByDriver(client, asked, []);
  const utf8 = rows.every((row) => row.every((name) => /^utf8mb[34]$/.test(String(name))));
  const state = { statements: new Statements<number>(REMEMBERED), utf8: utf8 && client.clientEncoding === "utf8" };
  connected.set(client, state);
  return state;
}

async function prepare(client: Client, statements: Statements<number>, text: string): Promise<number> {
  const { id } = await new Promise<PrepareStatementInfo & { readonly id: number }>((resolve, reject) => {
    client.prepare(text, (error, statement) => (error ? reject(error) : resolve(statement as never)));
  });
  for (const dropped of statements.add(text, id)) client.unprepare(dropped.text);
  return id;
}

async function run(
  client: Connection,
  statement: number,
  text: string,
  values: readonly unknown[],
  most?: number,
): Promise<DatabaseResult> {
  const packet = executePacket(statement, values as readonly Parameter[]);
  if (packet === undefined) return executeByDriver(client, text, values, undefined, most);
  const answer = await send(client, packet, most);
  return "rows" in answer ? { rows: answer.rows, affected: answer.rows.length } : written(answer, text);
}

/** `Dialect.forget`. */
export function forget(connection: unknown): void {
  const client = connection as Client;
  for (const { text } of connected.get(client)?.statements.clear() ?? []) client.unprepare(text);
  forgetByDriver(client);
}

const say = (text: string) => {
  const packet = queryPacket(text);
  return (connection: unknown): Promise<unknown> =>
    fits(connection as Client) ? send(connection as Connection, packet) : sayByDriver(connection, text);
};

const [begin, beginReading, commit, rollback] = [
  "START TRANSACTION",
  "START TRANSACTION READ ONLY",
  "COMMIT",
  "ROLLBACK",
].map(say) as [ReturnType<typeof say>, ReturnType<typeof say>, ReturnType<typeof say>, ReturnType<typeof say>];

/** `Dialect.transactions`. */
export const transactions: Transactions = {
  begin: (connection, readOnly) => (readOnly ? beginReading(connection) : begin(connection)),
  commit,
  rollback,
};
