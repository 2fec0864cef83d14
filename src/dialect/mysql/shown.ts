// What rows show on MySQL and MariaDB. JSON is put together as text: mysql2 parses whatever the server calls JSON, and a ZEROFILL
// number breaks JSON_OBJECT.
import type { ColumnType } from "../../schema/schema.js";
import type { JsonField } from "../statement-parts.js";
import { asWkt, isGeometry } from "./geometry.js";

export const isBits = (type: ColumnType): boolean => type.kind === "other" && /^bit\b/i.test(type.native);

/** A day, and maybe a time of it. */
export const isMoment = ({ kind }: ColumnType): boolean => kind === "date" || kind === "datetime" || kind === "instant";

/** The value as JSON text; NULL stays NULL. */
export function jsonText(c: string, type: ColumnType): string {
  switch (type.kind) {
    case "integer":
    case "decimal":
      if (type.native === SHORT) return shortened(c);
      // YEAR and ZEROFILL have leading zeros, which JSON does not.
      return /^year|zerofill/i.test(type.native) ? `${c} + 0` : c;
    case "float":
      if (/^float/i.test(type.native)) return float(c);
      // As a text in a temporary table DOUBLE(5,2) has five characters on MariaDB, where -999.99 has seven.
      return /\(/.test(type.native) ? `CAST(${c} AS DOUBLE)` : c;
    case "boolean":
      return `ELT(1 + (${c} <> 0), 'false', 'true')`;
    case "json":
      return c;
    case "binary":
      return `CONCAT('"', REPLACE(TO_BASE64(${c}), CHAR(10 USING ascii), ''), '"')`;
    case "date":
      return unlessZero(c, `CONCAT('"', ${c}, '"')`);
    case "uuid":
      return `CONCAT('"', ${c}, '"')`;
    case "time":
      return `CONCAT('"', ${withoutZeros(c, "TIME", type)}, '"')`;
    case "datetime":
      return unlessZero(c, `CONCAT('"', REPLACE(${withoutZeros(c, "DATETIME", type)}, ' ', 'T'), '"')`);
    case "instant": {
      return `CONCAT('"', REPLACE(${withoutZeros(inUtc(c), "DATETIME", type)}, ' ', 'T'), '+00:00"')`;
    }
    case "text":
      return `JSON_QUOTE(${c})`;
    case "any":
      // Whatever it is: an array of one, without its brackets, is a number where the value is one.
      return `REGEXP_REPLACE(JSON_ARRAY(${c}), '^.|.$', '')`;
    default:
      if (isGeometry(type)) return `JSON_QUOTE(${asWkt(c, type)})`;
      if (isBits(type)) return `CONCAT('"', LPAD(BIN(${c} + 0), ${type.length ?? 1}, '0'), '"')`;
      return `JSON_QUOTE(CONCAT(${c}))`;
  }
}

/** The type of decimals that are shown without the zeros at their end. */
export const SHORT = "short decimal";
const shortened = (c: string): string => `TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM ${c}))`;

/** `Dialect.shownText`: what a JSON string holds that has no escapes. */
export function shownText(c: string, type: ColumnType): string {
  const text = jsonText(c, type);
  switch (type.kind) {
    case "text":
      return `CONVERT(${c} USING utf8mb4)`;
    case "integer":
    case "decimal":
    case "float":
    case "boolean":
      return `CONCAT(${text})`;
    case "enum":
    case "other":
    case "any":
      return `JSON_UNQUOTE(${text})`;
    default:
      return `REPLACE(${text}, '"', '')`;
  }
}

/** A TIMESTAMP is told in the session's zone. */
export const inUtc = (c: string): string => `CONVERT_TZ(${c}, @@session.time_zone, '+00:00')`;

const unlessZero = (c: string, shown: string): string => `IF(${c} = 0, NULL, ${shown})`;

/** FLOAT is shown with six digits; where those do not lead back to the value, all of a DOUBLE's are. */
const float = (c: string): string =>
  `IF(CAST(CONCAT(${c}) AS FLOAT) = ${c}, CONCAT(${c}), CONCAT(CAST(${c} AS DOUBLE)))`;

function withoutZeros(c: string, as: string, type: ColumnType): string {
  if (type.scale === 0) return c;
  const fraction = type.scale === undefined ? `CAST(${c} AS ${as}(6))` : c;
  return shortened(fraction);
}

export function jsonObject(fields: readonly JsonField[]): string {
  if (fields.length === 0) return "'{}'";
  const parts = fields.map(
    (field, index) => `${literal(`${index === 0 ? "{" : ","}${JSON.stringify(field.name)}:`)}, ${field.expression}`,
  );
  return `CONCAT(${parts.join(", ")}, '}')`;
}

/** In hexadecimal where a backslash (see `likePattern`) or another character set could change it. */
const literal = (text: string): string =>
  /^[ -&(-[\]-~]*$/.test(text) ? `'${text}'` : `_utf8mb4 0x${Buffer.from(text).toString("hex")}`;
