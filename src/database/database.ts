// The one place that touches connections: knex's pool, a statement on one of its connections, a transaction.
import { createRequire } from "node:module";
import knexPackage, { type Knex } from "knex";
import { ConfigError } from "../base/config-error.js";
import type { Ask, DatabaseResult, Lend, SharedSessions } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { dialectOfClient, dialectOfUrl } from "../dialect/index.js";
import type { RowForm } from "../dialect/row-texts.js";
import type { Deadline } from "../http/deadline.js";
import type { Plan } from "../plan/plan.js";
import {
  type ConnectionOptions,
  checkConnections,
  connectionDefaults,
  readersOptions,
  refuseConnections,
  withConnections,
} from "./connection-options.js";
import { Lease, type Rules } from "./lease.js";
import { outwaiting } from "./lock-wait.js";
import { attend, carefully } from "./pool-care.js";
import { type PooledConnection, PoolLeases, type PoolUsage } from "./pool-leases.js";
import { refuseSystemDatabase } from "./system-tables.js";
import { committing, rollingBack, tryLock } from "./transaction.js";

/** Runs statements, all on one transaction's connection or each on a free one. */
export interface Session {
  /** Is it a transaction? */
  readonly isTransaction?: true;
  /** The same as knex has it, where that was asked for: for hooks. */
  readonly trx?: Knex.Transaction;
  /** `of` is what the text was made from, for those who watch; `row` and `most` as `Dialect.execute` has them. */
  run(text: string, values: readonly unknown[], of?: Plan, row?: RowForm, most?: number): Promise<DatabaseResult>;
  /** The same for a statement that only reads: outside of a transaction it may be run elsewhere, and sees what is committed. */
  read(text: string, values: readonly unknown[], of?: Plan, row?: RowForm, most?: number): Promise<DatabaseResult>;
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
  /** Nothing in it is known to write. */
  readonly reads?: boolean;
}

/** Where statements run. */
export interface Statements extends Session {
  /** All of `work` or nothing. */
  transaction<T>(work: (session: Transaction) => Promise<T>, kind?: TransactionKind): Promise<T>;
}

export interface Database extends Statements {
  readonly dialect: Dialect;
  /** The same for one request: what it began is broken off when that is over. */
  until(ending: Deadline): Statements;
  /** What `Dialect.schemaVersion` says, where there is such and a connection is at hand. */
  schemaVersion?(): string | undefined;
  /** `Dialect.sharedSessions` of one of the pool's connections; nothing where there is no pooler. */
  sharedSessions(): Promise<SharedSessions | undefined>;
  /** The pool's connections, and who waits for one. */
  usage(): PoolUsage;
  /** Drops what was prepared on every connection, when that is used next: the schema has changed. */
  forgetStatements(): void;
  /** Opens a connection beside the pool, for `Dialect.listen`. */
  connect(): Promise<unknown>;
  /** Ends the pool if it was opened here; a knex instance that was handed in stays open. */
  close(): Promise<void>;
}

/** The same database, by other statements. Each field by name: a spread of it takes longer than a short statement. */
export function withStatements(database: Database, statements: Statements): Database {
  const { dialect, until, schemaVersion, sharedSessions, usage, forgetStatements, connect, close } = database;
  const { run, read, transaction, isTransaction, trx } = statements;
  return {
    dialect,
    until,
    schemaVersion,
    sharedSessions,
    usage,
    forgetStatements,
    connect,
    close,
    run,
    read,
    transaction,
    isTransaction,
    trx,
  };
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

/** What a database is named by. An environment variable that is not set is undefined, which is refused. */
export type GivenDb = string | Knex | Knex.Config | undefined;

/**
 * A knex instance is used as it is; a config or connection string opens one. Nothing is connected yet. With `looks`, opening leaves
 * no trace: a file stays as it is.
 */
export function openDatabase(named: GivenDb, options: ConnectionOptions = {}, { looks = false } = {}): OpenDatabase {
  const db = known(named);
  const own = typeof db !== "function";
  const dialect = dialectFor(db);
  checkConnections(options);
  if (!own) refuseConnections(options);
  const config = typeof db === "string" ? dialect.configure(db) : db;
  const quiet = looks && own ? (dialect.untouched?.(config as Knex.Config) ?? config) : config;
  const knex = own ? open(withConnections(quiet as Knex.Config, dialect, options), dialect) : db;
  const { discard } = dialect;
  const care = own && discard !== undefined ? attend(knex, discard) : undefined;
  const lender = new PoolLeases(knex, discard);
  const connect = care?.open ?? (async () => knex.client.acquireRawConnection());
  const limit = limitOf(options);
  // A config or an instance may prepare its connections in ways of its own.
  const readers = typeof db === "string" ? dialect.readers?.(db, readersOptions(options)) : undefined;
  /** How often statements were to be forgotten, and what each connection knows of it. */
  let age = 0;
  const ages = new WeakMap<object, number>();
  let last: unknown;
  const speaking = (dialect: Dialect): OpenDatabase => {
    const rules: Rules = { dialect, limit, open: connect, silent: () => lender.doubt() };
    const prepare = async (connection: object) => {
      ages.set(connection, age);
      await dialect.forget?.(connection);
    };
    const lending =
      (ending?: Deadline): LendLease =>
      async (work) => {
        ending?.check();
        const lease = new Lease(rules, ending);
        try {
          const taken = lender.acquire();
          // Where one is at hand, nothing is waited for.
          const loan = taken instanceof Promise ? await waited(taken, lease, lender) : taken;
          const { connection } = loan;
          lease.connection = connection;
          try {
            if (age > 0 && ages.get(connection as object) !== age) await lease.run(() => prepare(connection as object));
            last = connection;
            return await work(connection, lease);
          } catch (error) {
            throw lease.reason ?? error;
          } finally {
            if (lease.cancelling !== undefined) await lease.cancelling;
            lender.release(loan);
          }
        } finally {
          lease.close();
        }
      };
    const statements = (ending?: Deadline): Statements => {
      const lend = lending(ending);
      const run = runOn(dialect, lend, ending);
      const reading: Lend = (work) =>
        lend((connection, lease) => {
          lease.begin();
          return work(connection);
        });
      const read: Session["read"] =
        readers === undefined
          ? run
          : (text, values, _of, _row, most) => readers.read(text, values, reading, ending, most);
      return { run, read, transaction: transactionsOn(knex, dialect, lend, ending) };
    };
    return {
      ...statements(),
      until: statements,
      dialect,
      knex,
      speaking,
      ...(dialect.schemaVersion && {
        schemaVersion: () => (last === undefined ? undefined : dialect.schemaVersion?.(last)),
      }),
      forgetStatements: () => {
        age++;
        readers?.forget();
      },
      sharedSessions: () => lending()(async (connection) => dialect.sharedSessions?.(connection)),
      usage: () => lender.usage,
      connect,
      close: async () => {
        // The last connection to end puts a file in order, and needs to be one that writes.
        await readers?.close();
        if (own) await (care === undefined ? knex.destroy() : care.close());
      },
    };
  };
  return speaking(dialect);
}

/** Hands out a connection, and what watches over it. */
type LendLease = <T>(work: (connection: unknown, lease: Lease) => Promise<T>) => Promise<T>;

/** The driver's own limit comes first where it has one: a little later the client's side breaks off what did not keep to it. */
const MARGIN = 1_000;

/** For a statement, in milliseconds. */
const limitOf = ({ statementTimeout, answerTimeout = connectionDefaults.answerTimeout }: ConnectionOptions): number =>
  statementTimeout === undefined ? answerTimeout * 1000 : statementTimeout * 1000 + MARGIN;

/** One that comes when nobody waits for it any more goes on to the next. */
async function waited(taken: Promise<PooledConnection>, lease: Lease, lender: PoolLeases): Promise<PooledConnection> {
  try {
    return await lease.orBroken(taken);
  } catch (error) {
    if (lease.reason !== undefined)
      taken.then(
        (loan) => lender.release(loan),
        () => undefined,
      );
    throw error;
  }
}

/** Statements that are each on a free connection. */
const runOn =
  (dialect: Dialect, lend: LendLease, ending: Deadline | undefined): Session["run"] =>
  (text, values, of, row, most) => {
    const ask = () =>
      lend((connection, lease) => {
        lease.begin();
        const answer = dialect.execute(connection, text, values, row, most);
        return ending === undefined || of === undefined || !writes.has(of.kind) ? answer : kept(answer, lease, ending);
      });
    const isLocked = dialect.transactions?.isLocked;
    return isLocked === undefined ? ask() : outwaiting(isLocked, ask);
  };

/** It is its own transaction, and ends with it. */
async function kept<T>(answer: Promise<T>, lease: Lease, ending: Deadline): Promise<T> {
  try {
    const result = await answer;
    ending.keep();
    return result;
  } catch (error) {
    if (lease.isLost || lease.rules.dialect.refusal(error)?.code === "database_away") ending.lose();
    throw error;
  }
}

const writes: ReadonlySet<Plan["kind"]> = new Set(["insert", "update", "delete", "link"]);

function transactionsOn(
  knex: Knex,
  dialect: Dialect,
  lend: LendLease,
  ending: Deadline | undefined,
): Database["transaction"] {
  // In an instance that is a transaction itself, another one is a savepoint, which is knex's business.
  const transactions = knex.client.transacting ? undefined : dialect.transactions;
  const isLocked = transactions?.isLocked;
  return async (given, kind = {}) => {
    const { readOnly = false, forHooks = false, reads = false } = kind;
    /** From here on something may have been done. */
    let begun = false;
    const work: typeof given = (session) => {
      begun = true;
      return given(session);
    };
    const waiting: (() => Promise<void>)[] = [];
    const onCommit = (then: () => Promise<void>) => void waiting.push(then);
    const once = (connection: unknown, lease: Lease) => {
      const run: Session["run"] = (text, values, _of, row, most) =>
        lease.run(() => dialect.execute(connection, text, values, row, most));
      const session = { isTransaction: true, run, read: run, onCommit } as const;
      const attended = transactions && lease.attended(transactions);
      const all = async (trx: Knex.Transaction) => {
        try {
          const result = await lease.orBroken(work({ ...session, trx }));
          await attended?.confirm?.(connection);
          lease.finish();
          return result;
        } catch (error) {
          await lease.cancelling;
          lease.begin();
          throw error;
        }
      };
      const byKnex = async () => {
        if (attended !== undefined && !reads) await tryLock(connection, attended);
        return lease.committed(knex.transaction(all, { connection, readOnly }));
      };
      if (attended === undefined) return byKnex();
      const byDialect = () => committing(connection, attended, kind, () => lease.orBroken(work(session)));
      return rollingBack(connection, attended, forHooks ? byKnex : byDialect);
    };
    const attempt = () => lend(once);
    const result = await (isLocked === undefined
      ? attempt()
      : outwaiting((error) => !begun && isLocked(error), attempt));
    const committed = async () => {
      for (const then of waiting) await then();
    };
    if (waiting.length > 0) await (ending === undefined ? committed() : ending.patient(committed()));
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

function known(db: GivenDb): string | Knex | Knex.Config {
  if (db) return db;
  const what = db === "" ? "an empty text" : String(db);
  throw new ConfigError(
    "the database",
    `a connection string (sqlite:path.db, postgres://user@host/name), a knex config or a knex instance is needed, and this is ${what}. If it comes from an environment variable such as DATABASE_URL, set that.`,
  );
}

function dialectFor(db: string | Knex | Knex.Config): Dialect {
  if (typeof db === "string") return dialectOfUrl(db);
  const client = typeof db === "function" ? db.client?.config?.client : db.client;
  return dialectOfClient(typeof client === "function" ? client.prototype.driverName : client);
}

function open(config: Knex.Config, dialect: Dialect): Knex {
  checkDriver(dialect);
  try {
    return knexPackage({ acquireConnectionTimeout: ACQUIRE_TIMEOUT, log: silent, ...carefully(config, dialect) });
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
