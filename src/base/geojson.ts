// Geometries as GeoJSON has them (RFC 7946) ↔ their shapes and coordinates as data.
import { type Coordinates, depthOf, type Geometry, isWhole, type Shape, type WktPosition } from "./wkt.js";

const names: Readonly<Record<Shape, string>> = {
  point: "Point",
  linestring: "LineString",
  polygon: "Polygon",
  multipoint: "MultiPoint",
  multilinestring: "MultiLineString",
  multipolygon: "MultiPolygon",
  geometrycollection: "GeometryCollection",
};
const shapeOf: ReadonlyMap<unknown, Shape> = new Map(
  Object.entries(names).map(([shape, name]) => [name, shape as Shape]),
);

export const geoJsonNames: readonly string[] = Object.values(names);

const DEEPEST = 10;

/**
 * A Geometry object of a body. `digits`: the text of a JSON number, and nothing for any other value. Nothing where it is none: a
 * Feature, coordinates that are no numbers, a ring that is open. Members that RFC 7946 does not know are passed over (6.1).
 */
export function parseGeoJson(
  value: unknown,
  digits: (value: unknown) => string | undefined,
  level = 0,
): Geometry | undefined {
  if (typeof value !== "object" || value === null || level > DEEPEST) return undefined;
  const { type, coordinates, geometries } = value as Readonly<Record<string, unknown>>;
  const shape = shapeOf.get(type);
  if (shape === undefined) return undefined;
  if (shape === "geometrycollection") {
    if (!Array.isArray(geometries)) return undefined;
    const members = geometries.map((member) => parseGeoJson(member, digits, level + 1));
    return members.some((member) => member === undefined) ? undefined : { shape, members: members as Geometry[] };
  }
  const read = coordinatesOf(coordinates, depthOf[shape], digits);
  if (read === undefined) return undefined;
  const geometry: Geometry = { shape, coordinates: read };
  return isWhole(geometry) ? geometry : undefined;
}

function coordinatesOf(
  value: unknown,
  depth: number,
  digits: (value: unknown) => string | undefined,
): Coordinates | undefined {
  if (!Array.isArray(value)) return undefined;
  if (depth === 0) {
    // An empty array is the empty point (3.1), and what stands behind the height has no meaning (3.1.1).
    const numbers = value.map(digits);
    const isPosition = numbers.every((number) => number !== undefined) && numbers.length !== 1;
    return isPosition ? (numbers.slice(0, 3) as WktPosition) : undefined;
  }
  const parts = value.map((part) => coordinatesOf(part, depth - 1, digits));
  const isEmpty = (part: Coordinates | undefined) => part === undefined || part.length === 0;
  return parts.some(isEmpty) ? undefined : (parts as Coordinates[]);
}

/** The text of the Geometry object. Measures are left out: they are no part of a position (3.1.1). */
export function toGeoJson(geometry: Geometry): string {
  const type = names[geometry.shape];
  if (geometry.shape === "geometrycollection")
    return `{"type":"${type}","geometries":[${geometry.members.map(toGeoJson).join(",")}]}`;
  const { shape, coordinates, isMeasured } = geometry;
  const kept = isMeasured ? 2 : 3;
  const text = coordinates.length === 0 ? "[]" : listed(coordinates, depthOf[shape], kept);
  return `{"type":"${type}","coordinates":${text}}`;
}

const listed = (coordinates: Coordinates, depth: number, kept: number): string =>
  depth === 0
    ? `[${(coordinates as WktPosition).slice(0, kept).join(",")}]`
    : `[${(coordinates as readonly Coordinates[]).map((part) => listed(part, depth - 1, kept)).join(",")}]`;
