// A column's value as it stands in JSON, whatever the row really holds: a declared type is a habit in SQLite, not a promise.
import type { ColumnType } from "../../schema/schema.js";
import { EXACT, MOMENT } from "./statements.js";

/** `Dialect.json`. What has the bytes of a JSONB value json_object takes for JSON: `x'01'` would be `true`. */
export function shown(c: string, type: ColumnType): string {
  if (type.held !== undefined) return heldMoment(c, type);
  const other = type.loose || type.kind === "binary" || type.kind === "any" ? unlessBlob(c) : c;
  if (type.native === EXACT) return `json(${c})`;
  switch (type.kind) {
    case "boolean":
      return `CASE ${c} WHEN 1 THEN json('true') WHEN 0 THEN json('false') ELSE ${other} END`;
    case "decimal":
    case "float":
    case "any":
      // SQLite would show 17 digits of a REAL; JavaScript knows the fewest that lead back to it.
      return `CASE WHEN typeof(${c}) = 'real' THEN CASE ${c} ${infinities} ELSE json(sapwood_digits(${c})) END ELSE ${other} END`;
    case "json":
      // 9: JSON text or JSONB (https://sqlite.org/json1.html#jvalid).
      return `CASE WHEN json_valid(${c}, 9) THEN json(${c}) ELSE ${other} END`;
    case "time":
      return `CASE WHEN ${c} GLOB '??:??:??.*' THEN ${withoutZeros(c)} ELSE ${other} END`;
    case "datetime":
      return `CASE WHEN ${isDateTime(c)} THEN ${isoDateTime(c)} WHEN ${isNumberOfMoment(c)} THEN ${isoMoment(c)} ELSE ${other} END`;
    case "instant":
      return `CASE WHEN ${isInstant(c)} THEN ${isoInstant(c)} || '+00:00' WHEN ${isNumberOfMoment(c)} THEN ${isoMoment(c)} || '+00:00' ELSE ${other} END`;
    default:
      return other;
  }
}

// BLOBs sort behind every other value (https://sqlite.org/datatype3.html, 4.1), and comparing costs less than asking typeof.
const unlessBlob = (c: string): string => `CASE WHEN ${c} >= x'' THEN sapwood_base64(${c}) ELSE ${c} END`;

const infinities = "WHEN 9e999 THEN 'Infinity' WHEN -9e999 THEN '-Infinity'";

const dateAndTime = "'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][T ][0-9][0-9]:[0-9][0-9]:[0-9][0-9]*'";
const isDateTime = (c: string): string => `${c} GLOB ${dateAndTime} AND substr(${c}, 20) NOT GLOB '*[^.0-9]*'`;
const isInstant = (c: string): string => `${c} GLOB ${dateAndTime}`;
const withoutZeros = (c: string): string => `rtrim(rtrim(${c}, '0'), '.')`;
/** A time of day in the form in which it is shown. */
export const withoutFraction = (c: string): string =>
  `CASE WHEN ${c} GLOB '??:??:??.*' THEN ${withoutZeros(c)} ELSE ${c} END`;
const isoDateTime = (c: string): string =>
  `CASE WHEN substr(${c}, 20, 1) = '.' THEN ${withoutZeros(`substr(${c}, 1, 10) || 'T' || substr(${c}, 12)`)} ELSE substr(${c}, 1, 10) || 'T' || substr(${c}, 12) END`;
const isoInstant = (c: string): string =>
  `CASE WHEN substr(${c}, 20) GLOB '*[-+]*' THEN ${isoMoment(c)} ELSE ${isoDateTime(`rtrim(${c}, 'Z')`)} END`;
const isoMoment = (c: string): string => `replace(${MOMENT}(${c}), ' ', 'T')`;
/** Seconds or milliseconds since 1970, or days. */
const isNumberOfMoment = (c: string): string =>
  `typeof(${c}) IN ('integer', 'real') AND typeof(${MOMENT}(${c})) = 'text'`;

const written = "'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]'";

export const isMoment = ({ kind }: ColumnType): boolean => kind === "datetime" || kind === "instant";

/** The one form that `encode` writes, for rows that others wrote as `2024-02-29T12:30:00.500Z`, or as a number. */
export const asWritten = (c: string, { held }: ColumnType): string =>
  held === undefined ? writtenText(c) : `${MOMENT}_of(${c}, '${held}')`;

/** What an INSERT or an UPDATE writes. */
export const asHeld = (placeholder: string, { held }: ColumnType): string =>
  held === undefined ? placeholder : `${MOMENT}_number(${placeholder}, '${held}')`;

/** A number, of which the config says what it counts. */
const heldMoment = (c: string, type: ColumnType): string =>
  `replace(${asWritten(c, type)}, ' ', 'T')${type.kind === "instant" ? " || '+00:00'" : ""}`;

const writtenText = (c: string): string => `CASE WHEN ${c} GLOB ${written} THEN ${c} ELSE ${MOMENT}(${c}) END`;
