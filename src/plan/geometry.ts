// A geometry as a client wrote it, as well-known text or as GeoJSON → the one spelling that databases are given, or a sentence that says
// what fits.
import { isLosslessNumber } from "lossless-json";
import { parseGeoJson } from "../base/geojson.js";
import { excerpt } from "../base/suggest.js";
import { depthOf, type Geometry, parseWkt, positionsIn, type Shape, toWkt } from "../base/wkt.js";
import type { GeometryType } from "../schema/schema.js";

export type ReadGeometry = { readonly text: string } | { readonly misfit: string };

const EXAMPLE = "POINT(8.5 47.4)";

/** Shapes that have no GeoJSON, and that PostGIS keeps (its manual, «SQL/MM Part 3 - Curves»). It says itself whether one is whole. */
const CURVES =
  /^(circularstring|compoundcurve|curvepolygon|multicurve|multisurface|triangle|tin|polyhedralsurface)\b[^;]*$/i;

export function geometryFromText(text: string, type: GeometryType): ReadGeometry {
  const [, srid, wkt = text] = /^\s*SRID=(\d{1,9});(.*)$/is.exec(text) ?? [];
  if (srid !== undefined && Number(srid) !== (type.srid ?? 0))
    return { misfit: `is kept with SRID ${type.srid ?? 0}, not ${srid}: leave SRID=${srid}; out` };
  if (type.flat !== true && CURVES.test(wkt.trim())) return { text: wkt.trim() };
  const geometry = parseWkt(wkt);
  if (geometry === undefined)
    return { misfit: `is a geometry as well-known text such as ${EXAMPLE}, not '${excerpt(text)}'` };
  return fitting(geometry, type);
}

export function geometryFromJson(value: unknown, type: GeometryType): ReadGeometry {
  const geometry = parseGeoJson(value, digitsOf);
  if (geometry !== undefined) return fitting(geometry, type);
  return {
    misfit: `is a geometry: well-known text such as ${EXAMPLE}, or a GeoJSON geometry such as {"type":"Point","coordinates":[8.5,47.4]}`,
  };
}

function digitsOf(value: unknown): string | undefined {
  if (!isLosslessNumber(value) && typeof value !== "number") return undefined;
  return Number.isFinite(Number(value.toString())) ? value.toString() : undefined;
}

function fitting(geometry: Geometry, type: GeometryType): ReadGeometry {
  if (type.shape !== undefined && geometry.shape !== type.shape)
    return { misfit: `is a ${type.shape.toUpperCase()}, not a ${geometry.shape.toUpperCase()}` };
  const misfit = misfitIn(geometry, type);
  return misfit === undefined ? { text: toWkt(geometry) } : { misfit };
}

function misfitIn(geometry: Geometry, type: GeometryType): string | undefined {
  if (geometry.shape !== "geometrycollection") return misfitOf(geometry.coordinates, geometry.shape, type);
  for (const member of geometry.members) {
    if (type.unnested && member.shape === "geometrycollection")
      return "holds a collection within a collection, which this database does not keep";
    const misfit = misfitIn(member, type);
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}

function misfitOf(
  coordinates: Parameters<typeof positionsIn>[0],
  shape: Exclude<Shape, "geometrycollection">,
  type: GeometryType,
): string | undefined {
  const positions = coordinates.length === 0 ? [] : positionsIn(coordinates, depthOf[shape]);
  if (type.flat && positions.length === 0) return "is empty, which this database does not keep";
  if (type.flat && positions.some(({ length }) => length > 2))
    return "has more than two coordinates, which this database does not keep";
  const isBeyond = ([longitude, latitude]: readonly string[]) =>
    Number(longitude) <= -180 || Number(longitude) > 180 || Math.abs(Number(latitude)) > 90;
  const beyond = type.bounded ? positions.find(isBeyond) : undefined;
  return (
    beyond &&
    `has longitudes above -180 and up to 180, and latitudes from -90 to 90 behind them; ${beyond.join(" ")} is out of range`
  );
}
