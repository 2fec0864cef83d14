// `Dialect.datePart` (https://www.postgresql.org/docs/current/functions-datetime.html, «EXTRACT»). Infinity has no parts.
import type { DatePart } from "../../plan/date-parts.js";
import type { ColumnType } from "../../schema/schema.js";

/** `week` is of ISO 8601 by itself. */
export function datePart(part: DatePart, c: string, { kind }: ColumnType): string {
  const at = kind === "instant" ? `${c} AT TIME ZONE 'UTC'` : c;
  const number = `CAST(EXTRACT(${part === "dow" ? "isodow" : part} FROM ${at}) AS int)`;
  return kind === "time" ? number : `CASE WHEN isfinite(${c}) THEN ${number} END`;
}
