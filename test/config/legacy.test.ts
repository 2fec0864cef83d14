// A legacy schema, written by hand and merged over what was read: the same API either way.
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import { isProblem } from "../conformance/case.js";
import { ddl, tables } from "../fixtures/legacy.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

const ways: Readonly<Record<string, ApiOptions>> = {
  "tables, by hand": { tables },
  "overrides, over what was read": { overrides: tables, exclude: ["TBL_KUNDE.KD_GEHEIM"] },
};

for (const [way, options] of Object.entries(ways)) {
  describe(way, () => {
    onEveryDatabase(ddl, (place) => {
      let app: App;
      beforeAll(async () => {
        app = await place.app(options);
      });
      beforeEach(async () => {
        const { knex } = place.db();
        await knex("TBL_AUFTRAG").where("AUF_NR", ">", 4).delete();
        await knex("TBL_POSITION").where("POS_ART", "B,2").delete();
        await knex("TBL_KUNDE").where("KD_NR", ">", 3).delete();
        await knex("TBL_KUNDE").where("KD_NR", 3).update("KD_NAME", "Özil");
      });

      const answers: Record<string, unknown> = {
        "GET /customers": [
          { id: 1, name: "Meyer" },
          { id: 2, name: "Schulze" },
          { id: 3, name: "Özil" },
        ],
        "GET /customers?name=startswith:Sch": [{ id: 2, name: "Schulze" }],
        "GET /customers?order-by=name:asc&limit=1": [{ id: 1, name: "Meyer" }],
        "GET /customers/1": { id: 1, name: "Meyer" },
        "GET /orders/1": { id: 1, customer_id: 1, recruiter_id: 2, total: 12.5 },
        "GET /customers/1/customer_orders?order-by=id:asc": [
          { id: 1, customer_id: 1, recruiter_id: 2, total: 12.5 },
          { id: 2, customer_id: 1, recruiter_id: null, total: 99 },
        ],
        "GET /customers/1/recruiter_orders": [{ id: 3, customer_id: 2, recruiter_id: 1, total: 0.1 }],
        "GET /customers/2/customer_orders/3": { id: 3, customer_id: 2, recruiter_id: 1, total: 0.1 },
        "GET /orders/1/customer": { id: 1, name: "Meyer" },
        "GET /orders/1/recruiter": { id: 2, name: "Schulze" },
        "GET /orders/1/articles": [{ code: "A/1", name: "Hammer" }],
        "GET /orders/1/articles/A%2F1": { code: "A/1", name: "Hammer" },
        "GET /articles/A%2F1/orders?total=gt:12": [{ id: 1, customer_id: 1, recruiter_id: 2, total: 12.5 }],
        "GET /positions/1,A%2F1": { order_id: 1, article_code: "A/1", quantity: 3 },
        "GET /customers/3/customer_orders": [],
      };
      for (const [line, expected] of Object.entries(answers)) {
        test(line, async () => {
          const answer = await app.ask(line);
          expect(answer.status, answer.text).toBe(200);
          expect(answer.json).toEqual(expected);
        });
      }

      const refusals: [string, number, string, unknown?][] = [
        ["GET /customers/99/customer_orders", 404, "parent_not_found"],
        ["GET /customers/2/customer_orders/1", 404, "not_found"],
        ["GET /orders/4/customer", 404, "not_found"],
        ["GET /customers?KD_NAME=Meyer", 400, "unknown_column"],
        ["GET /customers?KD_GEHEIM=streng", 400, "unknown_column"],
        ["GET /customers?order-by=KD_GEHEIM", 400, "unknown_column"],
        ["POST /customers", 400, "unknown_column", { name: "x", KD_GEHEIM: "y" }],
        ["POST /customers", 422, "not_null_violation", { name: null }],
        ["POST /customers", 422, "invalid_value", { name: "x".repeat(41) }],
        ["PATCH /orders/1", 422, "invalid_value", { total: "much" }],
        ["POST /customers/99/customer_orders", 404, "parent_not_found", {}],
        ["POST /orders/99/articles/A%2F1/add", 404, "parent_not_found"],
        ["POST /orders/1/articles/C/add", 404, "not_found"],
        ["POST /orders/2/articles/A%2F1/delete", 404, "link_not_found"],
      ];
      for (const [line, status, code, body] of refusals) {
        test(`${line} ${JSON.stringify(body ?? "").slice(0, 40)}`, async () => {
          const answer = await app.ask(line, { body });
          isProblem(answer, status, code, line + JSON.stringify(body ?? ""));
          if (code === "unknown_column") expect(answer.json.detail).not.toContain("streng");
        });
      }

      test("GET /TBL_KUNDE is not there", async () => {
        expect((await app.ask("GET /TBL_KUNDE")).status).toBe(404);
        expect((await app.ask("GET /tbl_kundes")).status).toBe(404);
      });

      test("POST /customers, with its Location", async () => {
        const answer = await app.ask("POST /customers", { body: { name: "Neu" } });
        expect(answer.status, answer.text).toBe(201);
        expect(answer.json).toEqual({ id: expect.any(Number), name: "Neu" });
        expect(answer.headers.location).toBe(`/api/customers/${answer.json.id}`);
        const row = await place.db().knex("TBL_KUNDE").where({ KD_NR: answer.json.id }).first();
        expect(row).toMatchObject({ KD_NAME: "Neu", KD_GEHEIM: "streng" });
        const there = await app.ask(`GET ${answer.headers.location?.slice("/api".length)}`);
        expect(there.json).toEqual(answer.json);
      });

      test("POST /customers/3/customer_orders fills the foreign key", async () => {
        const answer = await app.ask("POST /customers/3/customer_orders", { body: { total: "7.25" } });
        expect(answer.status, answer.text).toBe(201);
        expect(answer.json).toMatchObject({ customer_id: 3, recruiter_id: null, total: 7.25 });
        expect(answer.headers.location).toBe(`/api/customers/3/customer_orders/${answer.json.id}`);
      });

      test("PUT /customers/3 and PATCH /customers/3", async () => {
        expect((await app.ask("PUT /customers/3", { body: { name: "Put" } })).json).toEqual({ id: 3, name: "Put" });
        expect((await app.ask("PATCH /customers/3", { body: { name: "Patch" } })).json).toEqual({
          id: 3,
          name: "Patch",
        });
        expect(await place.db().knex("TBL_KUNDE").where({ KD_NR: 3 }).first()).toMatchObject({ KD_NAME: "Patch" });
      });

      test("POST /orders/1/articles/B%2C2/add, twice, and /delete", async () => {
        const path = "/orders/1/articles/B%2C2";
        const first = await app.ask(`POST ${path}/add`, { body: { quantity: 5 } });
        expect(first.status, first.text).toBe(201);
        expect(first.json).toEqual({ order_id: 1, article_code: "B,2", quantity: 5 });
        expect((await app.ask(`POST ${path}/add`)).status).toBe(200);
        expect((await app.ask(`GET ${path}`)).status).toBe(200);
        expect((await app.ask(`POST ${path}/delete`)).status).toBe(204);
        expect((await app.ask(`GET ${path}`)).status).toBe(404);
      });
    });
  });
}
