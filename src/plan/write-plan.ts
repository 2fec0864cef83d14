// The plans that write: rows that are made, changed and deleted, and links.
import type { Deleted } from "./deleted.js";
import type { Condition, ValueIndex } from "./terms.js";

export type WritePlan = InsertPlan | UpdatePlan | UpdateEachPlan | DeletePlan | LinkPlan;

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
