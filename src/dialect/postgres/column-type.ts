// A column's type as pg_type and pg_attribute tell it → what its values are.
import type { BitString, ColumnType, TypeField } from "../../schema/schema.js";
import { type CatalogueRow, textOrNull } from "../catalogue.js";
import { charsetNamed } from "../charsets.js";
import { geometryOn } from "./geometry.js";

interface NativeType {
  /** pg_type's name, domains resolved: `int4`. */
  readonly name: string;
  /** As format_type spells it: `numeric(10,2)`. */
  readonly native: string;
  /** atttypmod, which packs length, or precision and scale. */
  readonly modifier: number;
  readonly labels?: readonly string[];
  /** An array's element, by pg_type's name. */
  readonly element?: string;
  readonly elementNative?: string;
  readonly dimensions?: number;
  /** Of a composite type, or of the element that is one. */
  readonly fields?: readonly TypeField[];
  /** The database's. */
  readonly encoding?: string;
}

/** Where a question names its columns as `NativeType` does. */
export const typeFrom = (row: CatalogueRow): ColumnType => typeWith(row, fieldsFrom(row.fields));

const typeWith = (row: CatalogueRow, fields: readonly TypeField[] | undefined): ColumnType =>
  typeOf({
    name: String(row.type),
    native: String(row.native),
    modifier: Number(row.modifier),
    labels: row.labels === null ? undefined : (JSON.parse(String(row.labels)) as string[]),
    element: textOrNull(row.element) ?? undefined,
    dimensions: Number(row.dimensions),
    elementNative: textOrNull(row.elementNative) ?? undefined,
    fields,
    // What it calls LATIN1 is the standard's (manual: multibyte, «PostgreSQL Character Sets»).
    encoding: row.encoding === "LATIN1" ? "ISO88591" : String(row.encoding),
  });

/** A composite type, and the parts of all such types within it, which are named as a row's own columns are. */
interface CompositeParts {
  readonly of: string;
  readonly parts: Readonly<Record<string, readonly CatalogueRow[]>>;
}

function fieldsFrom(json: unknown): readonly TypeField[] | undefined {
  if (json === null || json === undefined) return undefined;
  const { of, parts } = JSON.parse(String(json)) as CompositeParts;
  const fields = (type: string): readonly TypeField[] | undefined =>
    parts[type]?.map((row) => ({ name: String(row.name), type: typeWith(row, fields(String(row.inside))) }));
  return fields(of);
}

export function typeOf(given: NativeType): ColumnType {
  const { name, native, modifier, labels, element, elementNative, dimensions = 1, fields, encoding = "UTF8" } = given;
  // The server's UTF8 is all of Unicode.
  const kept = encoding === "UTF8" ? {} : charsetNamed(encoding);
  if (element !== undefined) {
    const own = { labels, fields, encoding };
    const inner = typeOf({ name: element, native: elementNative ?? element, modifier, ...own });
    return { kind: "array", native, element: inner, ...(dimensions > 1 && { dimensions }) };
  }
  if (labels !== undefined) return { kind: "enum", native, values: labels };
  if (fields !== undefined) return { kind: "other", native, fields };
  const limits = integers[name];
  if (limits) return { kind: "integer", native, min: limits[0], max: limits[1] };
  const length = modifier < 4 ? {} : { length: modifier - 4 };
  const fraction = modifier < 0 ? {} : { scale: modifier };
  switch (name) {
    case "numeric":
      return { kind: "decimal", native, ...digits(modifier), also: NO_NUMBERS };
    case "money":
      return { kind: "decimal", native };
    case "float4":
    case "float8":
      return { kind: "float", native, also: NO_NUMBERS };
    case "bool":
      return { kind: "boolean", native };
    case "varchar":
    case "bpchar":
      return { kind: "text", native, ...length, ...kept };
    case "text":
    case "name":
    case "citext":
    case "char":
      return { kind: "text", native, ...kept };
    case "uuid":
      return { kind: "uuid", native };
    case "date":
      return { kind: "date", native, also: beyondIso("") };
    case "time":
      return { kind: "time", native, ...fraction, also: "^24:00:00$" };
    case "timestamp":
      return { kind: "datetime", native, ...fraction, also: beyondIso(CLOCK) };
    case "timestamptz":
      return { kind: "instant", native, ...fraction, also: beyondIso(`${CLOCK}\\+00:00`) };
    case "json":
    case "jsonb":
      return { kind: "json", native, ...kept };
    case "bytea":
      return { kind: "binary", native };
    case "bit":
    case "varbit":
      return { kind: "other", native, bits: bitsOf(name, modifier) };
    default: {
      const geometry = geometryOn(name, native);
      if (geometry !== undefined) return { kind: "other", native, geometry };
      const bound = bounds[name.replace("multirange", "range")];
      if (bound === undefined) return { kind: "other", native, ...kept };
      return { kind: "other", native, range: typeOf({ name: bound, native: bound, modifier: -1 }) };
    }
  }
}

/** The ranges that PostgreSQL has of itself, and the types of their bounds (manual: rangetypes, «Built-in Range and Multirange Types»). */
const bounds: Readonly<Record<string, string>> = {
  int4range: "int4",
  int8range: "int8",
  numrange: "numeric",
  tsrange: "timestamp",
  tstzrange: "timestamptz",
  daterange: "date",
};

/** Arguments of functions have no length, and take as many as come. */
const bitsOf = (name: string, most: number): BitString =>
  most < 0 ? {} : { ...(name === "bit" && { least: most }), most };

const NO_NUMBERS = "^(?:NaN|-?Infinity)$";
const CLOCK = String.raw`T\d\d:\d\d:\d\d(?:\.\d{1,6})?`;

/** As it shows years before 1 and after 9999, and what is before and behind them all. */
const beyondIso = (clock: string): string =>
  String.raw`^(?:-?infinity|\d{5,7}-\d\d-\d\d${clock}|\d{4,6}-\d\d-\d\d${clock} BC)$`;

const integers: Readonly<Record<string, readonly [string, string]>> = {
  int2: ["-32768", "32767"],
  int4: ["-2147483648", "2147483647"],
  int8: ["-9223372036854775808", "9223372036854775807"],
  oid: ["0", "4294967295"],
};

/** Precision and scale of a numeric, as numerictypmodin packs them (src/backend/utils/adt/numeric.c). */
function digits(modifier: number): { precision?: number; scale?: number } {
  if (modifier < 4) return {};
  const packed = modifier - 4;
  // The scale is eleven bits with a sign since PostgreSQL 15.
  return { precision: packed >> 16, scale: ((packed & 0x7ff) ^ 1024) - 1024 };
}
