// Equality is the database's: keys that overlook the case, moments in several spellings, NULL, and what the database computes.
import { beforeAll, describe, expect, test } from "vitest";
import { lists, write } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const tables = (overlooking: string) => `
CREATE TABLE tags (name VARCHAR(20) ${overlooking} PRIMARY KEY NOT NULL, note VARCHAR(20));
CREATE TABLE posts (id INTEGER PRIMARY KEY);
CREATE TABLE posts_tags (post_id INTEGER NOT NULL REFERENCES posts(id), tag VARCHAR(20) ${overlooking} NOT NULL REFERENCES tags(name), PRIMARY KEY (post_id, tag));
CREATE TABLE marks (id INTEGER PRIMARY KEY, tag VARCHAR(20) ${overlooking} REFERENCES tags(name));
CREATE TABLE codes (id INTEGER PRIMARY KEY, code INTEGER UNIQUE, name VARCHAR(20) ${overlooking} UNIQUE);
CREATE TABLE sums (id INTEGER PRIMARY KEY, a INTEGER, t INTEGER GENERATED ALWAYS AS (a + 1) STORED);
INSERT INTO tags VALUES ('red', 'r'), ('blue', 'b'), ('green', 'g');
INSERT INTO posts VALUES (1), (2);
INSERT INTO sums (id, a) VALUES (1, 1), (2, NULL);
`;
const ddl = {
  sqlite: tables("COLLATE NOCASE"),
  postgres: `CREATE COLLATION overlooking (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    ${tables("COLLATE overlooking")}
    CREATE TABLE things (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v TEXT); INSERT INTO things (v) VALUES ('a');`,
  mariadb: tables(""),
};

onEveryServer(ddl, (place) => {
  let app: App;
  beforeAll(async () => {
    app = await place.app();
  });

  test("a link set of keys in other capitals, and of one row twice", async () => {
    expect((await write(app, "PUT /posts/1/tags", 200, ["RED", "Blue", "red"])).json).toHaveLength(2);
    expect((await write(app, "PUT /posts/1/tags", 200, ["BLUE"])).json).toEqual([{ name: "blue", note: "b" }]);
    await write(app, "PUT /posts/1/tags", 422, ["BLUE", "Nothing"]);
    expect((await write(app, "PUT /posts/1/tags", 200, [])).json).toEqual([]);
  });

  test("PUT of a row with its own spelling of the key, and PATCH that changes it", async () => {
    expect((await write(app, "PUT /tags/GREEN", 200, { name: "green", note: "h" })).json).toEqual({
      name: "green",
      note: "h",
    });
    expect((await write(app, "PATCH /tags/GREEN", 200, { name: "GREEN" })).json.name).toBe("GREEN");
    expect((await write(app, "PUT /tags/Green", 200, { name: "Green", note: "i" })).json).toEqual({
      name: "Green",
      note: "i",
    });
    expect((await write(app, "GET /tags/gREEN", 200)).json).toEqual({ name: "Green", note: "i" });
    await write(app, "PUT /tags/Green", 422, { name: "other" });
  });

  test("a child says its parent's key as the parent's row does", async () => {
    expect((await write(app, "POST /tags/RED/marks", 201, { id: 1, tag: "red" })).json).toEqual({ id: 1, tag: "red" });
    await write(app, "POST /tags/RED/marks", 422, { id: 2, tag: "blue" });
  });

  test("NULL twice is two rows, and rows of one key are one", async () => {
    const merge = "POST /codes?on-conflict=merge&conflict-columns=code";
    expect(
      (
        await write(app, merge, 200, [
          { id: 1, code: null },
          { id: 2, code: null },
        ])
      ).json,
    ).toHaveLength(2);
    const ignore = "POST /codes?on-conflict=ignore&conflict-columns=name";
    const made = await write(app, ignore, 201, [
      { id: 3, name: "n1" },
      { id: 4, name: "N1" },
      { id: 5, name: "n2" },
    ]);
    expect(made.json.map(({ id }: { id: number }) => id)).toEqual([3, 5]);
  });

  describe("what the database computes", () => {
    test("is passed over where it says what the row shows", async () => {
      const row = { id: 1, a: 1, t: 2 };
      expect((await write(app, "PUT /sums/1", 200, row)).json).toEqual(row);
      expect((await write(app, "PATCH /sums/1", 200, { a: 5, t: 2 })).json).toEqual({ id: 1, a: 5, t: 6 });
      expect((await write(app, "PUT /sums/2", 200, { id: 2, a: null, t: null })).json).toEqual({
        id: 2,
        a: null,
        t: null,
      });
      await write(app, "PUT /sums/1", 422, { a: 5, t: 7 });
      await write(app, "PATCH /sums/1", 422, { t: null });
    });
    test("is taken in a new row where it is what comes out", async () => {
      expect((await write(app, "POST /sums", 201, { id: 3, a: 1, t: 2 })).json).toEqual({ id: 3, a: 1, t: 2 });
      await write(app, "POST /sums", 422, [
        { id: 4, a: 1, t: 2 },
        { id: 5, a: 1, t: 3 },
      ]);
      await write(app, "GET /sums/4", 404);
    });
    test("comes back as CSV", async () => {
      const csv = await app.ask("GET /sums?id=3", { headers: { accept: "text/csv" } });
      await write(app, "DELETE /sums/3", 204);
      const back = await app.ask("POST /sums", { body: csv.text, headers: { "content-type": "text/csv" } });
      expect(back.status, back.text).toBe(201);
      expect(back.json).toEqual([{ id: 3, a: 1, t: 2 }]);
    });
    test.runIf(ddl[place.name].includes("TABLE things"))("is a key that is the address's own", async () => {
      expect((await write(app, "PUT /things/1", 200, { id: 1, v: "b" })).json).toEqual({ id: 1, v: "b" });
      expect((await write(app, "PATCH /things/1", 200, { id: 1, v: "c" })).json).toEqual({ id: 1, v: "c" });
      await write(app, "PUT /things/1", 422, { id: 2, v: "d" });
    });
  });
});

const moments = `
CREATE TABLE events (id INTEGER PRIMARY KEY, at DATETIME, seen TIMESTAMPTZ);
INSERT INTO events VALUES (1, '2024-01-01T09:00:00.000Z', '2024-01-01T09:00:00.000Z'), (2, '2024-01-01 10:00:00', 1704103200),
  (3, '2024-01-01T12:30:00+02:00', '2024-01-01 12:30:00+02:00'), (4, 1704106800, 1704106800000), (5, 1704110400000, 2460311.0),
  (6, 2460311.0416666665, '2024-01-01T13:00:00');
CREATE TABLE items (id TEXT PRIMARY KEY, v TEXT);
INSERT INTO items VALUES (NULL, 'n1'), (NULL, 'n2'), ('a', 'x'), (NULL, 'n3');
`;

onEveryServer(
  { sqlite: moments, postgres: "", mariadb: "" },
  (place) => {
    let app: App;
    beforeAll(async () => {
      app = await place.app();
    });
    describe("moments however they are kept", () => {
      lists(() => app, "id", {
        "GET /events?at=lt:2024-01-01T10:30:00": [1, 2],
        "GET /events?at=gt:2024-01-01T10:30:00": [4, 5, 6],
        "GET /events?at=gte:2024-01-01T12:00:00Z": [5, 6],
        "GET /events?at=2024-01-01T09:00:00.000Z": [1],
        "GET /events?at=2024-01-01T11:30:00%2B01:00": [3],
        "GET /events?at=between:2024-01-01T10:00:00,2024-01-01T11:00:00": [2, 3, 4],
        "GET /events?order-by=at:desc": [6, 5, 4, 3, 2, 1],
        "GET /events?order-by=seen:asc": [1, 2, 3, 4, 5, 6],
        "GET /events?seen=2024-01-01T12:00:00Z": [5],
        "GET /events?seen=in:2024-01-01T09:00:00Z,2024-01-01T11:00:00Z": [1, 4],
      });
      test("GET shows numbers as moments, and PUT of them changes nothing", async () => {
        const rows = (await write(app, "GET /events", 200)).json;
        expect(rows[3]).toEqual({ id: 4, at: "2024-01-01T11:00:00", seen: "2024-01-01T11:00:00+00:00" });
        const held = () => place.db().knex("events").select(place.db().knex.raw("quote(at) a, quote(seen) s"));
        const before = await held();
        for (const row of rows) expect((await write(app, `PUT /events/${row.id}`, 200, row)).json).toEqual(row);
        expect(await held()).toEqual(before);
      });
    });
    describe("NULL in a key", () => {
      test("POST without the key is refused", async () => {
        expect((await write(app, "POST /items", 422, { v: "new" })).json.code).toBe("not_null_violation");
        expect((await write(app, "POST /items", 422, { id: null, v: "new" })).json.code).toBe("not_null_violation");
      });
      test("pages show every row", async () => {
        for (const order of ["", "&order-by=id:desc", "&order-by=id:asc:nullslast", "&order-by=v:asc"]) {
          const seen: string[] = [];
          let next: string | undefined = `/api/items?limit=1${order}`;
          while (next !== undefined && seen.length < 9) {
            const answer = await write(app, `GET ${next.slice(4)}`, 200);
            seen.push(...answer.json.map(({ v }: { v: string }) => v));
            next = /<([^<>]*)>; rel="next"/.exec(String(answer.headers.link ?? ""))?.[1];
          }
          expect(seen.toSorted(), order).toEqual(["n1", "n2", "n3", "x"]);
        }
      });
      test("a list write that would miss them is refused", async () => {
        await write(app, "PATCH /items?v=n1", 400, { v: "m" });
        await write(app, "DELETE /items?v=n2", 400);
        expect((await write(app, "PATCH /items?v=x", 200, { v: "y" })).json).toEqual([{ id: "a", v: "y" }]);
        await write(app, "PATCH /items?v=y", 200, { v: "x" });
      });
    });
  },
  ["sqlite"],
);
