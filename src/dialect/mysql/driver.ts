// mysql2: connections, prepared statements that each of them remembers, and what it says of rows that were written.
import type { Connection } from "mysql2";
import type { DatabaseResult, Transactions } from "../connection.js";
import type { Dialect } from "../dialect.js";
import { afterConnect } from "../prepare.js";
import type { RowForm } from "../row-texts.js";
import { Statements } from "../statements.js";
import { isCall, resultSets } from "./result-sets.js";
import { type Begin, rowByRow } from "./row-by-row.js";
import { isPreparing, isUnpreparable, pausePreparing, unprepared } from "./unprepared.js";
import { plainValue } from "./wire-column.js";

/** What `ignoreConflict` makes the insert id: mysql2 counts found rows, so a skipped row would look like an inserted one. */
export const skipped = "9223372036854775807";

/** How long a server may take to let a connection in, in milliseconds: a request that waits for one has time for a second try. */
const CONNECTING = 5_000;

export function configure(connectionString: string): ReturnType<Dialect["configure"]> {
  if (!/^(mysql|mariadb):\/\//i.test(connectionString) || !URL.canParse(connectionString)) {
    throw new Error("A MySQL connection string looks like mysql://user:password@host:3306/database.");
  }
  const url = new URL(connectionString);
  // MySQL's programs know the password's first name (manual: "Environment Variables"), Docker's image of it the others.
  const { MYSQL_USER, MYSQL_PWD, MYSQL_PASSWORD, MYSQL_DATABASE } = process.env;
  const user = decoded(url.username) || MYSQL_USER;
  const password = decoded(url.password) || MYSQL_PWD || MYSQL_PASSWORD;
  const database = decoded(url.pathname.slice(1)) || MYSQL_DATABASE;
  if (!database)
    throw new Error(
      "A MySQL connection string ends in the database's name: mysql://user@host:3306/database. MYSQL_DATABASE can name it too.",
    );
  return {
    client: "mysql2",
    connection: {
      connectTimeout: CONNECTING,
      ...Object.fromEntries([...url.searchParams].map(([name, value]) => [name, setting(value)])),
      host: url.hostname.replace(/^\[(.*)\]$/, "$1") || "localhost",
      ...(url.port ? { port: Number(url.port) } : {}),
      ...(user ? { user } : {}),
      ...(password ? { password } : {}),
      database,
      charset: "utf8mb4",
    },
  };
}

export const say: Dialect["say"] = (connection, statement) =>
  new Promise((resolve, reject) => {
    (connection as Connection).query(statement, (error) => (error ? reject(error) : resolve()));
  });

/** `Dialect.transactions`. MySQL prepares no BEGIN (manual: sql-prepared-statements). */
export const transactions: Transactions = {
  begin: (connection, readOnly) => say(connection, `START TRANSACTION${readOnly ? " READ ONLY" : ""}`),
  commit: (connection) => say(connection, "COMMIT"),
  rollback: (connection) => say(connection, "ROLLBACK"),
};

/** Of the two comments MariaDB runs the first, MySQL the second, where only SELECT has a limit. */
function timeLimit(milliseconds: number, yields: boolean): string {
  const value = (name: string, limit: number) =>
    yields ? `IF(@@SESSION.${name} = 0, ${limit}, @@SESSION.${name})` : String(limit);
  const seconds = value("max_statement_time", milliseconds / 1000);
  // Of a signed and an unsigned number IF makes a decimal, which is no variable's type there.
  const time = `CAST(${value("max_execution_time", milliseconds)} AS UNSIGNED)`;
  return `SET @sapwood = NULL /*M!100101 , SESSION max_statement_time = ${seconds} */ /*!50708 , SESSION max_execution_time = ${time} */`;
}

export const restrict: Dialect["restrict"] = (config, { readOnly, statementTimeout, yields = false }) =>
  afterConnect(config, async (connection) => {
    if (readOnly) await say(connection, "SET SESSION TRANSACTION READ ONLY");
    if (statementTimeout !== undefined) await say(connection, timeLimit(statementTimeout, yields));
  });

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Error('A MySQL connection string writes a "%" in names and passwords as "%25".');
  }
}

/** `?ssl={"rejectUnauthorized":false}`, `?connectTimeout=5000`: JSON where it is JSON. */
function setting(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** By one connection: the server holds 16,382 for all of them (max_prepared_stmt_count). */
export const REMEMBERED = 250;
const connected = new WeakMap<object, Statements<true>>();

export async function execute(
  connection: unknown,
  text: string,
  values: readonly unknown[],
  _row?: RowForm,
  most?: number,
): Promise<DatabaseResult> {
  const client = connection as Connection;
  if (!isPreparing(client)) return executeUnprepared(client, text, values, most);
  try {
    return await executePrepared(client, text, values, most);
  } catch (error) {
    if (!isUnpreparable(error)) throw error;
    pausePreparing(client);
    return executeUnprepared(client, text, values, most);
  }
}

function executePrepared(
  client: Connection,
  text: string,
  values: readonly unknown[],
  most?: number,
): Promise<DatabaseResult> {
  let statements = connected.get(client);
  if (!statements) {
    statements = new Statements(REMEMBERED);
    connected.set(client, statements);
  }
  const forget = (text: string) => client.unprepare(request(text, []) as never);
  const kept = statements.takes(text);
  if (kept && !statements.get(text)) for (const dropped of statements.add(text, true)) forget(dropped.text);
  const asked = request(text, values.map(integral)) as never;
  const answer = answerOf(client, (done) => client.execute(asked, done), text, most);
  return kept ? answer : answer.finally(() => forget(text));
}

/** Where the server prepares no more. */
export async function executeUnprepared(
  client: Connection,
  text: string,
  values: readonly unknown[],
  most?: number,
): Promise<DatabaseResult> {
  const asked = request(unprepared(text, values), []) as never;
  return answerOf(client, (done) => client.query(asked, done), text, most);
}

function answerOf(client: Connection, begin: Begin, text: string, most?: number): Promise<DatabaseResult> {
  if (isCall(text)) return resultSets(client, begin, most);
  return most === undefined ? whole(begin, text) : rowByRow(client, begin, most);
}

const whole = (begin: Begin, text: string): Promise<DatabaseResult> =>
  new Promise((resolve, reject) => {
    begin((error, all, fields) => {
      const result = hasSeveral(fields) ? (all as unknown[])[0] : all;
      if (error) reject(error);
      else if (!Array.isArray(result)) resolve(written(result, text));
      else resolve({ rows: result as unknown[][], affected: result.length });
    });
  });

/** A CALL behind a comment answers with several results, of which the first is taken: then there are the columns of each. */
const hasSeveral = (fields: readonly unknown[] | undefined): boolean =>
  fields !== undefined && fields.length > 0 && (fields[0] === undefined || Array.isArray(fields[0]));

/** `Dialect.forget`. */
export function forget(connection: unknown): void {
  const client = connection as Connection;
  for (const { text } of connected.get(client)?.clear() ?? []) client.unprepare(request(text, []) as never);
}

const request = (sql: string, values: unknown[]) => ({
  sql,
  values,
  rowsAsArray: true,
  supportBigNumbers: true,
  bigNumberStrings: true,
  dateStrings: true,
  ...(isCall(sql) && { typeCast: plainValue }),
});

/** mysql2 sends a number as DOUBLE, which LIMIT does not take in MySQL 8. */
const integral = (value: unknown): unknown =>
  Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value as number) : value;

interface Header {
  readonly affectedRows?: number | string;
  readonly insertId?: number | string;
  /**
   * `Records: 3  Duplicates: 1  Warnings: 0` after INSERTs of several rows, `Rows matched: 1  Changed: 0  Warnings: 0` after
   * UPDATEs; in the server's language.
   */
  readonly info?: string;
}

export function written(result: unknown, text: string): DatabaseResult {
  const { affectedRows = 0, insertId = 0, info = "" } = result as Header;
  const [records = 0, duplicates = 0] = info.match(/\d+/g)?.map(Number) ?? [];
  if (String(insertId) === skipped) return { rows: [], affected: records - duplicates };
  // A connection that was opened without the flag FOUND_ROWS counts only what has another value now.
  const affected = info !== "" && text.startsWith("UPDATE") ? records : Number(affectedRows);
  return { rows: [], affected, ...(Number(insertId) === 0 ? {} : { insertId: String(insertId) }) };
}
