// The databases and users of a server. Left out by dialects whose database is a file: it has neither.
import type { Ask } from "../connection.js";

export interface AdministrationPart {
  readonly administration?: Administration;
}

export interface Administration {
  /** A query for the connection's `database` and `account`. */
  readonly own: string;
  /** A query for databases, as rows of `name`. */
  readonly databases: string;
  /** A query for those who may sign in, as rows of `name`, and of `host` where they have one. */
  readonly users: string;
  /** A query for what was granted here: rows of `name`, `host`, `schema`, `table` and `right`. Without a `table` it is for all of them. */
  readonly grants: string;
  /** What the server needs for itself. */
  readonly reserved: { readonly databases: RegExp; readonly users: RegExp };
  /** Characters of a user's name. */
  readonly longestUser: number;
  /** Is a user of a host, `%` for any? */
  readonly hosts: boolean;
  createDatabase(name: string): string;
  dropDatabase(name: string): string;
  /** A query that answers rows where a database holds tables or views. */
  holdsTables(name: string): string;
  /** The driver's settings for another database: left out where `holdsTables` may be asked from any. */
  otherDatabase?(settings: object, name: string): object;
  createUser(user: NewDatabaseUser, ask: Ask): Promise<readonly Said[]>;
  dropUser(user: DatabaseAccount, ask: Ask): Promise<readonly Said[]>;
  /** What makes one of several statements that are said to a connection; left out where users are not undone by it. */
  readonly together?: { readonly begin: string; readonly commit: string; readonly rollback: string };
  /** Runs a statement on a driver connection as it is: it is not prepared, and nowhere remembered. */
  say(connection: unknown, text: string): Promise<void>;
  /** Errors by the server's own codes. */
  readonly faults: ReadonlyMap<unknown, Fault>;
}

/** Why the server refuses: `password` is one that its own rules do not take. */
export type Fault = "exists" | "missing" | "in use" | "not allowed" | "password";

export interface DatabaseAccount {
  readonly name: string;
  readonly host?: string;
}

export interface NewDatabaseUser extends DatabaseAccount {
  /** Printable ASCII without a backslash. */
  readonly password: string;
  readonly grants: readonly TableGrant[];
}

/** In SQL's own words. */
export type TableRight = "SELECT" | "INSERT" | "UPDATE" | "DELETE";

export interface TableGrant {
  readonly schema: string | null;
  readonly table: string;
  readonly rights: readonly TableRight[];
}

export interface Said {
  readonly text: string;
  /** The same without its secret; left out where it has none. */
  readonly shown?: string;
}

/** What stands in the place of a secret. */
export const SECRET_MASK = "***";
