// The parts of dates and times that rows are grouped and sorted by, and which values have them.
import type { ColumnType } from "../schema/schema.js";

/** `week` is of ISO 8601; `dow` is 1 to 7 from Monday. */
export const dateParts = ["year", "quarter", "month", "week", "day", "dow", "hour"] as const;
export type DatePart = (typeof dateParts)[number];

const days = dateParts.filter((part) => part !== "hour");

/** None where the values are neither dates nor times. */
export function datePartsOf({ kind }: ColumnType): readonly DatePart[] {
  if (kind === "time") return ["hour"];
  if (kind === "date") return days;
  return kind === "datetime" || kind === "instant" ? dateParts : [];
}

/** The type of a part. */
export const PART: ColumnType = { kind: "integer", native: "int", min: "-2147483648", max: "2147483647" };
