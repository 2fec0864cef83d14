// `Dialect.datePart` (https://sqlite.org/lang_datefunc.html). What is no moment has no parts.
import type { DatePart } from "../../plan/date-parts.js";
import type { ColumnType } from "../../schema/schema.js";
import { asWritten } from "./shown.js";

export function datePart(part: DatePart, c: string, type: ColumnType): string {
  const at = type.kind === "time" ? c : asWritten(c, type);
  const number = (format: string, moment = at) => `CAST(strftime('${format}', ${moment}) AS INTEGER)`;
  switch (part) {
    case "year":
      return number("%Y");
    case "quarter":
      return `((${number("%m")} + 2) / 3)`;
    case "month":
      return number("%m");
    case "week":
      // A week is of the year that its Thursday is in. `%V` is of SQLite 3.46.
      return `((${number("%j", `date(${at}, '-3 days', 'weekday 4')`)} + 6) / 7)`;
    case "day":
      return number("%d");
    case "dow":
      // `%w` is 0 on Sundays.
      return `((${number("%w")} + 6) % 7 + 1)`;
    case "hour":
      return number("%H");
  }
}
