// What goes to a database over a connection, and what comes back.
import type { ColumnType } from "../schema/schema.js";

/** What one statement answered. */
export interface DatabaseResult {
  /** One array of column values a row, in the order of the statement's columns. */
  readonly rows: readonly (readonly unknown[])[];
  /** Rows that a writing statement changed. */
  readonly affected: number;
  /** What the database numbered the new row with, where the driver reports it. */
  readonly insertId?: string;
  /** The results of a procedure: only the database knows their columns. */
  readonly sets?: readonly ResultSet[];
}

export interface ResultSet {
  readonly columns: readonly ResultColumn[];
  readonly rows: DatabaseResult["rows"];
}

/** A column as the server describes it together with its values. */
export interface ResultColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Characters of a row's texts, and its bytes: good enough for breaking off what is far too large. */
export function lengthOf(row: readonly unknown[]): number {
  let length = 0;
  for (const value of row) if (typeof value === "string" || Buffer.isBuffer(value)) length += value.length;
  return length;
}

/** A statement that was broken off, as its rows have more bytes than it was allowed. */
export class TooLarge extends Error {
  /** What a message between threads keeps. */
  readonly code = TOO_LARGE;

  constructor() {
    super("the statement's rows are larger than the limit");
  }
}

const TOO_LARGE = "SAPWOOD_TOO_LARGE";

export const isTooLarge = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === TOO_LARGE;

/** How a database says no, in the words of the contract's error codes. `field` names are column names. */
export type DatabaseRefusal =
  | (Violation & {
      readonly code: "unique_violation" | "foreign_key_violation" | "not_null_violation" | "check_violation";
    })
  /** One statement was to change one row twice. */
  | { readonly code: "same_row" }
  /** A value that its column's type refuses. */
  | {
      readonly code: "invalid_value";
      readonly columns?: readonly string[];
      /** Which of the statement's placeholders it stands at, counted from 1; left out where nobody knows. */
      readonly parameter?: number;
      /** The type whose rule refuses it, where it is one with rules of its own. */
      readonly domain?: string;
      /** It was no value that the statement was given, but one that a trigger, a function or a view made: surely, or where nothing is written. */
      readonly computed?: "always" | "unless written";
    }
  /** A subquery that is to find one row found several: `onDuplicateKey`'s, where the statement has one. */
  | { readonly code: "several_rows" }
  /** A regular expression that the database does not understand. */
  | { readonly code: "invalid_pattern" }
  /** Refused by a privilege, a policy, a read-only database or similar. */
  | { readonly code: "refused"; readonly writes?: WritesAmiss }
  /** Said on purpose by the database's own code, to whoever asks. */
  | Raised
  /** The database's own code failed: a trigger, a function, a view. */
  | { readonly code: "database_error"; readonly writes?: WritesAmiss }
  /** The database knows no such operation for these columns' types or collations. */
  | { readonly code: "not_supported" }
  /** More values, columns, tables or levels than one statement of this database may have. */
  | { readonly code: "too_complex" }
  /** Deadlock, serialization failure, lock wait: worth another try. */
  | { readonly code: "conflict" }
  | { readonly code: "timeout" }
  /** The server has no memory, disk or temporary space left for it. */
  | { readonly code: "exhausted" }
  /**
   * The statement named what is not there (any more); `otherwise` is what it means where the schema is the one that was read.
   * `again`: the table or the connection changed under the statement, and the next one finds it as it is.
   */
  | { readonly code: "schema_changed"; readonly otherwise?: "not_supported" | "again" }
  | Away;

/** It was a write where nothing may be written: in a READ ONLY transaction, or in code that is said to change nothing. */
type WritesAmiss = true;

/** The database cannot be reached. */
export interface Away {
  readonly code: "database_away";
  /** It takes no more connections. */
  readonly full?: boolean;
  /** Not for a moment only: the password is wrong, there is no such database. */
  readonly lasting?: boolean;
}

/** Of a constraint; of the statement's own table, unless another one is named. */
interface Violation {
  readonly columns?: readonly string[];
  readonly constraint?: string;
  readonly table?: string;
  /** It is a rule of this type, and of no table. */
  readonly domain?: string;
}

export interface Raised {
  readonly code: "raised";
  readonly message: string;
  readonly details?: string;
  readonly hint?: string;
  /** Where the code that raised it has chosen one. */
  readonly status?: number;
}

/** A status that the database's code has chosen: three digits, of an error. */
export const chosenStatus = (digits: number): { readonly status?: number } =>
  digits >= 400 && digits <= 599 ? { status: digits } : {};

/** Asks the catalogue: rows as objects keyed by the statement's column aliases. */
export type Ask = (sql: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;

/** Hands out one of the pool's connections, for as long as the work takes. */
export type Lend = <T>(work: (connection: unknown) => Promise<T>) => Promise<T>;

/** A transaction on a driver connection. */
export interface Transactions {
  /** `reads`: nothing in it is known to write, so that it need not wait for others who do. */
  begin(connection: unknown, readOnly: boolean, reads: boolean): Promise<unknown>;
  /** Rejects where the database rolls back instead. */
  commit(connection: unknown): Promise<unknown>;
  /** Whether one is open or not: a failed commit ends it in some databases, and not in others. */
  rollback(connection: unknown): Promise<unknown>;
  /** Transactions in `work` hold no row to a foreign key, and DROP TABLE deletes no rows. */
  unchecked?<T>(connection: unknown, work: () => Promise<T>): Promise<T>;
  /** Rejects where the database would roll back instead, and knex not notice. */
  confirm?(connection: unknown): Promise<unknown>;
  /**
   * Where another process can lock the whole database, and a statement or a `begin` fails at once: is it this? Nothing was done
   * then. A transaction that has begun has the lock.
   */
  isLocked?(error: unknown): boolean;
}

/** A pooler stands in between, and gives the sessions of its connections to others between transactions. */
export interface SharedSessions {
  /** Statements of the developer's that were said on a connection, and cannot be said in each transaction. */
  readonly unkept: readonly string[];
}

/** How often a connection is asked whether the server is still there, and how long that may take, in milliseconds. */
export interface Heartbeat {
  readonly every: number;
  readonly patience: number;
}

/** Why nothing is heard: a pooler shares the session with others, or the server has no such words. */
export type Deaf = "pooler" | "server";

/** Waits on a connection of its own for what the database says on a channel. */
export interface Listening {
  /** Is it connected at the moment? */
  readonly isConnected: boolean;
  /** Set where it has given up. */
  readonly deaf: Deaf | undefined;
  /** The first connection was made, or could not be. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** What a database says of itself. */
export interface Identity {
  /** Its name; a file's without its folder. */
  readonly database: string;
  /** The server's version as it says it. */
  readonly version: string;
}

/** What connections are held to. */
export interface ConnectionRules {
  /** They cannot write. */
  readonly readOnly: boolean;
  /** Milliseconds that a statement may take. */
  readonly statementTimeout?: number;
  /** To a limit that the database has of its own. */
  readonly yields?: boolean;
}

export interface ReadOptions {
  /** Database schemas to read; the connection's default when left out. Ignored by databases without schemas. */
  readonly schema?: string | readonly string[];
  /** Roles that statements run as beside the connection's own, where the database has such: what any of them may do is read. */
  readonly databaseRoles?: readonly string[];
}

/** Who asks, as a transaction is told. */
export interface Asked {
  readonly role: string;
  /** A JSON object. */
  readonly claims: string;
  readonly method: string;
  readonly path: string;
}

/** Statements at a transaction's beginning, and at its end where what they say would stay on the connection. */
export interface SessionStatements {
  readonly begin: TellingStatement;
  readonly end?: TellingStatement;
  /** Where another role was taken on: what makes the connection's own user of it, and what takes it on again. */
  readonly aside?: { readonly leave: TellingStatement; readonly back: TellingStatement };
}

export interface TellingStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}
