// SQLite's dates and times that are numbers, of which `overrides` say what they count: also such as would be taken for others.
import { beforeAll, describe, expect, test } from "vitest";
import { makeRoutes } from "../../adapters/koa.js";
import { lists, write } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { linkOf } from "../support/links.js";
import { onEveryDatabase } from "../support/matrix.js";

// 2,000,000 seconds would be taken for a Julian day, and 5,000 milliseconds for seconds.
const ddl = `
CREATE TABLE events (id INTEGER PRIMARY KEY, s INTEGER, ms NUMERIC, d REAL, z INT);
INSERT INTO events VALUES (1, -1, -1, 2440587.5, NULL), (2, 2000000, 5000, 2460310.9166666665, 0),
  (3, 1704103200, 1704103200123, 2460311.0, 1704103200), (4, NULL, NULL, NULL, 1704103200);
CREATE INDEX of_s ON events (s);`;
const overrides = [
  {
    name: "events",
    columns: [
      { name: "s", type: "datetime in seconds" },
      { name: "ms", type: "datetime in milliseconds" },
      { name: "d", type: "datetime in julian days" },
      { name: "z", type: "timestamptz in seconds" },
    ],
  },
];

describe("numbers that are moments", () => {
  onEveryDatabase(
    { sqlite: ddl, postgres: "", mariadb: "" },
    (place) => {
      let app: App;
      beforeAll(async () => {
        app = await place.app({ overrides });
      });
      const held = () =>
        place.db().knex("events").select(place.db().knex.raw("id, quote(s) s, quote(ms) ms, quote(d) d, quote(z) z"));

      test("are shown as such, and PUT of GET's own row changes nothing", async () => {
        const rows = (await write(app, "GET /events", 200)).json;
        expect(rows.slice(0, 3)).toEqual([
          { id: 1, s: "1969-12-31T23:59:59", ms: "1969-12-31T23:59:59.999", d: "1970-01-01T00:00:00", z: null },
          {
            id: 2,
            s: "1970-01-24T03:33:20",
            ms: "1970-01-01T00:00:05",
            d: "2024-01-01T10:00:00",
            z: "1970-01-01T00:00:00+00:00",
          },
          {
            id: 3,
            s: "2024-01-01T10:00:00",
            ms: "2024-01-01T10:00:00.123",
            d: "2024-01-01T12:00:00",
            z: "2024-01-01T10:00:00+00:00",
          },
        ]);
        const before = await held();
        for (const row of rows) expect((await write(app, `PUT /events/${row.id}`, 200, row)).json).toEqual(row);
        expect(await held()).toEqual(before);
      });

      lists(() => app, "id", {
        "GET /events?s=1970-01-24T03:33:20": [2],
        "GET /events?s=lt:1970-02-01T00:00:00": [1, 2],
        "GET /events?ms=in:1970-01-01T00:00:05,2024-01-01T10:00:00.123": [2, 3],
        "GET /events?d=between:2024-01-01T00:00:00,2024-01-01T11:00:00": [2],
        "GET /events?z=2024-01-01T11:00:00%2B01:00": [3, 4],
        "GET /events?s=is:null": [4],
        "GET /events?order-by=s:desc:nullslast": [3, 2, 1, 4],
        "GET /events?order-by=ms:asc:nullslast": [1, 2, 3, 4],
      });

      test("pages and groups agree with the list", async () => {
        for (const column of ["s", "ms", "d", "z"]) {
          const list = (await write(app, `GET /events?order-by=${column}:asc`, 200)).json;
          const pages: unknown[] = [];
          let next: string | undefined = `GET /events?order-by=${column}:asc&limit=1`;
          while (next !== undefined && pages.length <= list.length) {
            const answer = await write(app, next, 200);
            pages.push(...answer.json);
            const link = linkOf(answer, "next");
            next = link === undefined ? undefined : `GET ${link.replace(/^\/api/, "")}`;
          }
          expect(pages).toEqual(list);
        }
        const groups = await write(app, "GET /events?select=z,count()&order-by=z:asc", 200);
        expect(groups.json).toEqual([
          { z: null, count: 1 },
          { z: "1970-01-01T00:00:00+00:00", count: 1 },
          { z: "2024-01-01T10:00:00+00:00", count: 2 },
        ]);
      });

      test("are written as numbers, in new rows, changes and upserts", async () => {
        const at = "2024-02-29T12:30:00";
        const row = { id: 9, s: at, ms: `${at}.25`, d: at, z: "2024-02-29T13:30:00+01:00" };
        const shown = { ...row, z: `${at}+00:00` };
        expect((await write(app, "POST /events", 201, row)).json).toEqual(shown);
        const kept = { id: 9, s: "1709209800", ms: "1709209800250", z: "1709209800" };
        expect((await held()).at(-1)).toMatchObject({ ...kept, d: expect.stringMatching(/^2460370\.02083333/) });
        expect((await write(app, "PATCH /events/9", 200, { s: `${at}.5` })).json.s).toBe(`${at}.5`);
        expect((await held()).at(-1)?.s).toBe("1709209800.5");
        await write(app, "POST /events?on-conflict=merge", 200, row);
        expect((await held()).at(-1)).toMatchObject(kept);
        await write(app, "PATCH /events", 200, [{ id: 9, s: "2024-03-01T00:00:00" }]);
        expect((await held()).at(-1)?.s).toBe("1709251200");
        await write(app, "DELETE /events/9", 204);
      });
    },
    ["sqlite"],
  );
});

onEveryDatabase(
  { sqlite: "", postgres: "CREATE TABLE events (id integer PRIMARY KEY, s integer);", mariadb: "" },
  (place) => {
    test("on other databases it is a mistake of the config", async () => {
      const columns = [{ name: "s", type: "datetime in seconds" }];
      await expect(makeRoutes(place.db().url, { overrides: [{ name: "events", columns }] })).rejects.toThrow(
        /events\.s is 'datetime in seconds', which only SQLite's/,
      );
    });
  },
  ["postgres"],
);
