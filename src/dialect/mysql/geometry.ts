// Geometries of MySQL and MariaDB as well-known text: x, which is the longitude, before y on both. MySQL would put the latitude of a
// geographic system first (https://dev.mysql.com/doc/refman/8.4/en/gis-wkt-functions.html, «axis-order»); MariaDB has no such systems.
import { isShape } from "../../base/wkt.js";
import type { ColumnType, GeometryType } from "../../schema/schema.js";

export const isGeometry = (type: ColumnType): boolean => geometryNamed(type.native) !== undefined;

/** What a column of DATA_TYPE `name` takes; nothing where that is no geometry. */
export function geometryNamed(name: string): GeometryType | undefined {
  const word = name.toLowerCase().replace(/^geomcollection$/, "geometrycollection");
  if (word === "geometry") return { flat: true };
  return isShape(word) ? { shape: word, flat: true } : undefined;
}

/** Longitudes and latitudes of WGS 84. */
const EARTH = 4326;

/** MariaDB makes NULL of what it does not read, without a word. `srid`: MySQL's, where the column has one. */
export const geometryOn = (name: string, server: "mariadb" | "mysql", srid?: number): GeometryType | undefined => {
  const geometry = geometryNamed(name);
  if (geometry === undefined || server === "mariadb") return geometry && { ...geometry, unnested: true };
  return { ...geometry, ordered: true, ...(srid !== undefined && { srid }), ...(srid === EARTH && { bounded: true }) };
};

const ORDER = "'axis-order=long-lat'";

export const asWkt = (c: string, { geometry }: ColumnType): string =>
  geometry?.ordered ? `ST_AsText(${c}, ${ORDER})` : `ST_AsText(${c})`;

export const fromWkt = (placeholder: string, { geometry }: ColumnType): string =>
  geometry?.ordered
    ? `ST_GeomFromText(${placeholder}, ${geometry.srid ?? 0}, ${ORDER})`
    : `ST_GeomFromText(${placeholder})`;

/** A filter's value of such a column: a text in the server's own spelling. */
export const wktOf = (type: ColumnType): ColumnType => ({ ...type, kind: "text", native: WKT });
export const isWkt = ({ native }: ColumnType): boolean => native === WKT;
const WKT = "well-known text";
