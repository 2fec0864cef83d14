// The option `outbox`: what is told of writes, to whom, in which order, and that nothing of it is lost.
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import type { OutboxMessage } from "../../src/outbox/destination.js";
import type { App } from "../support/apps.js";
import { askJson } from "../support/json-request.js";
import { onEveryDatabase, onEveryServer } from "../support/matrix.js";
import { ddl, until } from "./shop.js";

onEveryServer(ddl, (place) => {
  let app: App;
  let got: OutboxMessage[] = [];
  let fails: (message: OutboxMessage) => boolean = () => false;
  const deliver = (message: OutboxMessage) => {
    if (fails(message)) throw new Error("not now");
    got.push(message);
  };
  const options: ApiOptions = {
    outbox: [{ name: "copies", table: ["orders", "orders_tags"], deliver }],
    hooks: {
      postSave: ({ body }) => {
        if (body.title === "refused") throw new Error("refused");
      },
    },
  };
  const waiting = async () => Number((await place.db().knex("sapwood_outbox").count({ n: "*" }))[0]?.n);
  const delivered = () => until(async () => (await waiting()) === 0);
  beforeAll(async () => {
    app = await place.app(options);
  });
  beforeEach(async () => {
    await delivered();
    got = [];
    fails = () => false;
  });

  test("a row that is made, changed and deleted, in this order", async () => {
    const { json: tea } = await app.ask("POST /orders", { body: { title: "tea", total: 12.25 } });
    const { json: black } = await app.ask(`PATCH /orders/${tea.id}`, { body: { title: "black tea" } });
    await app.ask(`DELETE /orders/${tea.id}`);
    await delivered();
    expect(got.map(({ type, data }) => [type, data])).toEqual([
      ["orders.create", tea],
      ["orders.update", black],
      ["orders.delete", { id: tea.id }],
    ]);
    const [first] = got;
    expect(first).toMatchObject({ resource: "orders", event: "create", id: expect.stringMatching(/^msg_[\w-]+$/) });
    expect(new Date(first?.timestamp ?? "").toISOString()).toBe(first?.timestamp);
  });

  test("lists, batches, nested rows and links are told row by row", async () => {
    const made = await app.ask("POST /orders", { body: [{ title: "a1" }, { title: "a2" }, { title: "a3" }] });
    const [one, two, three] = made.json.map(({ id }: { id: number }) => id);
    await app.ask("PATCH /orders?title=like:a%25", { body: { total: 1 } });
    await app.ask("POST /batch", {
      body: [
        { method: "POST", path: `/orders/${one}/tags/1/add` },
        { method: "POST", path: `/orders/${one}/tags/1/delete` },
        { method: "DELETE", path: `/orders?id=in:${two},${three}` },
      ],
    });
    await delivered();
    expect(got.map(({ type, data }) => [type, ...Object.values(data).slice(0, 2).map(String)])).toEqual([
      ["orders.create", `${one}`, "a1"],
      ["orders.create", `${two}`, "a2"],
      ["orders.create", `${three}`, "a3"],
      ["orders.update", `${one}`, "a1"],
      ["orders.update", `${two}`, "a2"],
      ["orders.update", `${three}`, "a3"],
      ["orders_tags.create", `${one}`, "1"],
      ["orders_tags.delete", `${one}`, "1"],
      ["orders.delete", `${two}`],
      ["orders.delete", `${three}`],
    ]);
  });

  test("what is rolled back, refused or only tried is not told", async () => {
    await app.ask("POST /orders", { body: { title: "refused" } });
    await app.ask("POST /orders", { body: { title: "tried" }, headers: { prefer: "tx=rollback" } });
    await app.ask("POST /orders", { body: { titel: "unknown" } });
    await app.ask("DELETE /orders/999999");
    expect(await waiting()).toBe(0);
    await app.ask("POST /orders", { body: { title: "kept" } });
    await delivered();
    expect(got.map(({ data }) => data.title)).toEqual(["kept"]);
  });

  test("one that fails is tried again, and those behind it wait for it", async () => {
    let tries = 0;
    fails = ({ data }) => data.title === "b1" && ++tries <= 2;
    for (const title of ["b1", "b2", "b3"]) await app.ask("POST /orders", { body: { title } });
    await delivered();
    expect(tries).toBe(3);
    expect(got.map(({ data }) => data.title)).toEqual(["b1", "b2", "b3"]);
  }, 30_000);

  test("several servers share them: each is delivered once, in order", async () => {
    const other = await place.app(options);
    const titles = Array.from({ length: 30 }, (_, i) => `c${i}`);
    for (const [i, title] of titles.entries())
      await (i % 2 === 0 ? app : other).ask("POST /orders", { body: { title } });
    await delivered();
    expect(got.map(({ data }) => data.title)).toEqual(titles);
    await other.close();
  }, 30_000);

  test("what a server that has ended left behind is delivered by the next one", async () => {
    const stopped = await createApi(place.db().url, {
      outbox: [{ name: "left", table: "orders", deliver: () => new Promise(() => {}) }],
    });
    await askJson(stopped, "POST /orders", { title: "left" });
    await stopped.close();
    const found: unknown[] = [];
    const next = await createApi(place.db().url, {
      outbox: [{ name: "left", table: "orders", deliver: ({ data }) => void found.push(data.title) }],
    });
    await until(() => found.length > 0);
    await next.close();
    expect(found).toEqual(["left"]);
  });

  test("with roles the whole row is told, whatever the writer sees of it", async () => {
    const found: OutboxMessage[] = [];
    const roles = {
      clerk: { orders: { operations: ["read", "create"], read: ["id", "title"], write: ["title", "secret"] } },
    } as const;
    const limited = await createApi(place.db().url, {
      ...{ roles, user: () => ({ role: "clerk" }) },
      outbox: [{ name: "roles", table: "orders", on: ["create"], deliver: (message) => void found.push(message) }],
    });
    const { json } = await askJson(limited, "POST /orders", { title: "of a clerk", secret: "x" });
    expect(json).not.toHaveProperty("secret");
    await until(() => found.length > 0);
    await limited.close();
    expect(found[0]?.data).toMatchObject({ title: "of a clerk", secret: "x", total: null });
  });

  test("its tables are none of the API's", async () => {
    expect(app.api.schema.tables.map(({ name }) => name).sort()).not.toContain("sapwood_outbox");
  });
});

onEveryDatabase(
  ddl,
  (place) => {
    describe("mistakes in the options", () => {
      const deliver = () => {};
      const entry = { name: "a", table: "orders", deliver };
      const webhook = { table: "orders", url: "https://example.org/x", secret: `whsec_${"A".repeat(32)}` };
      test.each([
        [{ outbox: {} }, "options.outbox: is a list"],
        [
          { outbox: [{ ...entry, table: "ordres" }] },
          "options.outbox[0].table: there is no table ordres. Perhaps you meant 'orders'.",
        ],
        [{ outbox: [entry, entry] }, "options.outbox[1].name: there are two of the name a."],
        [{ outbox: [{ ...entry, on: ["made"] }] }, "options.outbox[0].on: 'made' is none of create, update, delete."],
        [{ outbox: [entry], readOnly: true }, "options.readOnly: is true, and options.outbox writes messages."],
        [
          { webhooks: [{ ...webhook, url: "http://example.org" }] },
          "options.webhooks[0].url: is an address that begins with https://",
        ],
        [{ webhooks: [{ ...webhook, url: "https://a:b@example.org" }] }, "options.webhooks[0].url: holds a password"],
        [{ webhooks: [{ ...webhook, secret: "s3cret" }] }, "options.webhooks[0].secret: is whsec_ and"],
        [
          { webhooks: [{ ...webhook, secret: { env: "NO_SUCH" } }] },
          "options.webhooks[0].secret: neither NO_SUCH nor NO_SUCH_FILE is set.",
        ],
        [{ webhooks: [webhook, { ...webhook, timeout: 3 }] }, "options.webhooks[1].url: stands in another entry too"],
      ])("%j", async (options, words) => {
        await expect(createApi(place.db().url, options as ApiOptions)).rejects.toThrow(words);
      });
    });
  },
  ["sqlite"],
);

onEveryDatabase(
  ddl,
  (place) => {
    test("a table without transactions cannot be told of", async () => {
      const outbox = [{ name: "a", table: "notes", deliver: () => {} }];
      await expect(createApi(place.db().url, { outbox })).rejects.toThrow(
        "options.outbox[0].table: notes cannot be told of",
      );
    });
  },
  ["mariadb"],
);
