// Geometries as clients write them: read strictly, and spelled in one way.
import { parse } from "lossless-json";
import { describe, expect, test } from "vitest";
import { toGeoJson } from "../../src/base/geojson.js";
import { type Geometry, parseWkt, toWkt } from "../../src/base/wkt.js";
import { fromBody, fromText } from "../../src/plan/value.js";
import type { ColumnType, GeometryType } from "../../src/schema/schema.js";

const typeOf = (geometry: GeometryType): ColumnType => ({ kind: "other", native: "geometry", geometry });
const any = typeOf({});
const flat = typeOf({ flat: true, unnested: true });

describe("well-known text", () => {
  test.each([
    ["POINT(1 2)", "POINT(1 2)"],
    [" point ( +1. .5 ) ", "POINT(1 0.5)"],
    ["POINT(-1e3 007)", "POINT(-1e3 7)"],
    ["POINT(1e+3 -.5)", "POINT(1e+3 -0.5)"],
    ["POINT Z (1 2 3)", "POINT Z (1 2 3)"],
    ["POINTZ(1 2 3)", "POINT Z (1 2 3)"],
    ["POINT(1 2 3)", "POINT Z (1 2 3)"],
    ["POINT M (1 2 3)", "POINT M (1 2 3)"],
    ["POINT ZM (1 2 3 4)", "POINT ZM (1 2 3 4)"],
    ["POINT EMPTY", "POINT EMPTY"],
    ["MULTIPOINT((0 0),(1 1))", "MULTIPOINT(0 0,1 1)"],
    ["MULTIPOINT(0 0, 1 1)", "MULTIPOINT(0 0,1 1)"],
    ["LINESTRING(0 0,1 1)", "LINESTRING(0 0,1 1)"],
    ["POLYGON((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1))", "POLYGON((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1))"],
    ["MULTIPOLYGON(((0 0,1 1,1 0,0.0 0)))", "MULTIPOLYGON(((0 0,1 1,1 0,0.0 0)))"],
    [
      "GEOMETRYCOLLECTION(POINT(1 2),GEOMETRYCOLLECTION EMPTY)",
      "GEOMETRYCOLLECTION(POINT(1 2),GEOMETRYCOLLECTION EMPTY)",
    ],
    ["CIRCULARSTRING(0 0,1 1,2 0)", "CIRCULARSTRING(0 0,1 1,2 0)"],
  ])("%s", (text, read) => {
    expect(fromText(text, any)).toEqual({ ok: true, value: read });
  });

  test.each([
    ...["", "nonsense", "POINT", "POINT()", "POINT(1)", "POINT(1 2", "POINT(1 2) x", "POINT(1 2,3 4)", "POINT(1 x)"],
    ...["POINT(nan 1)", "POINT(1e400 1)", "POINT Z (1 2)", "POINT(1 2 3 4 5)", "POINT((1 2))", "LINESTRING(0 0)"],
    ...["LINESTRING(0 0,1 1 1)", "POLYGON((0 0,1 1,1 0))", "POLYGON((0 0,1 1,1 0,2 2))", "POLYGON(0 0,1 1,1 0,0 0)"],
    ...[
      "GEOMETRYCOLLECTION(1 2)",
      "GEOMETRYCOLLECTION()",
      "POINT(1 2);DROP",
      "SRID=4326;POINT(1 2)",
      "SRID=x;POINT(1 2)",
    ],
    `${"GEOMETRYCOLLECTION(".repeat(12)}POINT(1 2)${")".repeat(12)}`,
  ])("not %s", (text) => {
    expect(fromText(text, any).ok).toBe(false);
  });

  test.each([
    "POINT Z (1 2 3)",
    "POINT EMPTY",
    "GEOMETRYCOLLECTION(GEOMETRYCOLLECTION EMPTY)",
    "CIRCULARSTRING(0 0,1 1,2 0)",
  ])("not %s, where the database would make NULL of it", (text) => {
    expect(fromText(text, flat).ok).toBe(false);
  });

  test("the shape, the reference system and its bounds are the column's", () => {
    const type = typeOf({ shape: "point", srid: 4326, bounded: true });
    expect(fromText("SRID=4326;POINT(180 -90)", type)).toEqual({ ok: true, value: "POINT(180 -90)" });
    expect(fromText("LINESTRING(0 0,1 1)", type)).toMatchObject({ message: "is a POINT, not a LINESTRING" });
    expect(fromText("SRID=3857;POINT(1 2)", type)).toMatchObject({ message: expect.stringContaining("SRID 4326") });
    for (const text of ["POINT(181 0)", "POINT(-180 0)", "POINT(0 91)"])
      expect(fromText(text, type).ok, text).toBe(false);
  });
});

describe("GeoJSON in a body", () => {
  const read = (json: string, type = any) => fromBody(parse(json), type);

  test.each([
    ['{"type":"Point","coordinates":[8.5400000000000001,47]}', "POINT(8.5400000000000001 47)"],
    ['{"type":"Point","coordinates":[1,2,3]}', "POINT Z (1 2 3)"],
    ['{"type":"MultiPoint","coordinates":[[0,0],[1,1]],"bbox":[0,0,1,1]}', "MULTIPOINT(0 0,1 1)"],
    ['{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,0]]]}', "POLYGON((0 0,1 1,1 0,0 0))"],
    ['{"type":"MultiPolygon","coordinates":[]}', "MULTIPOLYGON EMPTY"],
    [
      '{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}',
      "GEOMETRYCOLLECTION(POINT(1 2))",
    ],
  ])("%s", (json, text) => {
    expect(read(json)).toEqual({ ok: true, value: text });
  });

  test.each([
    ...["7", "true", "[1,2]", "{}", '{"type":"Feature","geometry":null}', '{"type":"Point"}'],
    ...['{"type":"Point","coordinates":["1","2"]}', '{"type":"Point","coordinates":[1]}'],
    ...['{"type":"Point","coordinates":[1,1e400]}', '{"type":"Point","coordinates":[[1,2]]}'],
    ...['{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1]]]}', '{"type":"LineString","coordinates":[[0,0]]}'],
    ...['{"type":"GeometryCollection","geometries":[{}]}', '{"type":"point","coordinates":[1,2]}'],
  ])("not %s", (json) => {
    expect(read(json).ok).toBe(false);
  });
});

test.each([
  ["POINT M (1 2 3)", '{"type":"Point","coordinates":[1,2]}'],
  ["POINT ZM (1 2 3 4)", '{"type":"Point","coordinates":[1,2,3]}'],
  ["POINT EMPTY", '{"type":"Point","coordinates":[]}'],
  ["MULTILINESTRING((0 0,1 1.50))", '{"type":"MultiLineString","coordinates":[[[0,0],[1,1.50]]]}'],
  [
    "GEOMETRYCOLLECTION(POINT(.5 2))",
    '{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[0.5,2]}]}',
  ],
])("%s as GeoJSON", (text, json) => {
  const geometry = parseWkt(text) as Geometry;
  expect(toGeoJson(geometry)).toBe(json);
  expect(parseWkt(toWkt(geometry))).toEqual(geometry);
});
