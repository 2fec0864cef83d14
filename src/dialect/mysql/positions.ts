// What is compared, sorted by, and kept in a cursor of a column's value (`Dialect.comparable`, `sortable`, `position`).
import type { ColumnType } from "../../schema/schema.js";
import type { Position } from "../statement-parts.js";
import { asWkt, isGeometry } from "./geometry.js";
import { isBits, jsonText } from "./shown.js";

const isJsonText = (type: ColumnType): boolean => type.kind === "text" && type.native === "json";

const BYTES: ColumnType = { kind: "binary", native: "" };
const TEXT: ColumnType = { kind: "text", native: "" };
const WHOLE: ColumnType = { kind: "integer", native: "" };

export function comparable(expression: string, type: ColumnType): string {
  // Bytes: no collation that both databases have minds the spaces at the end.
  if (isJsonText(type)) return `CAST(${expression} AS BINARY)`;
  if (type.kind === "json") return `CAST(${expression} AS CHAR)`;
  if (isGeometry(type)) return asWkt(expression, type);
  return isBits(type) ? `(${expression} + 0)` : expression;
}

/**
 * Only the first bytes of a longer value count in ORDER BY, as many as the server thinks fit (max_sort_length, 1024 at first);
 * in a comparison all of them do. So it is said here how many: fewer than that.
 */
export function sortable(expression: string, type: ColumnType): string {
  if (type.kind === "boolean") return `(${expression} <> 0)`;
  const value = comparable(expression, type);
  // Found in JSON, and bytes already.
  if (isJsonText(type)) return `LEFT(${value}, 1000)`;
  const characters = type.kind === "text" || type.kind === "json" || isGeometry(type);
  if (characters) return (type.length ?? 1024) > 512 ? `LEFT(${value}, 255)` : value;
  return type.kind === "binary" && (type.length ?? 2000) > 1024 ? `LEFT(${value}, 1000)` : value;
}

/** What is kept is JSON text; NULL stays NULL. */
export function positionOf(c: string, type: ColumnType): Position {
  const compared = sortable(c, type);
  if (isJsonText(type)) return { kept: jsonText(compared, BYTES), compared, type: BYTES, shown: false };
  // They sort by their numbers, and compare by their texts.
  if (type.kind === "boolean") return { kept: compared, compared, type: WHOLE, shown: false };
  if (type.kind === "enum" || /^set\b/i.test(type.native))
    return { kept: `(${c} + 0)`, compared: `(${c} + 0)`, type: WHOLE, shown: false };
  switch (type.kind) {
    case "integer":
    case "uuid":
      return { kept: jsonText(c, type), compared, type, shown: true };
    case "decimal":
    case "float":
    case "any":
      return { kept: jsonText(c, type), compared, type, shown: false };
    case "binary":
      return { kept: jsonText(compared, type), compared, type, shown: false };
    case "instant":
      return instantPosition(c);
    case "date":
    case "time":
    case "datetime":
      return { kept: `CONCAT('"', ${c}, '"')`, compared, type: TEXT, shown: false };
    default:
      if (isBits(type)) return { kept: jsonText(c, type), compared, type, shown: false };
      return {
        kept: `JSON_QUOTE(CONCAT(${compared}))`,
        compared,
        type: TEXT,
        shown: type.kind === "text" && compared === c,
      };
  }
}

/**
 * ORDER BY knows a TIMESTAMP's moment, a comparison with anything else the time in the session's zone, which may have an hour
 * twice a year. FROM_UNIXTIME is that time again: two hours away from it no row is lost, where there are such moments.
 */
const instantPosition = (c: string): Position => ({
  kept: `UNIX_TIMESTAMP(${c})`,
  compared: `UNIX_TIMESTAMP(${c})`,
  type: { kind: "decimal", native: "", precision: 16, scale: 6 },
  shown: false,
  bound: (sign, put) =>
    sign === ">="
      ? `(${c} >= FROM_UNIXTIME(${put()} - 7200) OR ${put()} < 7200)`
      : `(${c} <= FROM_UNIXTIME(${put()} + 7200) OR ${put()} > 2147476447)`,
});
