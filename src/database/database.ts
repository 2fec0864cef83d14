// A database that is open: its pool, its readers, and what lends their connections.
import type { Knex } from "knex";
import type { Ask } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import {
  type ConnectionOptions,
  checkConnections,
  connectionDefaults,
  readersOptions,
  refuseConnections,
  withConnections,
} from "./connection-options.js";
import { movingOn } from "./hosts.js";
import type { Rules } from "./lease.js";
import { Lending, PreparedConnections } from "./lending.js";
import { dialectFor, type GivenDb, namedDatabase, openPool } from "./open-knex.js";
import { attend } from "./pool-care.js";
import { PoolLeases } from "./pool-leases.js";
import { ReaderRouting } from "./reader-routing.js";
import { RequestStatements } from "./request-statements.js";
import type { OpenDatabase } from "./session.js";
import { refuseSystemDatabase } from "./system-tables.js";

/** How a file is opened. `looks`: it stays as it is. `briefly`: it is written to, but stays in the form that it has. */
export interface FileOpening {
  readonly looks?: boolean;
  readonly briefly?: boolean;
}

/** A knex instance is used as it is; a config or connection string opens one. Nothing is connected yet. */
export function openDatabase(named: GivenDb, options: ConnectionOptions = {}, opening: FileOpening = {}): OpenDatabase {
  const db = namedDatabase(named);
  const isOurs = typeof db !== "function";
  const dialect = dialectFor(db);
  checkConnections(options);
  if (!isOurs) refuseConnections(options);
  const configured = (config: Knex.Config) => withConnections(openedFor(opening, config, dialect), dialect, options);
  const { knex, moves } = openPool(db, dialect, configured);
  const { discard } = dialect;
  const care = isOurs && discard !== undefined ? attend(knex, discard) : undefined;
  const lender = new PoolLeases(knex, discard);
  const connect = care?.open ?? (async () => knex.client.acquireRawConnection());
  const limit = limitOf(options);
  const { statementTimeout, defaultStatementTimeout } = options;
  const doubtful =
    statementTimeout === undefined && defaultStatementTimeout !== undefined && discard !== undefined
      ? { doubtful: defaultStatementTimeout * 1000 + MARGIN }
      : {};
  // A config or an instance may prepare its connections in ways of its own.
  const readers = typeof db === "string" ? dialect.readers?.(db, readersOptions(options)) : undefined;
  const routing = readers && new ReaderRouting(readers);
  const prepared = new PreparedConnections();
  const speaking = (given: Dialect): OpenDatabase => {
    const dialect = moves ? movingOn(given, () => lender.doubt()) : given;
    const rules: Rules = { dialect, limit, ...doubtful, open: connect, silent: () => lender.doubt() };
    const lending = new Lending(rules, lender, prepared);
    const shared = { knex, lending, routing };
    const own = new RequestStatements(shared);
    return {
      run: (...asked) => own.run(...asked),
      read: (...asked) => own.read(...asked),
      transaction: (work, kind) => own.transaction(work, kind),
      until: (ending) => new RequestStatements(shared, ending),
      dialect,
      knex,
      speaking,
      ...(dialect.schemaVersion && {
        schemaVersion: () => (prepared.last === undefined ? undefined : dialect.schemaVersion?.(prepared.last)),
      }),
      forgetStatements: () => {
        prepared.forget();
        readers?.forget();
      },
      sharedSessions: () => lending.lend(undefined, async (connection) => dialect.sharedSessions?.(connection)),
      isDriverKnown: () => lending.lend(undefined, async (connection) => dialect.isKnown?.(connection)),
      usage: () => lender.usage,
      connect,
      close: async () => {
        // The last connection to end puts a file in order, and needs to be one that writes.
        await readers?.close();
        if (isOurs) await (care === undefined ? knex.destroy() : care.close());
      },
    };
  };
  return speaking(dialect);
}

function openedFor({ looks, briefly }: FileOpening, config: Knex.Config, dialect: Dialect): Knex.Config {
  const made = looks ? dialect.untouched?.(config) : briefly ? dialect.unconverted?.(config) : undefined;
  return made ?? config;
}

/** The driver's own limit comes first where it has one: a little later the client's side breaks off what did not keep to it. */
const MARGIN = 1_000;

/** For a statement, in milliseconds. */
const limitOf = ({ statementTimeout, answerTimeout = connectionDefaults.answerTimeout }: ConnectionOptions): number =>
  statementTimeout === undefined ? answerTimeout * 1000 : statementTimeout * 1000 + MARGIN;

/** The same database, with all that its server can do. One that is away keeps what is common to all by its name. */
export async function knownDatabase(database: OpenDatabase): Promise<OpenDatabase> {
  const { dialect } = database;
  if (dialect.forServer === undefined) return database;
  try {
    const { database: name, version } = await dialect.identify(askOf(database));
    refuseSystemDatabase(name, dialect);
    return database.speaking(dialect.forServer(version));
  } catch (error) {
    if (dialect.refusal(error)?.code === "database_away") return database;
    throw error;
  }
}

/** How long a question to the catalogue may take, in milliseconds. */
const ASK = 60_000;

/** The catalogue's questions, answered as objects by way of knex, whatever the driver's own form. */
export function askOf(database: Pick<OpenDatabase, "knex">, patience = ASK): Ask {
  return async (sql, values = []) => {
    // knex throws a connection away that has not answered by then.
    const answer = await database.knex.raw(sql, values as never).timeout(patience);
    if (Array.isArray(answer)) return (Array.isArray(answer[0]) ? answer[0] : answer) as Record<string, unknown>[];
    return (answer as { rows: Record<string, unknown>[] }).rows;
  };
}
