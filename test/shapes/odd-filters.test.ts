// SQLite keeps any value in any column: a filter for what a row shows finds it, and what no row shows is the client's mistake.
import { beforeAll, expect, test } from "vitest";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

const upper = "0B9C5E1A-6F3D-4A63-9D0E-1F2A3B4C5D6E";
const lower = "1b9c5e1a-6f3d-4a63-9d0e-1f2a3b4c5d6e";

const sqlite = `
CREATE TABLE odds (id INTEGER PRIMARY KEY, n INTEGER, t TEXT);
INSERT INTO odds VALUES (1, 'abc', 'x'), (2, x'00ff', x'01'), (3, 1.5, '7'), (4, 5, 'five');
CREATE TABLE people (id UUID PRIMARY KEY, name TEXT, boss UUID REFERENCES people (id));
INSERT INTO people VALUES ('${upper}', 'ann', NULL), ('${lower}', 'ben', '${upper}');`;

onEveryDatabase(
  { sqlite, postgres: "", mariadb: "" },
  (place) => {
    let app: App;
    beforeAll(async () => {
      app = await place.app({ roles: { anonymous: { odds: { operations: "read", rows: "id=gt:1" } } } });
    });
    const open = async (query: string) => {
      const own = await place.app();
      const answer = await own.ask(`GET /odds?${query}`);
      return answer.status === 200 ? (JSON.parse(answer.text) as { id: number }[]).map(({ id }) => id) : answer.status;
    };

    test.each([
      ["n=abc", [1]],
      ["n=in:abc,5", [1, 4]],
      ["n=ne:abc", [2, 3, 4]],
      ["n=AP8=", [2]],
      ["n=1.5", [3]],
      ["t=AQ==", [2]],
      ["or=(n=abc,n=1.5)", [1, 3]],
      ["n=abd", 400],
      ["n=in:abc,abd", 400],
      ["id=abc", 400],
    ])("%s", async (query, found) => {
      expect(await open(query)).toEqual(found);
    });

    test("bytes that could be JSONB are bytes", async () => {
      const own = await place.app();
      expect((await own.ask("GET /odds/2")).json).toEqual({ id: 2, n: "AP8=", t: "AQ==" });
    });

    test("a list is changed by such a filter too", async () => {
      const own = await place.app();
      const answer = await own.ask("PATCH /odds?n=abc", { body: '{"t":"y"}' });
      expect([answer.status, answer.json]).toEqual([200, [{ id: 1, n: "abc", t: "y" }]]);
    });

    test("nobody learns so of a row that a role does not show", async () => {
      expect((await app.ask("GET /odds?n=abc")).status).toBe(400);
      expect((await app.ask("GET /odds?n=1.5")).status).toBe(200);
    });

    test("a UUID in capitals has an address, and is written back as it is", async () => {
      const own = await place.app();
      for (const path of [upper, lower, lower.toUpperCase()])
        expect((await own.ask(`GET /people/${path}`)).status, path).toBe(200);
      const ben = (await own.ask(`GET /people/${lower}`)).json;
      const answer = await own.ask(`PUT /people/${lower}`, { body: JSON.stringify(ben) });
      expect([answer.status, answer.json]).toEqual([200, ben]);
      expect((await own.ask(`GET /people?boss=${upper}`)).json).toEqual([ben]);
    });
  },
  ["sqlite"],
);
