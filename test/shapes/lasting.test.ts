// Tables of engines without transactions: what would have to be rolled back is refused before it is written, and said beforehand.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ddl, rows, tables } from "../fixtures/lasting.js";
import { type App, anyFramework } from "../support/apps.js";
import { type Created, mariadb, mysql } from "../support/databases.js";
import type { RequestParts } from "../support/http.js";
import { snapshot } from "../support/snapshot.js";

const rollback = { headers: { Prefer: "tx=rollback" } };
const csv = (body: string): RequestParts => ({ body, headers: { "Content-Type": "text/csv" } });
const post = (path: string, body: unknown) => ({ method: "POST", path, body });

const refused: readonly [line: string, engine: string, parts: RequestParts][] = [
  ["DELETE /notes/1 tx=rollback", "MyISAM", rollback],
  ["POST /notes tx=rollback", "MyISAM", { ...rollback, body: { title: "c" } }],
  ["PUT /notes/1 tx=rollback", "MyISAM", { ...rollback, body: { title: "c" } }],
  [
    "PUT /notes/9 tx=rollback, resolution=upsert",
    "MyISAM",
    {
      body: { title: "c" },
      headers: { Prefer: "tx=rollback, resolution=upsert" },
    },
  ],
  ["PATCH /notes/1 tx=rollback", "MyISAM", { ...rollback, body: { title: "c" } }],
  ["PATCH /notes?id=1 tx=rollback", "MyISAM", { ...rollback, body: { title: "c" } }],
  ["DELETE /notes?id=1 tx=rollback", "MyISAM", rollback],
  ["POST /notes/2/tags/1/add tx=rollback", "MEMORY", rollback],
  ["POST /notes/1/tags/1/delete tx=rollback", "MEMORY", rollback],
  [
    "POST /batch tx=rollback",
    "MyISAM",
    { ...rollback, body: [post("/authors", { name: "c" }), post("/notes", { title: "c" })] },
  ],
  ["POST /notes of two", "MyISAM", { body: [{ title: "c" }, { title: "a" }] }],
  ["POST /notes of two as CSV", "MyISAM", csv("title\nc\na\n")],
  ["POST /notes?on-conflict=merge&conflict-columns=title of two", "MyISAM", { body: [{ title: "c" }, { title: "a" }] }],
  [
    "POST /notes?on-conflict=ignore&conflict-columns=title of two",
    "MyISAM",
    { body: [{ title: "c" }, { title: "a" }] },
  ],
  ["POST /authors/1/notes of two", "MyISAM", { body: [{ title: "c" }, { title: "a" }] }],
  ["PATCH /notes?id=in:1,2", "MyISAM", { body: { title: "same" } }],
  ["DELETE /notes?id=in:1,2", "MyISAM", {}],
  ["DELETE /notes/1/tags?id=is:notnull", "MEMORY", {}],
  ["PUT /notes/1/tags", "MEMORY", { body: [2] }],
  ["POST /authors with notes in it", "MyISAM", { body: { name: "c", notes: [{ title: "c" }] } }],
  ["POST /notes with a new author in it", "MyISAM", { body: { title: "c", author: { name: "c" } } }],
  ["POST /notes with tags in it", "MyISAM", { body: { title: "c", tags: [{ id: 1 }] } }],
  ["PATCH /notes/1 with tags in it", "MyISAM", { body: { title: "c", tags: [{ id: 1 }] } }],
  ["POST /batch of two notes", "MyISAM", { body: [post("/notes", { title: "c" }), post("/notes", { title: "a" })] }],
  [
    "POST /batch of a note and an author",
    "MyISAM",
    { body: [post("/notes", { title: "c" }), post("/authors", { name: "Ada" })] },
  ],
  [
    "POST /batch of a note and what may not be there",
    "MyISAM",
    {
      body: [post("/notes", { title: "c" }), { method: "GET", path: "/notes/99" }],
    },
  ],
];

const taken: readonly [line: string, status: number, parts: RequestParts][] = [
  ["POST /notes", 201, { body: { title: "c" } }],
  ["POST /notes of one", 201, { body: [{ title: "c" }] }],
  ["POST /notes of one as CSV", 201, csv("title\nc\n")],
  ["POST /notes of none", 201, { body: [] }],
  ["POST /notes?on-conflict=merge&conflict-columns=title", 200, { body: { title: "a", author_id: null } }],
  ["POST /notes that refers to an author", 201, { body: { title: "c", author: { id: 1 } } }],
  ["PUT /notes/9 resolution=upsert", 201, { body: { title: "c" }, headers: { Prefer: "resolution=upsert" } }],
  ["PATCH /notes/1", 200, { body: { title: "c" } }],
  ["PATCH /notes?title=a", 200, { body: { title: "c" } }],
  ["DELETE /notes?title=a", 204, {}],
  ["DELETE /notes/1", 204, {}],
  ["DELETE /notes/1/tags?id=1", 204, {}],
  ["POST /notes/2/tags/1/add", 201, {}],
  ["POST /notes/1/tags/1/delete", 204, {}],
  [
    "POST /batch whose last entry alone writes",
    200,
    {
      body: [{ method: "GET", path: "/authors/1" }, post("/notes", { title: "c", author_id: "$0.id" })],
    },
  ],
  ["POST /authors of two", 201, { body: [{ name: "c" }, { name: "d" }] }],
  ["POST /authors tx=rollback", 201, { ...rollback, body: { name: "c" } }],
  ["POST /orders of two", 201, { body: [{ total: 1 }, { total: 2 }] }],
];

for (const database of [mariadb, mysql]) {
  describe.skipIf(database.skip)(`on ${database.name}`, () => {
    let created: Created;
    const all = async () => JSON.stringify(await snapshot(created.knex, tables));
    let before: string;
    let app: App;
    const fill = async () => {
      for (const table of tables) await created.knex.raw(`TRUNCATE TABLE ${table}`);
      for (const statement of rows) await created.knex.raw(statement);
    };
    beforeAll(async () => {
      created = await database.create(ddl);
      app = await anyFramework.start(created.url);
    });
    beforeEach(async () => {
      await fill();
      before = await all();
    });
    afterAll(async () => {
      await app?.close();
      await created?.drop();
    });

    test.each(refused)("%s is refused", async (line, engine, parts) => {
      const answer = await app.ask(line, parts);
      expect(answer).toMatchObject({ status: 400, json: { code: "not_transactional" } });
      expect(answer.json.detail).toContain(`${engine}, which keeps it, has no transactions`);
      expect(answer.headers["preference-applied"]).toBeUndefined();
      expect(await all()).toBe(before);
    });

    test("what its triggers write would stay as well, and POST /orders tx=rollback is refused", async () => {
      const answer = await app.ask("POST /orders", { ...rollback, body: { total: 1 } });
      expect(answer).toMatchObject({ status: 400, json: { code: "not_transactional" } });
      expect(answer.json.detail).not.toContain("audits");
      expect(await all()).toBe(before);
    });

    test.each(taken)("%s is as ever", async (line, status, parts) => {
      const answer = await app.ask(line, parts);
      expect(answer.status, answer.text).toBe(status);
      if (status < 300 && !line.includes("none") && !line.includes("rollback")) expect(await all()).not.toBe(before);
    });

    test("a row that is taken is a 409, and nothing is written", async () => {
      expect(await app.ask("POST /notes", { body: { title: "a" } })).toMatchObject({ status: 409 });
      expect(await all()).toBe(before);
    });
  });
}
