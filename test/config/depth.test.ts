// `depth: 3`: every step of the chain is checked, in reads and in writes.
import { beforeAll, describe, expect, test } from "vitest";
import { isProblem } from "../conformance/case.js";
import { ddl } from "../fixtures/community.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

onEveryDatabase(ddl, (place) => {
  let app: App;
  beforeAll(async () => {
    app = await place.app({ depth: 3 });
  });
  const ids = (rows: { id: number }[]) => rows.map(({ id }) => id);

  const found: Record<string, unknown> = {
    "GET /countries/1/venues/1/meetups?order-by=id:asc": [1, 2, 8],
    "GET /countries/1/venues/2/meetups": [3, 4],
    "GET /countries/1/members/2/groups": [1, 2],
    "GET /countries/1/members/2/meetups": [1, 3],
    "GET /groups/1/meetups/1/members?age=gt:30": [1, 2],
    "GET /members/2/groups/2/meetups": [3, 4, 5],
    "GET /airports/OSL/origin_flights/1/destination": "HEL",
    "GET /stock_moves/1/stock": "bolt",
    "GET /meetups/1/venue/country": 1,
    "GET /venues/1/country/members": [1, 2, 8, 9, 12],
    "GET /countries/1/venues/1/meetups/2": 2,
  };
  for (const [line, expected] of Object.entries(found)) {
    test(line, async () => {
      const { json, status, text } = await app.ask(line);
      expect(status, text).toBe(200);
      expect(Array.isArray(json) ? ids(json) : (json.id ?? json.code ?? json.sku)).toEqual(expected);
    });
  }

  describe("a broken chain", () => {
    const broken: [string, string, unknown?][] = [
      ["GET /countries/2/venues/1/meetups", "parent_not_found"],
      ["GET /countries/99/venues/1/meetups", "parent_not_found"],
      ["GET /countries/2/venues/1/meetups/1", "parent_not_found"],
      ["GET /countries/1/venues/2/meetups/1", "not_found"],
      ["GET /countries/1/members/3/groups", "parent_not_found"],
      ["GET /members/3/groups/2/meetups", "parent_not_found"],
      ["GET /members/2/groups/1/meetups/3", "not_found"],
      ["GET /meetups/5/venue/country", "parent_not_found"],
      ["POST /countries/2/venues/1/meetups", "parent_not_found", { title: "x", group_id: 1 }],
      ["POST /members/3/groups/2/meetups", "parent_not_found", { title: "x" }],
      ["PATCH /countries/2/venues/1/meetups/1", "parent_not_found", { title: "x" }],
      ["PUT /countries/1/venues/2/meetups/1", "not_found", { title: "x", group_id: 1 }],
      ["DELETE /countries/2/venues/1/meetups/1", "parent_not_found"],
      ["POST /countries/1/members/3/groups/2/add", "parent_not_found"],
      ["POST /countries/1/members/3/groups/1/delete", "parent_not_found"],
    ];
    for (const [line, code, body] of broken) {
      test(line, async () => {
        const { knex } = place.db();
        const before = [await knex("meetups").select(), await knex("groups_members").select()];
        isProblem(await app.ask(line, { body }), 404, code, line);
        expect([await knex("meetups").select(), await knex("groups_members").select()]).toEqual(before);
      });
    }
  });

  describe("writes", () => {
    test("POST /countries/1/venues/2/meetups fills the nearest parent's key", async () => {
      const made = await app.ask("POST /countries/1/venues/2/meetups", { body: { title: "Deep", group_id: 2 } });
      expect(made.status, made.text).toBe(201);
      expect(made.json).toMatchObject({ title: "Deep", venue_id: 2, group_id: 2, seats: 20 });
      expect(made.headers.location).toBe(`/api/countries/1/venues/2/meetups/${made.json.id}`);
      const path = made.headers.location?.slice("/api".length);
      expect((await app.ask(`GET ${path}`)).json).toEqual(made.json);
      expect((await app.ask(`PATCH ${path}`, { body: { seats: 1 } })).json.seats).toBe(1);
      const put = await app.ask(`PUT ${path}`, { body: { title: "Put", group_id: 1 } });
      expect(put.json, put.text).toMatchObject({ title: "Put", venue_id: 2, seats: 20, start_at: null });
      expect((await app.ask(`DELETE ${path}`)).status).toBe(204);
      expect((await app.ask(`GET ${path}`)).status).toBe(404);
    });

    test("POST /countries/1/venues/1/meetups with another venue in the body", async () => {
      const body = { title: "x", group_id: 1, venue_id: 2 };
      isProblem(await app.ask("POST /countries/1/venues/1/meetups", { body }), 422, "invalid_value");
    });

    test("POST /members/2/groups/2/meetups behind an N-to-N", async () => {
      const made = await app.ask("POST /members/2/groups/2/meetups", { body: { title: "By a member" } });
      expect(made.status, made.text).toBe(201);
      expect(made.json).toMatchObject({ group_id: 2, venue_id: null });
      expect((await app.ask(`DELETE /meetups/${made.json.id}`)).status).toBe(204);
    });

    test("POST /countries/1/members/9/groups/1/add, then delete", async () => {
      expect((await app.ask("POST /countries/1/members/9/groups/1/add")).status).toBe(201);
      expect((await app.ask("POST /countries/1/members/9/groups/1/add")).status).toBe(200);
      expect((await app.ask("POST /countries/1/members/9/groups/1/delete")).status).toBe(204);
      isProblem(await app.ask("POST /countries/1/members/9/groups/1/delete"), 404, "link_not_found");
    });
  });

  test("GET /employees/1/employees/2/employees: no relation is taken twice", async () => {
    expect((await app.ask("GET /employees/1/employees/2/employees")).status).toBe(404);
    expect((await app.ask("GET /countries/1/members/1/country")).status).toBe(404);
  });

  test("depth: 1 has the tables alone", async () => {
    const flat = await place.app({ depth: 1 });
    expect((await flat.ask("GET /countries/1")).status).toBe(200);
    expect((await flat.ask("GET /countries/1/members")).status).toBe(404);
  });

  test("depth: 4 goes one further", async () => {
    const deep = await place.app({ depth: 4 });
    const answer = await deep.ask("GET /countries/1/venues/1/meetups/1/members");
    expect(answer.status, answer.text).toBe(200);
    expect(ids(answer.json)).toEqual([1, 2, 3]);
    isProblem(await deep.ask("GET /countries/2/venues/1/meetups/1/members"), 404, "parent_not_found");
  });
});
