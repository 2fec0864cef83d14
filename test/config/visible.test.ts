// `include` and `exclude`: what is not shown is not there, in paths, filters, bodies and answers.
import { beforeAll, describe, expect, test } from "vitest";
import { isProblem } from "../conformance/case.js";
import { ddl } from "../fixtures/community.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

onEveryDatabase(ddl, (place) => {
  describe("exclude a table and columns", () => {
    let app: App;
    beforeAll(async () => {
      app = await place.app({
        exclude: ["venues", "groups_members", "members.email", "members.balance", "logs.level"],
      });
    });

    for (const line of [
      "GET /venues",
      "GET /venues/1",
      "GET /countries/1/venues",
      "GET /meetups/1/venue",
      "GET /members/1/groups",
      "GET /groups/1/members/1",
    ]) {
      test(`${line} is no route`, async () => {
        expect((await app.ask(line)).status).toBe(404);
        expect((await app.ask(line)).json).toBeUndefined();
      });
    }

    test("GET /meetups/1 keeps the column that led to the hidden table", async () => {
      expect((await app.ask("GET /meetups/1")).json).toMatchObject({ id: 1, venue_id: 1 });
    });

    test("GET /members/1 and /members have no such field", async () => {
      const shown = ["id", "name", "country_id", "age", "joined"];
      expect(Object.keys((await app.ask("GET /members/1")).json)).toEqual(shown);
      expect(Object.keys((await app.ask("GET /countries/1/members")).json[0])).toEqual(shown);
      expect(Object.keys((await app.ask("PATCH /members/1", { body: { age: 36 } })).json)).toEqual(shown);
    });

    for (const [line, body] of [
      ["GET /members?email=ada@example.org"],
      ["GET /members?email=like:a%25"],
      ["GET /members?email=is:null"],
      ["GET /members?order-by=balance"],
      ["PATCH /members/1", { email: "x@example.org" }],
      ["PUT /members/1", { name: "x", balance: 3 }],
      ["POST /members", { name: "x", email: "x@example.org" }],
    ] as const) {
      test(`${line} names an unknown column`, async () => {
        const answer = await app.ask(line, { body });
        isProblem(answer, 400, "unknown_column");
        expect(answer.json.detail).not.toMatch(/columns are .*(email|balance)/);
      });
    }

    test("POST /members without the hidden column that has no default", async () => {
      const answer = await app.ask("POST /members", { body: { name: "x" } });
      isProblem(answer, 422, "not_null_violation");
      expect(answer.text).not.toContain("email");
    });

    test("PUT /members/1 leaves hidden columns alone", async () => {
      const { knex } = place.db();
      const before = await knex("members").where({ id: 1 }).first();
      const { name, country_id, age } = before;
      expect((await app.ask("PUT /members/1", { body: { name, country_id, age } })).status).toBe(200);
      const after = await knex("members").where({ id: 1 }).first();
      expect([after.email, String(after.balance)]).toEqual([before.email, String(before.balance)]);
    });
  });

  describe("include tables and single columns", () => {
    let app: App;
    beforeAll(async () => {
      app = await place.app({
        include: ["countries", "members.id", "members.country_id", "members.name", "logs.level"],
      });
    });

    test("only these are there", async () => {
      expect(Object.keys((await app.ask("GET /members/1")).json)).toEqual(["id", "name", "country_id"]);
      expect((await app.ask("GET /countries/1/members")).json).toHaveLength(5);
      expect((await app.ask("GET /members/1/country")).json).toMatchObject({ code: "NO" });
      expect((await app.ask("GET /logs")).json).toEqual([{ level: "info" }, { level: "info" }, { level: null }]);
      for (const path of ["meetups", "groups", "members/1/groups"])
        expect((await app.ask(`GET /${path}`)).status).toBe(404);
    });
  });

  test("a key that is hidden leaves a table without one", async () => {
    const app = await place.app({ exclude: ["countries.id"] });
    expect((await app.ask("GET /countries")).json).toContainEqual({ name: "Norway", code: "NO" });
    expect((await app.ask("GET /countries/1")).status).toBe(404);
    expect((await app.ask("GET /countries/1/members")).status).toBe(404);
    expect((await app.ask("GET /members/1/country")).status).toBe(404);
  });

  test("include and exclude together", async () => {
    const app = await place.app({ include: ["members"], exclude: ["members.email"] });
    expect(Object.keys((await app.ask("GET /members/1")).json)).not.toContain("email");
    expect((await app.ask("GET /countries")).status).toBe(404);
  });
});
