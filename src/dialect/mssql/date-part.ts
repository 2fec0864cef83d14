// `Dialect.datePart` (https://learn.microsoft.com/en-us/sql/t-sql/functions/datepart-transact-sql).
import type { DatePart } from "../../plan/date-parts.js";
import type { ColumnType } from "../../schema/schema.js";

export function datePart(part: DatePart, c: string, { kind }: ColumnType): string {
  const at = kind === "instant" ? `SWITCHOFFSET(${c}, '+00:00')` : c;
  // The session says which weekday is the first. The first day of 1900 was a Monday.
  if (part === "dow") return `((DATEDIFF(day, '19000101', CAST(${at} AS date)) % 7 + 7) % 7 + 1)`;
  return `DATEPART(${part === "week" ? "iso_week" : part}, ${at})`;
}
