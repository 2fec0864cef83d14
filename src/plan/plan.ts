// What a request means against this schema. A `Plan` is plain data without a value in it: values stand beside it and are
// named by their position, so that the plan's JSON is the request's shape and statements can be remembered by it.

import type { Join, RowCall } from "../routes/tree.js";
import type { Deleted } from "./deleted.js";
import type { Aggregate, Condition, Grouped, Hop, Sorting, Value, ValueIndex } from "./terms.js";
import type { WritePlan } from "./write-plan.js";

/** One field of a row's JSON. */
export type ShownField =
  | ColumnShown
  | { readonly type: "aggregate"; readonly field: string; readonly of: Aggregate }
  | Embed;

export interface ColumnShown {
  readonly type: "column";
  readonly field: string;
  readonly column: Grouped;
  /** It is of the row to which these to-one relations lead, one after the other. */
  readonly through?: readonly Hop[];
}

/** A field of a related row that stands in the row itself. */
export type SpreadShown = (ColumnShown | Embed) & { readonly through: readonly Hop[] };

/** Rows put together by the plain columns of `select`: one row a group. */
export interface Grouping {
  readonly select: readonly ShownField[];
  readonly having: readonly Condition[];
}

/** The related rows, as an array or as one object or null. */
export interface Embed {
  readonly type: "embed";
  readonly field: string;
  /** They are related to the row to which these to-one relations lead, one after the other. */
  readonly through?: readonly Hop[];
  readonly join: Join | RowCall;
  /** Only by those rows of the link table for which these hold; left out where any will do. */
  readonly links?: readonly Condition[];
  readonly many: boolean;
  readonly list: ListPlan;
}

/** A call of a routine, whose rows stand in the place of a table's. */
export interface Called {
  /** `resultId` of the routine. */
  readonly routine: string;
  /** By the position among all of the routine's arguments; nothing for those that are left out. */
  readonly arguments: readonly (CalledArgument | null)[];
  /** It may write: it is never called twice for one request. */
  readonly writes?: true;
  /** Outside of a transaction its statement is one of its own, in which nothing can be written. */
  readonly alone?: true;
}

/** A value, or the one row of a table for which these hold. */
export type CalledArgument =
  | { readonly value: ValueIndex }
  | { readonly row: string; readonly where: readonly Condition[] };

/** A call that answers no rows that could be selected from. */
export interface CallPlan {
  readonly kind: "call";
  readonly table: string;
  readonly from: Called;
  /** It is no call, but gives the arguments' variables their values beforehand, or reads them afterwards (`Dialect.outVariables`). */
  readonly variables?: "set" | "read";
}

export interface ListPlan {
  readonly kind: "list";
  readonly table: string;
  readonly deleted?: Deleted;
  /** The table's rows come from a call. */
  readonly from?: Called;
  /** Every column when it is left out. */
  readonly select?: readonly ShownField[];
  /** The rows are groups: by the plain columns of `select`, kept where these hold. */
  readonly having?: readonly Condition[];
  readonly where: readonly Condition[];
  readonly order: readonly Sorting[];
  /** A row's last column is its place in the order, as JSON: a cursor is made of it. */
  readonly positions?: boolean;
  /** Stands in the text, as a plan that is kept for all values needs to know how few rows are wanted. */
  readonly limit?: number;
  readonly offset?: ValueIndex;
  /** Nobody else may change the rows before the transaction ends. */
  readonly lock?: boolean;
  /** Asked about the rows that are to be changed: only those that whoever asks may change. */
  readonly changing?: boolean;
}

/**
 * One embedded relation of several rows at once, where a database cannot embed it in the rows' own statement: the lists of
 * those rows of `table` whose `key` columns hold `keys`.
 */
export interface LevelPlan {
  readonly kind: "level";
  readonly table: string;
  readonly key: readonly string[];
  readonly keys: readonly (readonly ValueIndex[])[];
  readonly embed: Embed;
}

export interface CountPlan {
  readonly kind: "count";
  readonly table: string;
  readonly deleted?: Deleted;
  readonly from?: Called;
  /** Counts groups. */
  readonly groups?: Grouping;
  readonly where: readonly Condition[];
  /** No further than this. */
  readonly most?: number;
}

/** About how many rows there are, where `Dialect.estimate` is. */
export interface EstimatePlan {
  readonly kind: "estimate";
  readonly table: string;
  readonly deleted?: Deleted;
  readonly where: readonly Condition[];
}

/** Is there such a row? One row of `1`, or none. */
export interface ExistsPlan {
  readonly kind: "exists";
  readonly table: string;
  readonly deleted?: Deleted;
  readonly where: readonly Condition[];
}

/** One row, or none. */
export interface ReadPlan {
  readonly kind: "read";
  readonly table: string;
  readonly deleted?: Deleted;
  readonly from?: Called;
  readonly select?: readonly ShownField[];
  readonly where: readonly Condition[];
  /** Nobody else may change the row before the transaction ends. */
  readonly lock?: boolean;
  /** Only if whoever asks may change it. */
  readonly changing?: boolean;
}

/** What a column's default is at this moment, as often as there are to be rows: one value a row. */
export interface DefaultPlan {
  readonly kind: "default";
  readonly table: string;
  readonly column: string;
  readonly rows: number;
}

/** By how much the numbers differ that one INSERT's rows are given. */
export interface NumberStepPlan {
  readonly kind: "number-step";
  readonly table: string;
}

/** What a column of numbers was given last, by this connection: one row of it, as far as the dialect has a `lastNumber`. */
export interface LastNumberPlan {
  readonly kind: "last-number";
  readonly table: string;
  readonly column: string;
}

export type Plan =
  | ListPlan
  | LevelPlan
  | CountPlan
  | EstimatePlan
  | ExistsPlan
  | ReadPlan
  | WritePlan
  | CallPlan
  | DefaultPlan
  | NumberStepPlan
  | LastNumberPlan;

/** May it change something? */
export const isWriting = (plan: Plan): boolean =>
  writes.has(plan.kind) || ("from" in plan && plan.from?.writes === true);
const writes: ReadonlySet<Plan["kind"]> = new Set(["insert", "update", "update-each", "delete", "link"]);

/** A plan with its values: what one request wants from the database. */
export interface Planned<P extends Plan = Plan> {
  readonly plan: P;
  readonly values: readonly Value[];
}
