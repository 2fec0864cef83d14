// PostGIS: geometries are well-known text, whatever schema the extension stands in. Skipped where the server does not bring it.
import { beforeAll, describe, expect, test } from "vitest";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

const ddl = `CREATE SCHEMA gis;
CREATE FUNCTION make_places() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  CREATE EXTENSION postgis SCHEMA gis;
  CREATE TABLE places (id integer PRIMARY KEY, at gis.geometry(Point, 4326), area gis.geography(Polygon), any_shape gis.geometry);
  INSERT INTO places VALUES (1, 'SRID=4326;POINT(7.45 46.95)', 'POLYGON((0 0,4 0,4 4,0 0))', 'SRID=3857;CIRCULARSTRING(0 0,1 1,2 0)'),
    (2, NULL, NULL, 'POINT Z (1 2 3)');
END $$;
DO $$ BEGIN IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis') THEN
  SET LOCAL search_path = public, gis; PERFORM make_places(); END IF; END $$;`;

describe("PostGIS", () => {
  onEveryDatabase(
    { sqlite: "", mariadb: "", postgres: ddl },
    (place) => {
      let app: App;
      let isThere = false;
      beforeAll(async () => {
        isThere = await place.db().knex.schema.hasTable("places");
        app = await place.app();
      });

      test("GET shows well-known text, and PUT of GET's own row changes nothing", async ({ skip }) => {
        if (!isThere) skip("this server has no PostGIS");
        const stored = () => place.db().knex("places").select().orderBy("id");
        const before = await stored();
        const list = await app.ask("GET /places");
        expect(list.json).toMatchObject([
          { at: "POINT(7.45 46.95)", area: "POLYGON((0 0,4 0,4 4,0 0))", any_shape: "CIRCULARSTRING(0 0,1 1,2 0)" },
          { at: null, any_shape: "POINT Z (1 2 3)" },
        ]);
        for (const row of list.json) {
          const answer = await app.ask(`PUT /places/${row.id}`, { body: row });
          expect([answer.status, answer.json], String(app.errors.at(-1))).toEqual([200, row]);
          for (const [field, value] of Object.entries(row)) {
            if (value === null) continue;
            const found = await app.ask(`GET /places?${field}=eq:${encodeURIComponent(String(value))}`);
            expect(found.json, `${field} ${app.errors.at(-1)}`).toContainEqual(row);
          }
        }
        expect(await stored()).toEqual(before);
      });

      test("rows are GeoJSON, a curve its text", async ({ skip }) => {
        if (!isThere) skip("this server has no PostGIS");
        const headers = { accept: "application/geo+json" };
        const list = await app.ask("GET /places?select=id,at,any_shape&id=1", { headers });
        expect(list.text).toBe(
          '{"type":"FeatureCollection","features":[{"type":"Feature","id":1,"geometry":{"type":"Point","coordinates":[7.45,46.95]},"properties":{"any_shape":"CIRCULARSTRING(0 0,1 1,2 0)"}}]}',
        );
        const curve = await app.ask("GET /places/1?select=any_shape", { headers });
        expect(curve.json).toEqual({
          type: "Feature",
          geometry: null,
          properties: { any_shape: "CIRCULARSTRING(0 0,1 1,2 0)" },
        });
      });

      test("GeoJSON is taken, and what does not fit is refused by its name", async ({ skip }) => {
        if (!isThere) skip("this server has no PostGIS");
        const at = { type: "Point", coordinates: [8.54, 47.37] };
        const made = await app.ask("POST /places", { body: { id: 3, at, any_shape: "POINT Z (1 2 3)" } });
        expect([made.status, made.json], String(app.errors.at(-1))).toEqual([
          201,
          { id: 3, at: "POINT(8.54 47.37)", area: null, any_shape: "POINT Z (1 2 3)" },
        ]);
        for (const body of [
          { at: "LINESTRING(0 0,1 1)" },
          { at: "SRID=3857;POINT(1 2)" },
          { at: "nonsense" },
          { at: "CIRCULARSTRING(0 0)" },
          { area: "POLYGON((0 0,1 1,1 0))" },
          { at: "POINT Z (1 2 3)" },
        ]) {
          const answer = await app.ask("PATCH /places/3", { body });
          expect([answer.status, answer.json.code], `${JSON.stringify(body)} ${answer.text}`).toEqual([
            422,
            "invalid_value",
          ]);
        }
      });
    },
    ["postgres"],
  );
});
