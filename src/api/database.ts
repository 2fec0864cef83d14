// The one place that touches connections: knex's pool, a statement on one of its connections, a transaction.
import { createRequire } from "node:module";
import knexPackage, { type Knex } from "knex";
import type { Ask, DatabaseResult, Lend } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { dialectOfClient, dialectOfUrl } from "../dialect/index.js";
import type { RowForm } from "../dialect/row-texts.js";
import type { Plan } from "../plan/plan.js";
import { committing, rollingBack } from "./all-or-nothing.js";
import {
  type ConnectionOptions,
  checkConnections,
  connectionDefaults,
  refuseConnections,
  withConnections,
} from "./connections.js";
import { Lender, type PoolUsage } from "./lender.js";
import { refuseSystemDatabase } from "./system-tables.js";

/** Runs statements, all on one transaction's connection or each on a free one. */
export interface Session {
  /** Is it a transaction? */
  readonly isTransaction?: true;
  /** The same as knex has it, where that was asked for: for hooks. */
  readonly trx?: Knex.Transaction;
  /** `of` is what the text was made from, for those who watch; `row` as `Dialect.execute` has it. */
  run(text: string, values: readonly unknown[], of?: Plan, row?: RowForm): Promise<DatabaseResult>;
  /** The same for a statement that only reads: outside of a transaction it may be run elsewhere, and sees what is committed. */
  read(text: string, values: readonly unknown[], of?: Plan, row?: RowForm): Promise<DatabaseResult>;
}

export interface Transaction extends Session {
  readonly isTransaction: true;
  /** Is done once the transaction is committed, and not at all when it is not. Must not reject. */
  onCommit(work: () => Promise<void>): void;
}

export interface TransactionKind {
  /** Where `Dialect.readOnlyTransactions` are. */
  readonly readOnly?: boolean;
  /** Has it a `trx`? knex makes a whole instance for each of them. */
  readonly forHooks?: boolean;
}

export interface Database extends Session {
  readonly dialect: Dialect;
  /** All of `work` or nothing. */
  transaction<T>(work: (session: Transaction) => Promise<T>, kind?: TransactionKind): Promise<T>;
  /** What `Dialect.schemaVersion` says, where there is such and a connection is at hand. */
  schemaVersion?(): string | undefined;
  /** The pool's connections, and who waits for one. */
  usage(): PoolUsage;
  /** Drops what was prepared on every connection, when that is used next: the schema has changed. */
  forgetStatements(): void;
  /** Opens a connection beside the pool, for `Dialect.listen`. */
  connect(): Promise<unknown>;
  /** Ends the pool if it was opened here; a knex instance that was handed in stays open. */
  close(): Promise<void>;
}

/** With its knex, which inside of a transaction would ask for another connection: of those SQLite has none. */
export interface OpenDatabase extends Database {
  readonly knex: Knex;
  /** The same connections, by a dialect that knows more of their server. */
  speaking(dialect: Dialect): OpenDatabase;
}

/** How long a request waits for a free connection, and a connection for its server, in milliseconds. */
const ACQUIRE_TIMEOUT = connectionDefaults.poolAcquireTimeout * 1000;

/** knex would print on stdout; what fails is thrown as well, and told from there. */
const silent = { warn() {}, error() {}, debug() {}, deprecate() {} };

/** A knex instance is used as it is; a config or connection string opens one. Nothing is connected yet. */
export function openDatabase(db: string | Knex | Knex.Config, options: ConnectionOptions = {}): OpenDatabase {
  // JavaScript callers: an environment variable that is not set arrives as undefined.
  if (!db)
    throw new Error(
      `a database is needed: a connection string, a knex config or a knex instance, not ${JSON.stringify(db) ?? db}.`,
    );
  const own = typeof db !== "function";
  const dialect = dialectFor(db);
  checkConnections(options);
  if (!own) refuseConnections(options);
  const config = typeof db === "string" ? dialect.configure(db) : db;
  const knex = own ? open(withConnections(config as Knex.Config, dialect, options), dialect) : db;
  const lender = new Lender(knex);
  // A config or an instance may prepare its connections in ways of its own.
  const readers = typeof db === "string" ? dialect.readers?.(db, [options.onConnect ?? []].flat()) : undefined;
  /** How often statements were to be forgotten, and what each connection knows of it. */
  let age = 0;
  const ages = new WeakMap<object, number>();
  let last: unknown;
  const speaking = (dialect: Dialect): OpenDatabase => {
    const lend: Lend = async (work) => {
      const taken = lender.take();
      // Where one is at hand, nothing is waited for.
      const loan = taken instanceof Promise ? await taken : taken;
      const { connection } = loan;
      try {
        if (age > 0 && ages.get(connection as object) !== age) {
          ages.set(connection as object, age);
          await dialect.forget?.(connection);
        }
        last = connection;
        return await work(connection);
      } finally {
        lender.give(loan);
      }
    };
    const run: Session["run"] = (text, values, _of, row) =>
      lend((connection) => dialect.execute(connection, text, values, row));
    return {
      dialect,
      knex,
      speaking,
      run,
      read: readers === undefined ? run : (text, values) => readers.read(text, values, lend),
      transaction: transactionsOn(knex, dialect, lend),
      ...(dialect.schemaVersion && {
        schemaVersion: () => (last === undefined ? undefined : dialect.schemaVersion?.(last)),
      }),
      forgetStatements: () => {
        age++;
        readers?.forget();
      },
      usage: () => lender.usage,
      connect: async () => knex.client.acquireRawConnection(),
      close: async () => {
        // The last connection to end puts a file in order, and needs to be one that writes.
        await readers?.close();
        if (own) await knex.destroy();
      },
    };
  };
  return speaking(dialect);
}

function transactionsOn(knex: Knex, dialect: Dialect, lend: Lend): Database["transaction"] {
  // In an instance that is a transaction itself, another one is a savepoint, which is knex's business.
  const transactions = knex.client.transacting ? undefined : dialect.transactions;
  return async (work, { readOnly = false, forHooks = false } = {}) => {
    const waiting: (() => Promise<void>)[] = [];
    const onCommit = (then: () => Promise<void>) => void waiting.push(then);
    const result = await lend((connection) => {
      const run: Session["run"] = (text, values, _of, row) => dialect.execute(connection, text, values, row);
      const session = { isTransaction: true, run, read: run, onCommit } as const;
      const all = async (trx: Knex.Transaction) => {
        const result = await work({ ...session, trx });
        await transactions?.confirm?.(connection);
        return result;
      };
      const byKnex = () => knex.transaction(all, { connection, readOnly });
      if (transactions === undefined) return byKnex();
      const byDialect = () => committing(connection, transactions, readOnly, () => work(session));
      return rollingBack(connection, transactions, forHooks ? byKnex : byDialect);
    });
    for (const then of waiting) await then();
    return result;
  };
}

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

function dialectFor(db: string | Knex | Knex.Config): Dialect {
  if (typeof db === "string") return dialectOfUrl(db);
  const client = typeof db === "function" ? db.client?.config?.client : db.client;
  return dialectOfClient(typeof client === "function" ? client.prototype.driverName : client);
}

function open(config: Knex.Config, dialect: Dialect): Knex {
  checkDriver(dialect);
  try {
    return knexPackage({ acquireConnectionTimeout: ACQUIRE_TIMEOUT, log: silent, ...config });
  } catch (error) {
    const text = error instanceof Error ? error.message : "";
    if (!/Cannot find module|Run\s+npm install|ERR_DLOPEN|bindings file/i.test(text)) throw error;
    throw new Error(`The driver for this database is not installed. Install it with: npm install ${dialect.driver}`, {
      cause: error,
    });
  }
}

const require = createRequire(import.meta.url);

function checkDriver(dialect: Dialect): void {
  if (dialect.driverProblem === undefined) return;
  let version: string;
  try {
    ({ version } = require(`${dialect.driver}/package.json`) as { version: string });
  } catch {
    return; // Not installed, or it does not tell: loading it will say so.
  }
  const why = dialect.driverProblem(version, process.versions.node);
  if (why !== undefined) throw new Error(why);
}

/** The catalogue's questions, answered as objects by way of knex, whatever the driver's own form. */
export function askOf(database: Pick<OpenDatabase, "knex">): Ask {
  return async (sql, values = []) => {
    const answer = await database.knex.raw(sql, values as never);
    if (Array.isArray(answer)) return (Array.isArray(answer[0]) ? answer[0] : answer) as Record<string, unknown>[];
    return (answer as { rows: Record<string, unknown>[] }).rows;
  };
}
