// Columns of arrays and ranges against values (https://www.postgresql.org/docs/current/functions-range.html, functions-array.html).
import type { SetComparison } from "../../plan/terms.js";
import type { ColumnType } from "../../schema/schema.js";

/** `other` types with an order and an equality of their own; the rest (xml, point, …) compare as text. */
const ordered = /^(interval|inet|cidr|macaddr8?|bit|bit varying|time.* with time zone|pg_lsn|ltree|\w+range)\b(?!.*\[)/;

export const isComparable = ({ kind, native, element, fields }: ColumnType): boolean =>
  !(kind === "json" && native === "json") &&
  (kind !== "other" || (fields?.every(({ type }) => isComparable(type)) ?? ordered.test(native))) &&
  (element === undefined || isComparable(element));

const signs: Readonly<Record<SetComparison, string>> = { contains: "@>", overlaps: "&&", containedby: "<@" };

/** What is compared with a range says its type: a bare placeholder would be one of the column's own. */
export function comparedSet(how: SetComparison, expression: string, placeholder: string, type: ColumnType): string {
  const sign = signs[how];
  if (type.kind !== "array")
    return `${expression} ${sign} ${placeholder}::${type.native.replace("multirange", "range")}`;
  return isComparable(type)
    ? `${expression} ${sign} ${placeholder}`
    : `CAST(${expression} AS text[]) ${sign} CAST(${placeholder} AS text[])`;
}
