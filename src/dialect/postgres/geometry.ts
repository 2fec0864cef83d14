// PostGIS's geometries as well-known text, and the plain shapes of PostgreSQL itself in their own spelling.
import { isShape } from "../../base/wkt.js";
import { isOfComposites } from "../../schema/document.js";
import type { ColumnType, GeometryType } from "../../schema/schema.js";
import { isComparable } from "./sets.js";

/**
 * `geometry(PointZ,4326)` or `gis.geography`, as format_type spells it → what the column takes (PostGIS: typmod_out; of geography,
 * SRID 4326 where none is said).
 */
export function geometryOn(name: string, native: string): GeometryType | undefined {
  if (name !== "geometry" && name !== "geography") return undefined;
  const [, said = "", number] = /\((\w+?)(?:,(\d+))?\)$/.exec(native) ?? [];
  const word = said.toLowerCase().replace(/(?<=[a-z])(zm|z|m)$/, "");
  const srid = Number(number ?? (name === "geography" ? 4326 : 0));
  return { ...(isShape(word) && { shape: word }), ...(srid > 0 && { srid }) };
}

/** Its functions stand where the extension is, which may be no schema of the search path. */
const schemaOf = ({ native }: ColumnType): string => /^(?:(?:"(?:[^"]|"")+"|[^."(]+)\.)?/.exec(native)?.[0] ?? "";

export const asWkt = (c: string, type: ColumnType): string => `${schemaOf(type)}ST_AsText(${c})`;

/** With the column's reference system (PostGIS: extended well-known text). */
export const encodedWkt = (value: unknown, { geometry }: ColumnType): unknown =>
  typeof value === "string" && geometry?.srid !== undefined ? `SRID=${geometry.srid};${value}` : value;

/** What is shown so already keeps its digits, and its own reference system where the column has none. */
export function assignedWkt(column: string, placeholder: string, type: ColumnType): string {
  const read = `CAST(${placeholder} AS ${type.native})`;
  return `CASE WHEN ${asWkt(column, type)} = ${asWkt(read, type)} THEN ${column} ELSE ${read} END`;
}

const PLAIN = /^(point|line|lseg|box|path|polygon|circle)$/;

/** Does a filter's text become one of these first, so that any spelling of it will do? */
const isRead = (type: ColumnType): boolean =>
  type.geometry !== undefined || PLAIN.test(type.native) || (isOfComposites(type) && !isComparable(type));

/** `native` of a filter's value: the text of what it is read as. */
const TEXT_OF = "text of ";

export const comparedAs = (type: ColumnType): ColumnType =>
  isRead(type) ? { ...type, kind: "text", native: `${TEXT_OF}${type.native}` } : type;

/** What binds such a value; nothing of any other type. */
export function boundText(placeholder: string, type: ColumnType): string | undefined {
  if (!type.native.startsWith(TEXT_OF)) return undefined;
  const native = type.native.slice(TEXT_OF.length);
  const read = `CAST(${placeholder} AS ${native})`;
  return type.geometry === undefined ? `CAST(${read} AS text)` : asWkt(read, { ...type, native });
}
