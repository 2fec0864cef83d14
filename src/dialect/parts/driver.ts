// How a database is reached: connection strings, connections, and the statements that run on them.
import type { Knex } from "knex";
import type { ConnectionRules, DatabaseResult, Transactions } from "../connection.js";
import type { Readers, ReadersOptions } from "../readers.js";
import type { RowForm } from "../row-texts.js";

export interface DriverPart {
  /** The driver's package, for the message when it is missing. */
  readonly driver: string;
  /** The schemes of connection strings, without the colon. */
  readonly schemes: readonly string[];
  /** The values of knex's `client` that mean this database. */
  readonly clients: readonly string[];
  /** A connection string as a knex config. Throws a plain `Error` with one clear line when it cannot be one. */
  configure(connectionString: string): Knex.Config;
  /** Why the installed driver cannot run on this Node.js, where that is known; asked before the driver is loaded. */
  driverProblem?(driverVersion: string, nodeVersion: string): string | undefined;
  /** Left out where it is knex's business, for the driver has calls of its own. */
  readonly transactions?: Transactions;
  /** Are there some that can only read? */
  readonly readOnlyTransactions?: boolean;
  /**
   * Runs one statement on a driver connection, prepared and remembered (bounded) on that connection. `row` says how the first
   * columns of each row become its JSON text: then there is one row of all rows' texts, with `RECORD` between them, or none.
   * `most` is for statements that only read: past so many bytes of rows the statement is broken off, in the database too, and
   * rejects with `TooLarge`. That may take the connection with it.
   */
  execute(
    connection: unknown,
    text: string,
    values: readonly unknown[],
    row?: RowForm,
    most?: number,
  ): Promise<DatabaseResult>;
  /**
   * The same in a transaction of the statement's own, which can only read, in one exchange with the server. Left out where that
   * takes several.
   */
  executeReading?: DriverPart["execute"];
  /**
   * Asks the server to break off the statement that runs on a connection; `open` opens another one beside the pool. Resolves when
   * the server has heard of it: only then may the connection be used again. Does nothing where it is not certain which statement
   * that would be.
   */
  cancel?(connection: unknown, open: () => Promise<unknown>): Promise<void>;
  /** Ends a connection at once, without a word to the server: what waits for it fails. Left out where there is only one. */
  discard?(connection: unknown): void;
  /** Lets the system find out whether the other side is still there. */
  keepAlive?(connection: unknown): void;
  /** Drops the statements that `execute` prepared on a connection. Not called inside a transaction. */
  forget?(connection: unknown): void | Promise<void>;
  /** Where the driver is synchronous: what reads the database that such a connection string opens beside its connections. */
  readers?(connectionString: string, options: ReadersOptions): Readers | undefined;
  /**
   * Where statements go faster by parts of the driver that its documentation does not have: does the connection's driver have
   * them? Where it does not, they go as the driver documents it.
   */
  isKnown?(connection: unknown): boolean;
  /** Runs a statement of the developer's on a driver connection, as it is. */
  say(connection: unknown, statement: string): Promise<void>;
  /** A config whose connections keep to the rules, as far as the database has such. */
  restrict(config: Knex.Config, rules: ConnectionRules): Knex.Config;
  /** Readies a new connection, once all else was said on it: what types of the schema need to be compared as they are meant. */
  settle?(connection: unknown): Promise<void>;
  /** The config whose connections leave no trace where they only read, where opening one does otherwise. */
  untouched?(config: Knex.Config): Knex.Config;
  /** The config whose connections write, but leave the file in the form that it has. */
  unconverted?(config: Knex.Config): Knex.Config;
  /** One connection serves all, so that its pool is not to be set. */
  readonly oneConnection?: true;
}
