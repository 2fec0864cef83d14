// Where statements run: on free connections, each on one of its own, or all on one transaction's.
import type { Knex } from "knex";
import type { DatabaseResult, SharedSessions } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import type { RowForm } from "../dialect/row-texts.js";
import type { Deadline } from "../http/deadline.js";
import type { Plan } from "../plan/plan.js";
import type { PoolUsage } from "./pool-leases.js";

/** Runs statements, all on one transaction's connection or each on a free one. */
export interface Session {
  /** Is it a transaction? */
  readonly isTransaction?: true;
  /** The same as knex has it, where that was asked for: for hooks. */
  readonly trx?: Knex.Transaction;
  /** Its connection is not used again behind it: something may have been set on it. Left out where it is knex's business. */
  spend?(): void;
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
  /** Foreign keys are not looked at, where the dialect can leave that out (`Transactions.unchecked`). */
  readonly unchecked?: boolean;
}

/** What a request that only reads has to see. */
export interface ReadsAfter {
  /** Positions as `Replication` has them: all that was committed up to them. */
  readonly after: readonly string[];
}

/** Where statements run. */
export interface StatementRunner extends Session {
  /** The servers that answered, where there are replicas. */
  readonly servers?: ReadonlySet<string>;
  /** All of `work` or nothing. */
  transaction<T>(work: (session: Transaction) => Promise<T>, kind?: TransactionKind): Promise<T>;
}

export interface Database extends StatementRunner {
  readonly dialect: Dialect;
  /** The same for one request: what it began is broken off when that is over. With `reads` it may be answered by a replica. */
  until(ending: Deadline, reads?: ReadsAfter): StatementRunner;
  /** What `Dialect.schemaVersion` says, where there is such and a connection is at hand. */
  schemaVersion?(): string | undefined;
  /** `Dialect.sharedSessions` of one of the pool's connections; nothing where there is no pooler. */
  sharedSessions(): Promise<SharedSessions | undefined>;
  /** `Dialect.isKnown` of one of the pool's connections; nothing where the dialect asks for nothing of its driver. */
  isDriverKnown(): Promise<boolean | undefined>;
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
