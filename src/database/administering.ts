// A server's databases and users → what is there, and statements that make and drop them. I/O. None of the statements is prepared,
// remembered or watched, as they may hold secrets; errors hold none.
import type { Ask } from "../dialect/connection.js";
import type { Administration, DatabaseAccount, Fault, Said } from "../dialect/parts/administration.js";
import { askOf } from "./database.js";
import type { OpenDatabase } from "./session.js";

export interface Administering {
  readonly administration: Administration;
  readonly ask: Ask;
  /** The names of what the connection itself is: in its server's words. */
  own(): Promise<Own>;
  /** Those that are not the server's own. */
  databases(): Promise<readonly string[]>;
  users(): Promise<readonly DatabaseAccount[]>;
  /** Rejects with the driver's error where it cannot be looked into. */
  holdsTables(database: string): Promise<boolean>;
  /** All or nothing: `undo` is said where the server does not take back what was done before one failed. Rejects with `Refused`. */
  say(statements: readonly Said[], undo?: readonly Said[]): Promise<void>;
}

export interface Own {
  readonly database: string;
  readonly account: string;
}

/** The server does not do it. `cause` is what it said, without secrets. */
export class RefusedByServer extends Error {
  constructor(
    readonly fault: Fault | undefined,
    cause: Error,
  ) {
    super("the server refuses it", { cause });
  }
}

/** Nothing where a database is a file. */
export function administeringOf(database: OpenDatabase): Administering | undefined {
  const { administration } = database.dialect;
  if (administration === undefined) return undefined;
  const ask = askOf(database);
  const { reserved } = administration;
  return {
    administration,
    ask,
    own: async () => {
      const [row] = await ask(administration.own);
      return { database: String(row?.database), account: String(row?.account) };
    },
    databases: async () =>
      (await ask(administration.databases))
        .map(({ name }) => String(name))
        .filter((name) => !reserved.databases.test(name)),
    users: async () =>
      (await ask(administration.users)).map(accountIn).filter(({ name }) => !reserved.users.test(name)),
    holdsTables: async (name) => (await askThere(database, administration, name)).length > 0,
    say: (statements, undo = []) => said(database, administration, statements, undo),
  };
}

export const accountIn = ({ name, host }: Record<string, unknown>): DatabaseAccount => ({
  name: String(name),
  ...(host !== null && host !== undefined && { host: String(host) }),
});

/** What is used of `knex.client`. */
interface Client {
  readonly connectionSettings: object;
  acquireRawConnection(): Promise<object>;
}

/** Asks a database of the same server whether it holds tables, over a connection of its own where one sees a database only. */
async function askThere(
  { knex, dialect }: OpenDatabase,
  { otherDatabase, holdsTables }: Administration,
  name: string,
): Promise<readonly unknown[]> {
  if (otherDatabase === undefined) return askOf({ knex })(holdsTables(name));
  const client = knex.client as Client;
  const there = Object.create(client, {
    connectionSettings: { value: otherDatabase(client.connectionSettings, name) },
  });
  // Past what a pool may have put in its place, which opens one to this database.
  const { acquireRawConnection } = Object.getPrototypeOf(client) as Client;
  const connection = await acquireRawConnection.call(there);
  try {
    return (await dialect.execute(connection, holdsTables(name), [])).rows;
  } finally {
    dialect.discard?.(connection);
  }
}

async function said(
  { knex }: OpenDatabase,
  { together, say, faults }: Administration,
  statements: readonly Said[],
  undo: readonly Said[],
): Promise<void> {
  const { begin, commit, rollback } = (statements.length > 1 && together) || {};
  const connection = await knex.client.acquireConnection();
  let done = 0;
  try {
    if (begin !== undefined) await say(connection, begin);
    for (const { text } of statements) {
      await say(connection, text);
      done++;
    }
    if (commit !== undefined) await say(connection, commit);
  } catch (error) {
    const back = rollback === undefined ? (done > 0 ? undo.map(({ text }) => text) : []) : [rollback];
    // Where the connection is lost, the server takes a transaction back by itself.
    for (const text of back) await say(connection, text).catch(() => undefined);
    const cause = withoutSecrets(error, statements[done]);
    throw new RefusedByServer(faultOf(cause, faults), cause);
  } finally {
    await knex.client.releaseConnection(connection);
  }
}

interface DriverError extends Error {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly number?: unknown;
  readonly sqlState?: unknown;
}

const faultOf = ({ code, errno, number }: DriverError, faults: Administration["faults"]): Fault | undefined =>
  faults.get(number) ?? faults.get(errno) ?? faults.get(code);

/** Drivers put statements into their errors, and servers parts of them: of one with a secret only the codes are kept. */
function withoutSecrets(error: unknown, failed: Said | undefined): DriverError {
  const first = (error instanceof AggregateError ? error.errors[0] : error) as DriverError;
  const { message, code, errno, number, sqlState } = first;
  const words = failed?.shown === undefined ? message : "its words are left out, as the statement holds a secret";
  return Object.assign(new Error(words), { code, errno, number, sqlState });
}
