// What a request means against this schema. A `Plan` is plain data without a value in it: values stand beside it and are
// named by their position, so that the plan's JSON is the request's shape and statements can be remembered by it.

import type { Join, RowCall } from "../routes/tree.js";
import type { Deleted } from "./deleted.js";
import type { Aggregate, Condition, Grouped, Hop, Sorting, Value, ValueIndex } from "./terms.js";

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

export interface Assignment {
  readonly column: string;
  /** Left out: the column's default, or NULL. */
  readonly value?: ValueIndex;
  /** The value is added to the row's own. */
  readonly increment?: true;
}

/** New rows of the same columns. The values are theirs alone: row after row, each in the order of the columns. */
export interface InsertPlan {
  readonly kind: "insert";
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly conflict?: Conflict;
  /** The rows are read afterwards. */
  readonly unanswered?: true;
}

/** What a column of numbers was given last, by this connection: one row of it, as far as the dialect has a `lastNumber`. */
export interface LastNumberPlan {
  readonly kind: "last-number";
  readonly table: string;
  readonly column: string;
}

/** What becomes of a row that stands already by its key: `columns` are all of the key's. */
export interface Conflict {
  readonly columns: readonly string[];
  /** Takes over what the new row says, or stays as it is. */
  readonly action: "merge" | "ignore";
  /** What only a new row takes over, beside the key. */
  readonly kept?: readonly string[];
}

export interface UpdatePlan {
  readonly kind: "update";
  readonly table: string;
  readonly deleted?: Deleted;
  readonly set: readonly Assignment[];
  readonly where: readonly Condition[];
  /** The rows are read afterwards. */
  readonly unanswered?: boolean;
}

/**
 * Many rows, each set to values of its own. The values are theirs alone: row after row, the key's columns and then what is set, in
 * this order. No column of the key is set. The rows are read afterwards.
 */
export interface UpdateEachPlan {
  readonly kind: "update-each";
  readonly table: string;
  readonly set: readonly Pick<Assignment, "column" | "increment">[];
  readonly rows: number;
  /** What must hold of them besides. */
  readonly where: readonly Condition[];
}

export interface DeletePlan {
  readonly kind: "delete";
  readonly table: string;
  readonly where: readonly Condition[];
}

/** One row of a link table, made from the rows at its two ends if both are there and it is not there yet. */
export interface LinkPlan {
  readonly kind: "link";
  readonly table: string;
  readonly ends: readonly [LinkEndPlan, LinkEndPlan];
  /** The link table's further columns. */
  readonly set: readonly Assignment[];
  /** Its rows are not asked for. */
  readonly unanswered?: true;
  /** One that stands already is refused by its unique key, instead of stepped over. */
  readonly refused?: true;
}

export interface LinkEndPlan {
  readonly table: string;
  /** Columns of the link table, and the end's columns whose values they take. */
  readonly columns: readonly string[];
  readonly references: readonly string[];
  readonly where: readonly Condition[];
}

export type Plan =
  | ListPlan
  | LevelPlan
  | CountPlan
  | EstimatePlan
  | ExistsPlan
  | ReadPlan
  | InsertPlan
  | UpdatePlan
  | UpdateEachPlan
  | DeletePlan
  | LinkPlan
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
