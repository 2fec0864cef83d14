// Geometries: what is no geometry of the column is refused by its name, before anything is written (MariaDB makes NULL of it).
import { beforeAll, describe, expect, test } from "vitest";
import type { App } from "../support/apps.js";
import { onEveryServer, type Place } from "../support/matrix.js";

const shapes = `CREATE TABLE places (id INT PRIMARY KEY, name VARCHAR(20), at POINT, area POLYGON, any_shape GEOMETRY);
INSERT INTO places VALUES (1, 'Bern', ST_GeomFromText('POINT(7.45 46.95)'),
  ST_GeomFromText('POLYGON((0 0,4 0,4 4,0 0))'), ST_GeomFromText('MULTIPOINT(0 0,1 1)')), (2, 'Nowhere', NULL, NULL, NULL);`;
const plain = `CREATE TABLE places (id INT PRIMARY KEY, name VARCHAR(20), at POINT, area POLYGON);
INSERT INTO places VALUES (1, 'Bern', '(7.45,46.95)', '((0,0),(4,0),(4,4))'), (2, 'Nowhere', NULL, NULL);`;

const enc = encodeURIComponent;

function suite(place: Place): void {
  let app: App;
  beforeAll(async () => {
    app = await place.app();
  });
  const isText = place.can.takeWellKnownText;
  const bad = isText
    ? ["nonsense", "POINT(1)", "LINESTRING(0 0,1 1)", "SRID=3857;POINT(1 2)", "POINT Z (1 2 3)", "POINT EMPTY"]
    : ["POINT(1 2)", "(1,x)", "((1,2)", "nonsense"];

  test.each(bad)("at = %s is refused in a body and in a filter", async (at) => {
    const stood = (await app.ask("GET /places/1")).text;
    for (const [request, body] of [
      ["POST /places", { id: 9, at }],
      ["PATCH /places/1", { at }],
      ["PUT /places/1", { name: "x", at }],
    ] as const) {
      const answer = await app.ask(request, { body });
      expect([answer.status, answer.json.code], `${request} ${answer.text}`).toEqual([422, "invalid_value"]);
      if (isText) expect(answer.json.errors).toMatchObject([{ field: "at" }]);
    }
    const filtered = await app.ask(`GET /places?at=eq:${enc(at)}`);
    expect([filtered.status, filtered.json.code], filtered.text).toEqual([400, "invalid_filter"]);
    expect((await app.ask("GET /places/1")).text).toBe(stood);
    expect((await app.ask("GET /places/9")).status).toBe(404);
  });

  test.skipIf(!isText)("a geometry is no text for patterns", async () => {
    for (const filter of ["like:P%25", "contains:POINT", "startswith:P", "match:P"]) {
      const answer = await app.ask(`GET /places?at=${filter}`);
      expect([answer.status, answer.json.code], answer.text).toEqual([400, "invalid_filter"]);
    }
  });

  test("a filter finds a geometry in any spelling of it", async () => {
    const spellings = isText ? ["POINT(7.45 46.95)", "point ( 7.450 46.95 )"] : ["(7.45,46.95)", "7.45 , 46.950"];
    for (const at of spellings) {
      const answer = await app.ask(`GET /places?select=id&at=eq:${enc(at)}`);
      expect(answer.text, at).toBe('[{"id":1}]');
    }
  });
}

describe("shapes of the database itself", () => {
  onEveryServer({ sqlite: "", postgres: plain, mariadb: shapes }, suite, ["postgres", "mariadb"]);
});

describe("GeoJSON in bodies", () => {
  onEveryServer(
    { sqlite: "", postgres: "", mariadb: shapes },
    (place) => {
      test("a geometry is written as GeoJSON, and read as well-known text", async () => {
        const app = await place.app();
        const at = { type: "Point", coordinates: [8.54, 47.37] };
        const area = {
          type: "Polygon",
          coordinates: [
            [
              [0, 0],
              [1, 0],
              [1, 1],
              [0, 0],
            ],
          ],
        };
        const made = await app.ask("POST /places", { body: { id: 3, at, area, any_shape: at } });
        expect(made.status, made.text).toBe(201);
        expect(made.json).toMatchObject({
          at: "POINT(8.54 47.37)",
          area: "POLYGON((0 0,1 0,1 1,0 0))",
          any_shape: "POINT(8.54 47.37)",
        });
        const refused = await app.ask("PATCH /places/3", { body: { at: area } });
        expect([refused.status, refused.json.errors?.[0].field], refused.text).toEqual([422, "at"]);
        const row = (await app.ask("GET /places/1")).text;
        expect((await app.ask("PUT /places/1", { body: row })).text).toBe(row);
      });
    },
    ["mariadb"],
  );
});

describe("rows as GeoJSON", () => {
  const more = `CREATE TABLE marks (region VARCHAR(5), nr INT, spot POINT, place_id INT, PRIMARY KEY (region, nr));
INSERT INTO marks VALUES ('a,b', 1, ST_GeomFromText('POINT(1.50 2)'), 1);
CREATE TABLE tags (id INT PRIMARY KEY, label VARCHAR(5));`;
  onEveryServer(
    { sqlite: "", postgres: "", mariadb: `${shapes}${more}` },
    (place) => {
      let app: App;
      const headers = { accept: "application/geo+json" };
      beforeAll(async () => {
        app = await place.app({ bigNumbers: "number" });
      });
      const bern = {
        type: "Feature",
        id: 1,
        geometry: { type: "Point", coordinates: [7.45, 46.95] },
        properties: {
          name: "Bern",
          area: "POLYGON((0 0,4 0,4 4,0 0))",
          any_shape: expect.stringMatching(/^MULTIPOINT/),
        },
      };

      test("a list is a FeatureCollection, with the headers of any list", async () => {
        const answer = await app.ask("GET /places?limit=1&count=exact", { headers });
        expect(answer.json, answer.text).toEqual({ type: "FeatureCollection", features: [bern] });
        expect(answer.headers["content-type"]).toBe("application/geo+json");
        expect(answer.headers["x-total-count"]).toBe("2");
        expect(answer.headers.link).toContain('rel="next"');
        expect(answer.headers.vary).toContain("Accept");
        const empty = await app.ask("GET /places?id=77", { headers });
        expect(empty.text).toBe('{"type":"FeatureCollection","features":[]}');
      });

      test("a row is a Feature with an ETag of its own", async () => {
        const answer = await app.ask("GET /places/1", { headers });
        expect(answer.json).toEqual(bern);
        const tag = String(answer.headers.etag);
        const plain = await app.ask("GET /places/1");
        expect(plain.headers.etag).not.toBe(tag);
        expect(plain.headers.vary).toContain("Accept");
        const again = await app.ask("GET /places/1", { headers: { ...headers, "if-none-match": tag } });
        expect([again.status, again.text]).toEqual([304, ""]);
        const nowhere = await app.ask("GET /places/2", { headers });
        expect(nowhere.json).toMatchObject({ id: 2, geometry: null, properties: { name: "Nowhere", area: null } });
      });

      test("the id is the key, as the address has it; aliases and related rows are properties", async () => {
        const marks = await app.ask("GET /marks?select=*,where:spot,place(name)", { headers });
        expect(marks.json.features, marks.text).toEqual([
          {
            type: "Feature",
            id: "a%2Cb,1",
            geometry: { type: "Point", coordinates: [1.5, 2] },
            properties: { region: "a,b", nr: 1, where: "POINT(1.5 2)", place_id: 1, place: { name: "Bern" } },
          },
        ]);
        expect((await app.ask("GET /marks/a%2Cb,1", { headers })).json.id).toBe("a%2Cb,1");
        const partly = await app.ask("GET /places?select=area&id=1", { headers });
        expect(partly.json.features).toEqual([
          {
            type: "Feature",
            geometry: {
              type: "Polygon",
              coordinates: [
                [
                  [0, 0],
                  [4, 0],
                  [4, 4],
                  [0, 0],
                ],
              ],
            },
            properties: {},
          },
        ]);
      });

      test.each([
        ["GET /tags", "tables with a column of geometries"],
        ["GET /places?select=name", "let select name one"],
        ["GET /places/1?select=name", "let select name one"],
        ["GET /places?envelope=true", "leave envelope=true out"],
      ])("%s is a 406 with the words", async (request, words) => {
        const answer = await app.ask(request, { headers });
        expect([answer.status, answer.json.code]).toEqual([406, "not_acceptable"]);
        expect(answer.json.detail).toContain(words);
      });

      test("JSON where GeoJSON is wanted less, or cannot be", async () => {
        const less = { accept: "application/geo+json;q=0.5, application/json" };
        expect((await app.ask("GET /places/2", { headers: less })).json).toMatchObject({ id: 2, at: null });
        const either = { accept: "application/geo+json, application/json;q=0.5" };
        expect((await app.ask("GET /tags", { headers: either })).json).toEqual([]);
      });
    },
    ["mariadb"],
  );
});

describe("a reference system of MySQL's", () => {
  onEveryServer(
    { sqlite: "", postgres: "", mariadb: "CREATE TABLE notes (id INT PRIMARY KEY);" },
    (place) => {
      test("the longitude stands first, in and out", async ({ skip }) => {
        const { knex } = place.db();
        const [[{ version }]] = await knex.raw("SELECT VERSION() AS version");
        if (/mariadb/i.test(version)) skip("MariaDB's columns have no reference system");
        await knex.raw("CREATE TABLE stops (id INT PRIMARY KEY, at POINT SRID 4326, free POINT)");
        await knex.raw(
          "INSERT INTO stops VALUES (1, ST_GeomFromText('POINT(46.95 7.45)', 4326), ST_GeomFromText('POINT(46.95 7.45)', 4326))",
        );
        const app = await place.app();
        const row = await app.ask("GET /stops/1");
        expect(row.text).toBe('{"id":1,"at":"POINT(7.45 46.95)","free":"POINT(7.45 46.95)"}');
        const kept = async () => (await knex.raw("SELECT HEX(at) AS at, HEX(free) AS free FROM stops WHERE id = 1"))[0];
        const before = await kept();
        expect((await app.ask("PUT /stops/1", { body: row.text })).text).toBe(row.text);
        expect(await kept()).toEqual(before);
        expect((await app.ask(`GET /stops?select=id&at=eq:${enc("POINT(7.45 46.95)")}`)).text).toBe('[{"id":1}]');
        const at = { type: "Point", coordinates: [-122.4, 37.8] };
        expect((await app.ask("PATCH /stops/1", { body: { at } })).json).toMatchObject({ at: "POINT(-122.4 37.8)" });
        const [[{ latitude }]] = await knex.raw("SELECT ST_Latitude(at) AS latitude FROM stops");
        expect(latitude).toBe(37.8);
        const beyond = await app.ask("PATCH /stops/1", { body: { at: "POINT(37.8 -122.4)" } });
        expect([beyond.status, beyond.json.errors[0].field], beyond.text).toEqual([422, "at"]);
      });
    },
    ["mariadb"],
  );
});
