// A procedure's results as tedious gives them → columns and values that can be shown: nobody knows them before the call.
import type { ColumnType, ValueKind } from "../../schema/schema.js";
import type { ResultColumn } from "../connection.js";

/** How the batch of a procedure's call begins. */
export const CALL = "DECLARE @return int";

/** What tedious tells of a column. */
export interface WireColumn {
  readonly colName: string;
  readonly type: { readonly name: string };
}

const kinds: readonly (readonly [RegExp, ValueKind])[] = [
  [/^(?:Big|Small|Tiny)?Int/, "integer"],
  [/^Bit/, "boolean"],
  [/^(?:Float|Real)/, "float"],
  [/Money|^(?:Decimal|Numeric)/, "decimal"],
  [/^UniqueIdentifier/, "uuid"],
  [/^DateTimeOffset/, "instant"],
  [/DateTime/, "datetime"],
  [/^Date/, "date"],
  [/^Time/, "time"],
  [/Binary|^Image/, "binary"],
];

export function resultColumn({ colName, type: { name } }: WireColumn): ResultColumn {
  const kind = kinds.find(([pattern]) => pattern.test(name))?.[1] ?? "text";
  return { name: colName, type: { kind, native: name } };
}

/** The driver makes moments of what has no zone, as if it were in UTC. */
export function resultValue(value: unknown, { kind }: ColumnType): unknown {
  if (kind === "uuid" && typeof value === "string") return value.toLowerCase();
  if (!(value instanceof Date)) return value;
  const [day = "", clock = ""] = value.toISOString().slice(0, -1).split("T");
  const time = clock
    .replace(/\.?0+$/, "")
    .replace(/^(\d\d)$/, "$1:00:00")
    .replace(/^(\d\d:\d\d)$/, "$1:00");
  if (kind === "date") return day;
  if (kind === "time") return time;
  return `${day}T${time}${kind === "instant" ? "Z" : ""}`;
}
