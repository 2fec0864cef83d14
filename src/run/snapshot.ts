// What is made of one schema: the same for all of its requests, and replaced as a whole when the schema changes.

import type { Right, Role } from "../access/roles.js";
import type { Shown } from "../access/shown.js";
import type { Logger } from "../base/logger.js";
import type { Database } from "../database/session.js";
import type { Dialect } from "../dialect/dialect.js";
import type { Caller } from "../http/caller.js";
import type { Limits } from "../http/limits.js";
import type { Names } from "../plan/filter.js";
import type { Value } from "../plan/terms.js";
import type { AnyRoute, RouteTree } from "../routes/tree.js";
import type { Schema } from "../schema/schema.js";
import type { StampedColumn } from "../schema/stamps.js";
import type { TableHooks } from "./hooks.js";
import type { OtherApis } from "./other-apis.js";
import type { Outbox } from "./outbox.js";
import type { StatementCache } from "./statements.js";
import type { RunRoutine } from "./written-routine.js";

/** Never changed once it is made. */
export interface Snapshot extends Names {
  readonly schema: Schema;
  readonly tree: RouteTree;
  readonly database: Database;
  /** What the database's server is known to speak. */
  readonly dialect: Dialect;
  readonly limits: Limits;
  /** Do the words of errors that the database's own code raises reach the client? */
  readonly raisedMessages: boolean;
  /** May text be a formula in CSV? */
  readonly csvFormulas: boolean;
  readonly compile: StatementCache;
  /** The tables that have hooks; most have none, and pay nothing. */
  readonly hooks: ReadonlyMap<string, TableHooks>;
  /** Left out where nobody hears of writes. */
  readonly outbox?: Outbox;
  /** For hooks. */
  readonly apis: OtherApis;
  /** The host's own functions, by the `id` of the routine. */
  readonly runs: ReadonlyMap<string, RunRoutine>;
  /** The columns of each table that the API itself writes; most have none. */
  readonly stamps: ReadonlyMap<string, readonly StampedColumn[]>;
  readonly logger: Logger;
  /** Left out where there are no roles. */
  readonly roles?: Roles;
  /** The same with deleted rows; left out where all rows are there for everybody, and where a caller's view has its own. */
  readonly withDeleted?: Snapshot;
}

/** The roles of a snapshot. */
export interface Roles {
  readonly byName: ReadonlyMap<string, Role>;
  /** What a caller sees. The same value for callers of one role whose claims say the same. */
  viewFor(caller?: Caller): CallerView;
}

/** A snapshot as a role sees it, and what the role may do in it. */
export interface CallerView {
  readonly snapshot: Snapshot;
  readonly access: Access;
}

/** What a caller may do, where there are roles. */
export interface Access {
  readonly role: Role;
  /** The role's name and the claims in its rules: the same text for callers who see the same. */
  readonly rights: string;
  /** Nobody signed in. */
  readonly isAnonymous: boolean;
  /** The values of the claims in the role's rules. Plans name them by positions below 0. */
  readonly values: readonly Value[];
  /** What the role's writes to a table set, by field. Throws 403 where a claim is missing. */
  settings(table: string): Readonly<Record<string, unknown>>;
  may(right: Right, table: string): boolean;
  uses(route: AnyRoute): boolean;
  /** What documents and pages show of the API. */
  shown(): Shown;
  /** The role's tables and columns, without its row policies. */
  readonly unrestricted: Snapshot;
  /** All tables and columns: for what is no answer to the caller. */
  readonly whole: Snapshot;
}
