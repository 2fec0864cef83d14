// pg: connections, and named statements that each of them remembers; every value comes as the text that the server sent.
import type { Client, Submittable } from "pg";
import type { DatabaseResult, Transactions } from "../connection.js";
import type { Dialect } from "../dialect.js";
import { afterConnect } from "../prepare.js";
import type { RowForm } from "../row-texts.js";
import { Statements } from "../statements.js";
import { type Asked, type Callback, type Connection, fixed, prepared, Query } from "./query.js";

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
        connection.query("SET TIME ZONE 'UTC'", (error) => done(error));
      },
    },
  };
}

export const say: Dialect["say"] = async (connection, statement) =>
  void (await (connection as Client).query(statement));

const setTimeLimit = (milliseconds: number) => `SET statement_timeout = ${milliseconds}`;
/** A role, a database or the connection string may have said another. */
const unlessSet = (milliseconds: number) =>
  `SELECT set_config('statement_timeout', '${milliseconds}', false) WHERE current_setting('statement_timeout') = '0'`;

export const restrict: Dialect["restrict"] = (config, { readOnly, statementTimeout, yields }) => {
  const settings = [
    ...(readOnly ? ["SET default_transaction_read_only = on"] : []),
    ...(statementTimeout === undefined ? [] : [yields ? unlessSet(statementTimeout) : setTimeLimit(statementTimeout)]),
  ];
  return afterConnect<Client>(config, (connection) => connection.query(settings.join("; ")));
};

interface Connected {
  readonly statements: Statements<string>;
  /** Behind a pooler that mixes sessions, named statements get lost: then none are used. */
  readonly named: boolean;
}

type DriverClient = Client & {
  connection?: Partial<Connection>;
  getTransactionStatus?(): string | null;
};

const connected = new WeakMap<object, Connected>();
let named = 0;

export async function execute(
  connection: unknown,
  text: string,
  values: readonly unknown[],
  row?: RowForm,
): Promise<DatabaseResult> {
  const client = connection as DriverClient;
  let state = connected.get(client);
  if (!state) {
    state = { statements: new Statements(500), named: true };
    connected.set(client, state);
  }
  const name = state.statements.get(text) ?? (await newName(client, state, text));
  try {
    return await query(client, name, text, values, row);
  } catch (error) {
    if (name === "") throw error;
    const { code } = error as { code?: unknown };
    const stale = isStale(error);
    if (stale) await close(client, state, text);
    // 26000: no such prepared statement; 42P05: it exists already. Both mean that sessions are mixed, or were reset.
    else if (code === "26000" || code === "42P05")
      connected.set(client, { statements: new Statements(0), named: false });
    else throw error;
    if (client.getTransactionStatus?.() !== "I") throw error;
    return query(client, "", text, values, row);
  }
}

/** «cached plan must not change result type»: the table changed under the statement. The words are in the server's language. */
export const isStale = (error: unknown): boolean =>
  (error as { code?: unknown }).code === "0A000" &&
  (error as { routine?: unknown }).routine === "RevalidateCachedQuery";

/** `Dialect.forget`. One that the server does not know ends the round: nobody uses the names of the others again. */
export async function forget(connection: unknown): Promise<void> {
  const client = connection as DriverClient;
  const names =
    connected
      .get(client)
      ?.statements.clear()
      .map(({ handle }) => handle) ?? [];
  const parsed = client.connection?.parsedStatements ?? {};
  const known = names.filter((name) => parsed[name] !== undefined);
  for (const name of known) delete parsed[name];
  if (known.length === 0) return;
  await client.query(known.map((name) => `DEALLOCATE ${name}`).join("; ")).catch(() => undefined);
}

/**
 * A plan that is kept for all values takes `OFFSET $2` for a tenth of the rows. Without a name, a statement is planned for its
 * values (manual: PREPARE, «Notes»).
 */
const isMisplanned = (text: string): boolean => text.includes(" OFFSET $");

const query = (
  client: Client,
  name: string,
  text: string,
  values: readonly unknown[],
  row?: RowForm,
): Promise<DatabaseResult> => ask(client, prepared(name, text, values), row);

const ask = (client: Client, asked: Asked, row?: RowForm): Promise<DatabaseResult> =>
  new Promise((resolve, reject) => {
    const done: Callback = (error, result) => (error === null ? resolve(result as DatabaseResult) : reject(error));
    client.query(new Query(asked, done, row) as unknown as Submittable);
  });

// Without names, which a pooler may have lost.
const [begin, beginReading, commit, rollback] = [
  fixed("BEGIN"),
  fixed("BEGIN READ ONLY"),
  fixed("COMMIT"),
  fixed("ROLLBACK"),
];
/** Nothing is done: only a failed transaction refuses it. */
const nothing = fixed("SELECT");

/** `Dialect.transactions`. */
export const transactions: Transactions = {
  begin: (connection, readOnly) => ask(connection as Client, readOnly ? beginReading : begin),
  commit: (connection) =>
    new Promise<void>((resolve, reject) => {
      const committing = new Query(commit, (error) => {
        if (error !== null) reject(error);
        // A statement has failed, and nobody minded (manual: COMMIT, «Outputs»).
        else if (committing.tag === "ROLLBACK") reject(new Error("The transaction had failed: nothing of it is kept."));
        else resolve();
      });
      (connection as Client).query(committing as unknown as Submittable);
    }),
  rollback: async (connection) => {
    const client = connection as DriverClient;
    if (client.getTransactionStatus?.() !== "I") await ask(client, rollback);
  },
  // No statement but one that ends it is let through once it has failed. Its status is known only some time after the error.
  confirm: (connection) => ask(connection as Client, nothing),
};

/** Empty for a statement that is not to be kept. */
async function newName(client: DriverClient, { statements, named: kept }: Connected, text: string): Promise<string> {
  if (!kept || isMisplanned(text) || !statements.takes(text)) return "";
  const name = `sapwood_${++named}`;
  for (const dropped of statements.add(text, name)) await deallocate(client, dropped.handle);
  return name;
}

async function close(client: DriverClient, { statements }: Connected, text: string): Promise<void> {
  const name = statements.get(text);
  statements.forget(text);
  if (name !== undefined) await deallocate(client, name);
}

/** In a failed transaction the server keeps the statement until the session ends; its name is not used again. */
async function deallocate(client: DriverClient, name: string): Promise<void> {
  const parsed = client.connection?.parsedStatements;
  if (parsed?.[name] === undefined) return;
  delete parsed[name];
  await client.query(`DEALLOCATE ${name}`).catch(() => undefined);
}
