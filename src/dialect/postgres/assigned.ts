// What an UPDATE sets a column to: who sends a whole record back has not changed what shows the same.
import type { ColumnType } from "../../schema/schema.js";
import { assignedWkt } from "./geometry.js";

/** `Dialect.assigned`. Equal numbers may have more or fewer zeros behind the point, which are shown; within jsonb too. */
export function assigned(column: string, placeholder: string, bound: string, type: ColumnType): string {
  if (type.geometry !== undefined) return assignedWkt(column, placeholder, type);
  const { kind, scale, native, element } = type;
  const zeros = (kind === "decimal" && scale === undefined) || element?.kind === "decimal" || native === "jsonb";
  return zeros ? `CASE WHEN ${column} = ${bound} THEN ${column} ELSE ${bound} END` : bound;
}
