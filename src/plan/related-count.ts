// `tracks.count()=gt:5` → the condition on the number of related rows.
import type { Filter } from "../request/filter.js";
import type { AnyRelation } from "../routes/tree.js";
import type { Column, ColumnType } from "../schema/schema.js";
import { type FilterPlace, planFilter } from "./condition.js";
import { onOperands } from "./operands.js";
import type { Condition, CountOf } from "./terms.js";
import type { Values } from "./values.js";

export const WHOLE: ColumnType = { kind: "integer", native: "bigint" };

export const countOf = ({ table, join }: AnyRelation): CountOf => ({ countOf: table, join });

/** It is compared as a column of whole numbers is. */
export function planCount(filter: Filter, relation: AnyRelation, place: FilterPlace, values: Values): Condition[] {
  const { name } = filter;
  const column: Column = { name, type: WHOLE, nullable: false, generated: true, identity: false, default: null };
  const operands = new Map([[name, countOf(relation)]]);
  return planFilter(filter, { column }, place, values).map((condition) => onOperands(condition, operands));
}
