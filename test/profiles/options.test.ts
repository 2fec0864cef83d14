// What else an API with profiles has: options that name tables, documents, answers that are kept, keys of writes, schemas that change.
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import { isProblem } from "../conformance/case.js";
import { type App, anyFramework } from "../support/apps.js";
import { databases } from "../support/databases.js";
import { onEveryDatabase } from "../support/matrix.js";
import { ddl, profiles, reading, writing } from "./shop.js";

onEveryDatabase(
  { sqlite: "", postgres: ddl, mariadb: "" },
  (place) => {
    const app = (options: ApiOptions = {}): Promise<App> => place.app({ profiles, ...options });
    const start = (options: ApiOptions) => anyFramework.start(place.db().url, options);

    describe("options that name tables are for the profiles that have them", () => {
      test("include, exclude, overrides, roles", async () => {
        const one = await app({
          exclude: ["v2.orders.total", "v1.coupons.code"],
          overrides: [{ name: "v1.coupons", resource: "vouchers" }],
          user: () => ({ role: "guest" }),
          roles: { guest: { "v2.orders": "read", "v1.coupons": "read", routines: { "v1.answer": "execute" } } },
        });
        expect((await one.ask("GET /orders/1")).json).toEqual({ id: 1, title: "tea" });
        isProblem(await one.ask("GET /orders", reading), 403, "forbidden");
        expect((await one.ask("GET /vouchers/1", reading)).json).toEqual({ id: 1 });
        isProblem(await one.ask("POST /vouchers", writing({ id: 5 })), 403, "forbidden");
        expect((await one.ask("GET /rpc/answer", reading)).json).toBe(1);
        expect((await one.ask("GET /rpc/answer")).status).toBeGreaterThanOrEqual(400);
      });

      test("a plain name in roles is each profile's own table", async () => {
        const one = await app({
          user: () => ({ role: "guest" }),
          roles: { guest: { orders: "read", coupons: "read" } },
        });
        for (const parts of [{}, reading]) expect((await one.ask("GET /orders/1", parts)).status).toBe(200);
        expect((await one.ask("GET /coupons", reading)).status).toBe(200);
        isProblem(await one.ask("GET /notes"), 403, "forbidden");
      });

      test("old names are for the profiles that have what they lead to", async () => {
        const one = await app({
          renamed: {
            vouchers: { to: "coupons", since: "2026-01-01" },
            purchases: { to: "orders", since: "2026-01-01" },
          },
        });
        const old = await one.ask("GET /vouchers", reading);
        expect(old.json).toEqual([{ id: 1, code: "TEN" }]);
        expect(old.headers.deprecation).toBeDefined();
        expect((await one.ask("GET /vouchers")).status).toBe(404);
        expect((await one.ask("GET /purchases/1")).json).toMatchObject({ title: "tea" });
        expect((await one.ask("GET /purchases/1", reading)).json).toMatchObject({ name: "tea" });
      });

      test("an old name may be another profile's name of today", async () => {
        const one = await app({ renamed: { coupons: { to: "notes", since: "2026-01-01" } } });
        expect((await one.ask("GET /coupons")).headers.deprecation).toBeDefined();
        const now = await one.ask("GET /coupons", reading);
        expect(now.headers.deprecation).toBeUndefined();
        expect(now.json).toEqual([{ id: 1, code: "TEN" }]);
        await expect(start({ profiles, renamed: { old: { to: "nots", since: "2026-01-01" } } })).rejects.toThrow(
          /renamed.old.to: in the profile v[12]: there is no \/nots/,
        );
      });

      test("a name that none has is a mistake", async () => {
        await expect(start({ profiles, exclude: ["v1.coupon"] })).rejects.toThrow(
          /exclude\[0\]: in the profile v[12]: there is no table.*'v1\.coupon'/,
        );
      });
    });

    describe("documents", () => {
      test("/openapi.json by header and by ?profile=", async () => {
        const one = await app();
        const first = (await one.ask("GET /openapi.json")).json;
        expect(Object.keys(first.paths)).toContain("/notes");
        expect(first.info.description).toContain("the profile v2, of v2, v1");
        for (const answer of [
          await one.ask("GET /openapi.json", reading),
          await one.ask("GET /openapi.json?profile=v1"),
        ]) {
          expect(answer.headers["content-profile"]).toBe("v1");
          expect(answer.headers.vary).toContain("Accept-Profile");
          const { paths, components } = answer.json;
          expect(Object.keys(paths)).toContain("/coupons");
          expect(Object.keys(paths)).not.toContain("/notes");
          const refs = JSON.stringify([paths["/coupons"].get, paths["/coupons"].parameters]);
          expect(refs).toContain("#/components/parameters/Accept-Profile");
          expect(components.parameters["Accept-Profile"]).toMatchObject({ required: true, schema: { enum: ["v1"] } });
          expect(components.parameters["Content-Profile"]).toMatchObject({ required: true });
        }
        expect(first.components.parameters["Accept-Profile"].required).toBe(false);
      });

      test("/docs and the diagram of each stay in their profile", async () => {
        const one = await app();
        const docs = (await one.ask("GET /docs?profile=v1")).text;
        expect(docs).toContain('href="openapi.json?profile=v1"');
        expect(docs).toContain('data-profile="v1"');
        expect(docs).toContain('<a href="docs?profile=v2">v2</a>');
        const outline = (await one.ask("GET /docs/outline.json?profile=v1")).json;
        expect(outline.tags.map(({ name }: { name: string }) => name)).toContain("coupons");
        expect((await one.ask("GET /docs/tag.json?tag=coupons&profile=v1")).json).toHaveProperty("/coupons");
        const operation = (await one.ask("GET /docs/path.json?path=%2Fcoupons&profile=v1")).json;
        expect(JSON.stringify(operation.item.post)).toContain("Content-Profile");
        const diagram = await one.ask("GET /docs/diagram?profile=v1");
        expect(diagram.text).toContain("coupons");
        expect(diagram.text).not.toContain("notes");
        expect(diagram.text).toContain('href="../docs?profile=v1"');
        expect((await one.ask("GET /docs/diagram?table=coupons&profile=v1")).text).toContain(
          "diagram?table=coupons&amp;steps=2&amp;profile=v1",
        );
        expect((await one.ask("GET /docs/diagram.mmd?profile=v2")).text).toContain("notes");
      });

      test("a column called profile is filtered as ever", async () => {
        isProblem(await (await app()).ask("GET /orders?profile=v1"), 400, "unknown_column");
      });
    });

    test("what is kept of one profile is not given for another, and goes with the tables of any", async () => {
      const one = await app({ cache: { ttl: 60, tables: { "v1.coupons": 30 } } });
      const both = async () => [(await one.ask("GET /orders/1")).json, (await one.ask("GET /orders/1", reading)).json];
      const before = await both();
      expect(await both()).toEqual(before);
      expect(before[1]).toEqual({ id: 1, name: before[0].title });
      expect((await one.ask("PATCH /orders/1", { body: { title: "cached" } })).status).toBe(200);
      expect(await both()).toMatchObject([{ title: "cached" }, { name: "cached" }]);
      expect((await one.ask("PATCH /orders/1", writing({ name: "tea" }))).status).toBe(200);
      expect(await both()).toMatchObject([{ title: "tea" }, { name: "tea" }]);
    });

    test("a key of one profile's write is none of another's", async () => {
      const one = await app({ idempotency: true });
      const keyed = (profile: string) => ({
        body: { id: 50 },
        headers: { "idempotency-key": '"k"', "content-profile": profile },
      });
      const made = await one.ask("POST /coupons", keyed("v1"));
      const again = await one.ask("POST /coupons", keyed("v1"));
      expect([
        made.status,
        again.status,
        again.headers["idempotent-replayed"],
        again.headers["content-profile"],
      ]).toEqual([201, 201, "true", "v1"]);
      await place.db().knex.raw("CREATE TABLE v2.coupons (id INTEGER PRIMARY KEY)");
      isProblem(await one.ask("POST /coupons", keyed("v2")), 422, "key_used");
      await place.db().knex.raw("DROP TABLE v2.coupons");
    });

    test("each follows its schema", async () => {
      const one = await app();
      await place.db().knex.raw("CREATE TABLE v1.gifts (id INTEGER PRIMARY KEY); NOTIFY sapwood");
      for (let tries = 0; tries < 50 && (await one.ask("GET /gifts", reading)).status !== 200; tries++)
        await setTimeout(100);
      expect((await one.ask("GET /gifts", reading)).json).toEqual([]);
      expect((await one.ask("GET /gifts")).status).toBe(404);
      await place.db().knex.raw("DROP TABLE v1.gifts");
      const refreshed = await one.api.refresh();
      expect(refreshed.removed).toEqual(["v1.gifts"]);
      const { profiles: health, schema } = await one.api.health();
      expect(Object.keys(health ?? {})).toEqual(profiles);
      expect(health?.v2).toEqual(schema);
      expect([...(one.api.profiles?.keys() ?? [])]).toEqual(profiles);
    });

    test("webhooks of a table in one profile", async () => {
      const told: string[] = [];
      const one = await app({
        outbox: [{ name: "all", table: "v1.coupons", deliver: ({ type }) => void told.push(type) }],
      });
      expect((await one.ask("POST /coupons", writing({ id: 60 }))).status).toBe(201);
      for (let tries = 0; tries < 50 && told.length === 0; tries++) await setTimeout(100);
      expect(told).toEqual(["coupons.create"]);
    });

    test.each<[ApiOptions, RegExp]>([
      [
        { profiles: ["v2", "v11"] },
        /^options\.profiles\[1\]: the database has no schema 'v11'\. Perhaps you meant 'v1'\.$/,
      ],
      [{ profiles: ["v2", "v2"] }, /^options\.profiles\[1\]: v2 stands twice/],
      [{ profiles: [] }, /^options\.profiles: is a list of schemas/],
      [{ profiles: ["v2", "é"] }, /^options\.profiles\[1\]: is a schema's name/],
      [{ profiles: ["v2"], schema: "v1" }, /^options\.profiles: .*options\.schema/],
      [{ profiles: ["v2"], tables: [] }, /^options\.profiles: .*options\.tables/],
      [{ profiles: ["pg_catalog"] }, /^options\.profiles: pg_catalog is the database's own/],
    ])("%j", async (options, message) => {
      await expect(start(options)).rejects.toThrow(message);
    });
  },
  ["postgres"],
);

describe.each(databases.filter(({ can }) => !can.haveSchemas))("$name", (database) => {
  test.skipIf(database.skip !== undefined)("has no schemas, and the start says so", async () => {
    const db = await database.create("");
    await expect(anyFramework.start(db.url, { profiles })).rejects.toThrow(/^options\.profiles: \w+ has no schemas\./);
    await db.drop();
  });
});
