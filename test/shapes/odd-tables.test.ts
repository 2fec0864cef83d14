// Views, tables without a key, columns that the database computes.
import { beforeAll, describe, expect, test } from "vitest";
import { ddl } from "../fixtures/shapes.js";
import { answers, refuses, write } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

onEveryServer(ddl, (place) => {
  let app: App;
  beforeAll(async () => {
    app = await place.app();
  });

  describe("a view", () => {
    answers(() => app, { "GET /people_names?name=Bo": [{ id: 2, name: "Bo" }] });
    refuses(() => app, [["POST /people_names", 405, "method_not_allowed", { id: 9, name: "x" }]]);
    test("GET /people_names/1 of no key is no route", async () => {
      expect((await app.ask("GET /people_names/1")).status).toBe(404);
    });
  });

  describe("a view with a key from the config", () => {
    let keyed: App;
    beforeAll(async () => {
      keyed = await place.app({ overrides: [{ name: "people_names", primaryKey: "id", resource: "names" }] });
    });
    answers(() => keyed, { "GET /names/1": { id: 1, name: "Ada" } });
    refuses(
      () => keyed,
      [
        ["GET /names/99", 404, "not_found"],
        ["DELETE /names/1", 405, "method_not_allowed"],
        ["PUT /names/1", 405, "method_not_allowed", {}],
      ],
    );
  });

  describe("no key", () => {
    test("GET /logs", async () => {
      const { json } = await write(app, "GET /logs?order-by=message:asc,level:asc", 200);
      expect(json).toEqual([
        { message: "other", level: 1 },
        { message: "same", level: 3 },
        { message: "same", level: 3 },
      ]);
    });
    test("POST /logs answers the row that was written, without a Location", async () => {
      const made = await write(app, "POST /logs", 201, { message: "mine" });
      expect(made.json).toEqual({ message: "mine", level: 3 });
      expect(made.headers.location).toBeUndefined();
      await place.db().knex("logs").where({ message: "mine" }).delete();
    });
    test("GET /logs/1 is no route", async () => {
      expect((await app.ask("GET /logs/1")).status).toBe(404);
    });
  });

  describe("a key from the config for a table that has none", () => {
    test("GET, PATCH, DELETE /lockers/2", async () => {
      const keyed = await place.app({ overrides: [{ name: "lockers", primaryKey: "person_id" }] });
      expect((await write(keyed, "GET /lockers/2", 200)).json).toEqual({ person_id: 2, code: "two" });
      expect((await write(keyed, "PATCH /lockers/2", 200, { code: "2" })).json.code).toBe("2");
      await write(keyed, "PATCH /lockers/2", 200, { code: "two" });
    });
  });

  describe("generated and identity columns", () => {
    answers(() => app, {
      "GET /sums/1": { id: 1, a: 1, b: 2, total: 3 },
      "GET /sums?total=3": [{ id: 1, a: 1, b: 2, total: 3 }],
    });
    refuses(
      () => app,
      [
        ["POST /sums", 422, "read_only_column", { a: 1, total: 5 }],
        ["PATCH /sums/1", 422, "read_only_column", { total: 5 }],
        ["POST /sums", 422, "not_null_violation", {}],
      ],
    );
    test("POST, PUT, PATCH /sums compute the total", async () => {
      const made = await write(app, "POST /sums", 201, { a: 40 });
      expect(made.json).toMatchObject({ a: 40, b: 2, total: 42 });
      const row = `/sums/${made.json.id}`;
      expect((await write(app, `PATCH ${row}`, 200, { b: 0 })).json.total).toBe(40);
      expect((await write(app, `PUT ${row}`, 200, { a: 1 })).json).toMatchObject({ a: 1, b: 2, total: 3 });
      await write(app, `DELETE ${row}`, 204);
    });
    test("POST /sums with an id of one's own, and with null", async () => {
      expect((await write(app, "POST /sums", 201, { id: 500, a: 1 })).json.id).toBe(500);
      const numbered = await write(app, "POST /sums", 201, { id: null, a: 1 });
      expect(numbered.json.id).toEqual(expect.any(Number));
      await write(app, "DELETE /sums/500", 204);
      await write(app, `DELETE /sums/${numbered.json.id}`, 204);
    });
  });
});
