// pg: connections, and named statements that each of them remembers; every value comes as the text that the server sent.
import { createHash } from "node:crypto";
import type { Client } from "pg";
import type { ConnectionRules, DatabaseResult } from "../connection.js";
import type { Dialect } from "../dialect.js";
import { afterConnect } from "../prepare.js";
import type { RowForm } from "../row-texts.js";
import { Statements } from "../statements.js";
import type { Statement } from "./answer.js";
import { type LentSettings, setLocally } from "./lent-settings.js";
import { askPlainly } from "./plain.js";
import { saySetting, sessionOf } from "./session.js";
import { reading, rolledBack } from "./transactions.js";
import { fits } from "./wire/fits.js";
import { ask, type Connection, prepared } from "./wire/query.js";

/** How long a server may take to let a connection in, in milliseconds: a request that waits for one has time for a second try. */
const CONNECTING = 5_000;

export function configure(connectionString: string): ReturnType<Dialect["configure"]> {
  if (!/^postgres(ql)?:\/\//i.test(connectionString) || !URL.canParse(connectionString)) {
    throw new Error("A PostgreSQL connection string looks like postgres://user:password@host:5432/database.");
  }
  if (/%(?![\da-f]{2})/i.test(connectionString)) {
    throw new Error('A PostgreSQL connection string writes a "%" in names and passwords as "%25".');
  }
  return {
    client: "pg",
    connection: { connectionString, connectionTimeoutMillis: CONNECTING },
    pool: {
      // Not as a startup parameter: pgbouncer refuses those.
      afterCreate(connection: Client, done: (error: Error | null) => void) {
        setForms(connection).then(() => done(null), done);
      },
    },
  };
}

/** How values are written as text, which a role or a database may have said otherwise. Of DateStyle only how dates are shown. */
const forms = [
  ["TimeZone", "UTC"],
  ["DateStyle", "ISO"],
  ["IntervalStyle", "postgres"],
  ["bytea_output", "hex"],
  ["extra_float_digits", "1"],
] as const;

async function setForms(connection: Client): Promise<void> {
  const { lent } = await sessionOf(connection);
  if (lent === undefined) {
    await connection.query(forms.map(([name, value]) => `SET ${name} = '${value}'`).join("; "));
    return;
  }
  for (const [name, value] of forms)
    lent.add(`CASE WHEN current_setting('${name}') <> '${value}' THEN ${setLocally(name, value)} END`);
}

export const say: Dialect["say"] = saySetting;

const setTimeLimit = (milliseconds: number) => `SET statement_timeout = ${milliseconds}`;
/** A role, a database or the connection string may have said another. */
const unlessSet = (milliseconds: number) =>
  `SELECT set_config('statement_timeout', '${milliseconds}', false) WHERE current_setting('statement_timeout') = '0'`;

export const restrict: Dialect["restrict"] = (config, rules) => {
  const { readOnly, statementTimeout, yields } = rules;
  const settings = [
    ...(readOnly ? ["SET default_transaction_read_only = on"] : []),
    ...(statementTimeout === undefined ? [] : [yields ? unlessSet(statementTimeout) : setTimeLimit(statementTimeout)]),
  ];
  return afterConnect<Client>(config, async (connection) => {
    const { lent } = await sessionOf(connection);
    if (lent === undefined) await connection.query(settings.join("; "));
    else restrictEach(lent, rules);
  });
};

/** The same for each transaction. */
function restrictEach(lent: LentSettings, { readOnly, statementTimeout, yields }: ConnectionRules): void {
  if (readOnly) lent.add(setLocally("transaction_read_only", "on"));
  if (statementTimeout === undefined) return;
  const limit = setLocally("statement_timeout", String(statementTimeout));
  lent.add(yields ? `CASE current_setting('statement_timeout') WHEN '0' THEN ${limit} END` : limit);
}

interface Connected {
  readonly statements: Statements<string>;
  /**
   * Are statements kept under names? Not where they get lost, as a pooler gives each transaction another session, and not where pg
   * is another one than `wire/` stands on.
   */
  readonly named: boolean;
  /** Names that are to be closed, with the next statement. */
  readonly closing: string[];
}

type DriverClient = Client & {
  connection?: Partial<Connection>;
  getTransactionStatus?(): string | null;
};

const connected = new WeakMap<object, Connected>();

export const execute: Dialect["execute"] = (connection, text, values, row, most) =>
  run(connection as DriverClient, { text, values }, row, most);

/** `Dialect.executeReading`. */
export const executeReading: Dialect["execute"] = (connection, text, values, row, most) =>
  run(connection as DriverClient, { text, values, alone: true }, row, most);

async function run(
  client: DriverClient,
  asked: Omit<Statement, "name">,
  row?: RowForm,
  most?: number,
): Promise<DatabaseResult> {
  const state = connected.get(client) ?? (await connect(client));
  const name = state.statements.get(asked.text) ?? newName(client, state, asked.text);
  try {
    return await query(client, state, { ...asked, name }, row, most);
  } catch (error) {
    if (name === "" || !isLost(client, state, name, error)) throw error;
    if (client.getTransactionStatus?.() !== "I") throw error;
    return query(client, state, { ...asked, name: "" }, row, most);
  }
}

async function connect(client: DriverClient): Promise<Connected> {
  const { lent } = await sessionOf(client);
  // Two statements of one transaction may have asked at once.
  const known = connected.get(client);
  if (known !== undefined) return known;
  const named = lent === undefined && fits(client);
  const state = { statements: new Statements<string>(500), named, closing: [] };
  connected.set(client, state);
  return state;
}

/** Is it the statement under the name that failed, and not what it asks for? Then nothing was done. */
function isLost(client: DriverClient, state: Connected, name: string, error: unknown): boolean {
  const { code } = error as { code?: unknown };
  // 26000: no such prepared statement; 42P05: it exists already. The session was reset, or is shared in spite of all.
  const lost = code === "26000" || code === "42P05";
  if (lost) connected.set(client, { ...state, statements: new Statements(0), named: false });
  else if (isStale(error)) close(client, state, name);
  return lost || isStale(error);
}

/** «cached plan must not change result type»: the table changed under the statement. The words are in the server's language. */
export const isStale = (error: unknown): boolean =>
  (error as { code?: unknown }).code === "0A000" &&
  (error as { routine?: unknown }).routine === "RevalidateCachedQuery";

/** `Dialect.forget`. */
export function forget(connection: unknown): void {
  const client = connection as DriverClient;
  const state = connected.get(client);
  for (const { handle } of state?.statements.clear() ?? []) close(client, state as Connected, handle);
}

/**
 * A plan that is kept for all values takes `OFFSET $2` for a tenth of the rows. Without a name, a statement is planned for its
 * values (manual: PREPARE, «Notes»).
 */
const isMisplanned = (text: string): boolean => text.includes(" OFFSET $");

function query(
  client: DriverClient,
  { closing }: Connected,
  statement: Statement,
  row?: RowForm,
  most?: number,
): Promise<DatabaseResult> {
  const asked = () => {
    if (fits(client)) return ask(client, prepared(statement, closing, row), row, most);
    const plainly = () => askPlainly(client, statement, row, most);
    return statement.alone ? reading(client, plainly) : plainly();
  };
  return statement.alone ? rolledBack(client, asked) : asked();
}

/** Empty for a statement that is not to be kept. */
function newName(client: DriverClient, state: Connected, text: string): string {
  const { statements, named } = state;
  if (!named || isMisplanned(text) || !statements.takes(text)) return "";
  const name = statementName(text);
  for (const dropped of statements.add(text, name)) close(client, state, dropped.handle);
  return name;
}

/** An equal name is an equal statement, whoever prepared it. */
const statementName = (text: string): string =>
  `sapwood_${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;

/** With the next statement: that is no way of its own, and goes in a failed transaction too. */
function close(client: DriverClient, { closing }: Connected, name: string): void {
  const parsed = client.connection?.parsedStatements;
  if (parsed?.[name] === undefined) return;
  delete parsed[name];
  closing.push(name);
}
