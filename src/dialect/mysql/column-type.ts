// A column's type as information_schema tells it → what its values are.
import type { ColumnType, GeometryType } from "../../schema/schema.js";
import { charsetNamed } from "../charsets.js";

interface NativeType {
  /** DATA_TYPE: `int`. */
  readonly name: string;
  /** COLUMN_TYPE: `int(10) unsigned`. */
  readonly native: string;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly fraction?: number;
  readonly charset?: string;
  /** Where it is a geometry. */
  readonly geometry?: GeometryType;
  /** Whether the server keeps clients from dates without a month or a day (NO_ZERO_IN_DATE). */
  readonly wholeDates?: boolean;
  /** Whether it is the number of a row: a key, or what refers to one. */
  readonly numbers?: boolean;
}

export function typeOf({
  name,
  native,
  length,
  precision,
  scale,
  fraction,
  charset,
  geometry,
  numbers,
  wholeDates,
}: NativeType): ColumnType {
  // What it calls latin1 is Microsoft's (https://dev.mysql.com/doc/refman/8.4/en/charset-we-sets.html).
  const kept = charset === undefined ? {} : charsetNamed(charset === "latin1" ? "cp1252" : charset);
  const held = wholeDates ? { heldOnly: true as const } : {};
  if (/^bit\(1\)/i.test(native)) return { kind: "boolean", native };
  if (/^tinyint\(1\)/i.test(native) && !numbers) return { kind: "boolean", native, numeric: true };
  const bits = integerBits[name];
  if (bits !== undefined) return { kind: "integer", native, ...bounds(bits, /unsigned/i.test(native)) };
  switch (name) {
    case "year":
      return { kind: "integer", native, min: "0", max: "2155" };
    case "decimal":
    case "numeric":
      return { kind: "decimal", native, precision, scale: scale ?? 0 };
    case "float":
    case "double":
      return { kind: "float", native };
    case "char":
    case "varchar":
      return { kind: "text", native, length, ...kept };
    case "tinytext":
    case "text":
    case "mediumtext":
    case "longtext":
      // Their length is one of bytes.
      return { kind: "text", native, ...kept };
    case "uuid":
    case "json":
      return { kind: name, native };
    case "date":
      return { kind: "date", native, also: `^${INCOMPLETE}$`, ...held };
    case "time":
      return { kind: "time", native, scale: fraction ?? 0, also: SPAN };
    case "datetime":
      return { kind: "datetime", native, scale: fraction ?? 0, also: `^${INCOMPLETE}T${CLOCK}$`, ...held };
    case "timestamp":
      return { kind: "instant", native, scale: fraction ?? 0 };
    case "binary":
    case "varbinary":
    case "tinyblob":
    case "blob":
    case "mediumblob":
    case "longblob":
      return { kind: "binary", native, length };
    case "enum":
      return { kind: "enum", native, values: enumValues(native), holdsEmpty: true };
    case "bit":
      return { kind: "other", native, length: precision, bits: { least: 1, most: precision ?? 1 } };
    default:
      return { kind: "other", native, ...(geometry !== undefined && { geometry }) };
  }
}

/** Days of a year 0, and those without a month or a day (https://dev.mysql.com/doc/refman/8.4/en/date-and-time-types.html). */
const INCOMPLETE = String.raw`(?!0000-00-00)(?:0000-\d\d-\d\d|\d{4}-00-\d\d|\d{4}-\d\d-00)`;
const CLOCK = String.raw`\d\d:\d\d:\d\d(?:\.\d{1,6})?`;
/** Its TIME is a span as well (https://dev.mysql.com/doc/refman/8.4/en/time.html). */
const SPAN = String.raw`^-?(?:\d\d|[1-7]\d\d|8[0-2]\d|83[0-8]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?$`;

const integerBits: Readonly<Record<string, bigint>> = {
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  int: 32n,
  bigint: 64n,
};

function bounds(bits: bigint, unsigned: boolean): { min: string; max: string } {
  if (unsigned) return { min: "0", max: String(2n ** bits - 1n) };
  return { min: String(-(2n ** (bits - 1n))), max: String(2n ** (bits - 1n) - 1n) };
}

const escapes: Readonly<Record<string, string>> = { "''": "'", "\\\\": "\\", "\\n": "\n", "\\r": "\r", "\\0": "\0" };

/** The values of `enum('a','it''s')`, as append_unescaped writes them (sql/unireg.cc). */
function enumValues(native: string): string[] {
  const quoted = native.slice(native.indexOf("(")).match(/'(?:[^']|'')*'/g) ?? [];
  return quoted.map((value) => value.slice(1, -1).replace(/''|\\[\\nr0]/g, (found) => escapes[found] ?? found));
}
