// Which of a table's rows are there, where some are only marked as deleted.
import type { StampedColumn } from "../schema/stamps.js";
import type { Condition } from "./terms.js";

/** Deleted rows too, or only those. Left out: the others. */
export type Deleted = "with" | "only";

/** Holds for rows that are deleted, or for all others. */
export function isDeleted({ name: column, stamp }: StampedColumn, deleted: boolean): Condition {
  if (stamp.holds === "flag") return { type: "flag", column, is: deleted };
  return { type: "null", column, negated: deleted };
}

/** For a table without such a column there is nothing to ask. */
export function thereAre(column: StampedColumn | undefined, deleted: Deleted | undefined): readonly Condition[] {
  return column === undefined || deleted === "with" ? [] : [isDeleted(column, deleted === "only")];
}
