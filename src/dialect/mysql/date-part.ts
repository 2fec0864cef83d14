// `Dialect.datePart` (https://dev.mysql.com/doc/refman/8.4/en/date-and-time-functions.html). A zero date is shown as NULL, and has
// no parts.
import type { DatePart } from "../../plan/date-parts.js";
import type { ColumnType } from "../../schema/schema.js";
import { inUtc, isMoment } from "./shown.js";

export function datePart(part: DatePart, c: string, type: ColumnType): string {
  const number = parts[part](type.kind === "instant" ? inUtc(c) : c);
  return isMoment(type) ? `CASE WHEN ${c} <> 0 THEN ${number} END` : number;
}

const parts: Readonly<Record<DatePart, (c: string) => string>> = {
  year: (c) => `YEAR(${c})`,
  quarter: (c) => `QUARTER(${c})`,
  month: (c) => `MONTH(${c})`,
  // Mode 3 is ISO 8601.
  week: (c) => `WEEK(${c}, 3)`,
  day: (c) => `DAYOFMONTH(${c})`,
  // 0 is Monday.
  dow: (c) => `(WEEKDAY(${c}) + 1)`,
  hour: (c) => `HOUR(${c})`,
};
