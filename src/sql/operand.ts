// An operand → its expression, for conditions and ORDER BY alike.
import type { Operand } from "../plan/plan.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import type { ColumnType } from "../schema/schema.js";
import { aggregateOf } from "./aggregate.js";
import type { Writer } from "./writer.js";

export interface Written {
  /** As it is: what compares or sorts it asks the dialect for `comparable` or `sortable`. */
  readonly expression: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

export function operandOf(writer: Writer, operand: Operand, entry: TableLookup, qualifier: string): Written {
  if (typeof operand !== "string") return { ...aggregateOf(writer, operand, entry, qualifier), nullable: true };
  const { type, nullable } = columnOf(entry, operand);
  return { expression: writer.column(operand, qualifier), type, nullable };
}
