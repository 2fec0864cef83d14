// PostgreSQL's schemas: which are shown, what their tables are called, and foreign keys from one to the other.
import { describe, expect, test } from "vitest";
import { anyFramework } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

const ddl = `
CREATE SCHEMA sales;
CREATE SCHEMA "Odd.One";
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE items (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users);
CREATE TABLE sales.users (id INTEGER PRIMARY KEY, region TEXT);
CREATE TABLE sales.orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES public.users, seller_id INTEGER REFERENCES sales.users);
CREATE TABLE sales.orders_items (order_id INTEGER REFERENCES sales.orders, item_id INTEGER REFERENCES public.items, amount INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (order_id, item_id));
CREATE TABLE "Odd.One".users (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO users VALUES (1, 'Ada'), (2, 'Bo');
INSERT INTO items VALUES (1, 1), (2, 2);
INSERT INTO sales.users VALUES (1, 'north');
INSERT INTO sales.orders VALUES (10, 1, 1), (11, 2, NULL);
INSERT INTO sales.orders_items VALUES (10, 1, 3);
INSERT INTO "Odd.One".users VALUES (5, 'odd');
`;

onEveryDatabase(
  { sqlite: "", postgres: ddl, mariadb: "" },
  (place) => {
    const table = (name: string) =>
      place
        .db()
        .knex.raw(`SELECT * FROM ${name} ORDER BY 1`)
        .then(({ rows }) => rows);

    test("without the option: the connection's own schema alone", async () => {
      const app = await place.app();
      expect((await app.ask("GET /users")).json).toEqual([
        { id: 1, name: "Ada" },
        { id: 2, name: "Bo" },
      ]);
      for (const path of ["/orders", "/sales_users"]) expect((await app.ask(`GET ${path}`)).status).toBe(404);
    });

    test("schema: one that is not the default", async () => {
      const app = await place.app({ schema: "sales" });
      expect((await app.ask("GET /users")).json).toEqual([{ id: 1, region: "north" }]);
      expect((await app.ask("GET /users/1/orders")).json).toMatchObject([{ id: 10 }]);
      expect((await app.ask("GET /items")).status).toBe(404);
    });

    describe("schema: several", () => {
      const schema = ["public", "sales", "Odd.One"];
      const answers: Record<string, unknown> = {
        "GET /users/1": { id: 1, name: "Ada" },
        "GET /sales_users/1": { id: 1, region: "north" },
        "GET /odd_one_users": [{ id: 5, note: "odd" }],
        "GET /users/1/orders": [{ id: 10, user_id: 1, seller_id: 1 }],
        "GET /users/2/orders/11": { id: 11, user_id: 2, seller_id: null },
        "GET /sales_users/1/orders": [{ id: 10, user_id: 1, seller_id: 1 }],
        "GET /orders/10/user": { id: 1, name: "Ada" },
        "GET /orders/10/seller": { id: 1, region: "north" },
        "GET /orders/10/items": [{ id: 1, user_id: 1 }],
        "GET /items/1/orders": [{ id: 10, user_id: 1, seller_id: 1 }],
      };
      for (const [line, expected] of Object.entries(answers)) {
        test(line, async () => {
          const answer = await (await place.app({ schema })).ask(line);
          expect(answer.status, answer.text).toBe(200);
          expect(answer.json).toEqual(expected);
        });
      }

      test("the order of the schemas does not count", async () => {
        const app = await place.app({ schema: schema.toReversed() });
        expect((await app.ask("GET /users/1")).json).toEqual({ id: 1, name: "Ada" });
        expect((await app.ask("GET /sales_users/1")).json).toEqual({ id: 1, region: "north" });
      });

      test("writes reach the right table", async () => {
        const app = await place.app({ schema });
        const made = await app.ask("POST /sales_users", { body: { id: 2, region: "south" } });
        expect(made.status, made.text).toBe(201);
        expect(made.headers.location).toBe("/api/sales_users/2");
        expect(await table("sales.users")).toHaveLength(2);
        expect(await table("public.users")).toHaveLength(2);
        const order = await app.ask("POST /sales_users/2/orders", { body: { id: 12, user_id: 2 } });
        expect(order.json).toEqual({ id: 12, user_id: 2, seller_id: 2 });
        expect((await app.ask("PATCH /sales_users/2/orders/12", { body: { user_id: 1 } })).json.user_id).toBe(1);
        const link = await app.ask("POST /orders/12/items/2/add", { body: { amount: 9 } });
        expect(link.status, link.text).toBe(201);
        expect(link.json).toEqual({ order_id: 12, item_id: 2, amount: 9 });
        expect((await app.ask("POST /orders/12/items/2/delete")).status).toBe(204);
        expect((await app.ask("DELETE /sales_users/2/orders/12")).status).toBe(204);
        expect((await app.ask("DELETE /sales_users/2")).status).toBe(204);
      });

      test("entries, include and exclude name them with their schema", async () => {
        const app = await place.app({
          schema,
          exclude: ["sales.users.region", "Odd.One.users"],
          overrides: [{ name: "sales.users", resource: "sellers", columns: [{ name: "id", as: "no" }] }],
        });
        expect((await app.ask("GET /sellers")).json).toEqual([{ no: 1 }]);
        expect((await app.ask("GET /odd_one_users")).status).toBe(404);
        expect((await app.ask("GET /users/1")).json).toEqual({ id: 1, name: "Ada" });
      });
    });

    test("tables by hand, with their schema", async () => {
      const app = await place.app({
        tables: [
          { name: "users", columns: [{ name: "id", type: "integer" }, { name: "name" }] },
          {
            name: "sales.orders",
            columns: [
              { name: "id", type: "integer" },
              { name: "user_id", type: "integer" },
            ],
          },
        ],
      });
      expect((await app.ask("GET /users/1/orders")).json).toEqual([{ id: 10, user_id: 1 }]);
    });

    test("a schema that is not there", async () => {
      const wrong = anyFramework.start(place.db().url, { schema: ["public", "salse"] });
      await expect(wrong).rejects.toThrow(/^options\.schema: there is no schema 'salse'\. Perhaps you meant 'sales'\./);
    });

    test("a schema that is empty", async () => {
      await place.db().knex.raw("CREATE SCHEMA empty");
      expect((await (await place.app({ schema: "empty" })).ask("GET /users")).status).toBe(404);
    });
  },
  ["postgres"],
);
