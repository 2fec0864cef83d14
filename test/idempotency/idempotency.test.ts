// `Idempotency-Key`: what is sent twice is done once, and answered alike.
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Hooks } from "../../src/run/hooks.js";
import { isProblem } from "../conformance/case.js";
import type { App } from "../support/apps.js";
import type { Answer } from "../support/http.js";
import { onEveryDatabase, onEveryServer } from "../support/matrix.js";
import { ddl } from "./shop.js";

let keys = 0;
const freshKey = () => `"key-${process.pid}-${keys++}"`;
const keyed = (key: string, body: unknown, more: Readonly<Record<string, string>> = {}) => ({
  body,
  headers: { "idempotency-key": key, ...more },
});

/** Whatever an answer says of the write. */
const saidOf = ({ status, text, headers }: Answer) => ({
  ...{ status, text, location: headers.location, etag: headers.etag, type: headers["content-type"] },
});

onEveryServer(ddl, (place) => {
  let app: App;
  let other: App;
  let hooks: Hooks = {};
  const called: string[] = [];
  beforeAll(async () => {
    const options = {
      idempotency: true,
      hooks: {
        preSave: (context) => typeof hooks.preSave === "function" && hooks.preSave(context),
        postSave: (context) => typeof hooks.postSave === "function" && hooks.postSave(context),
        afterCommit: () => void called.push("afterCommit"),
      } satisfies Hooks,
    };
    app = await place.app(options);
    // Another server on the same database.
    other = await place.app(options);
  });
  afterEach(() => {
    hooks = {};
    called.length = 0;
  });
  const titles = (): Promise<string[]> => place.db().knex("orders").orderBy("id").pluck("title");
  const counted = async (title: string) => (await titles()).filter((one) => one === title).length;

  describe("the same request again", () => {
    test("POST /orders makes one row, and answers as before", async () => {
      const key = freshKey();
      const first = await app.ask("POST /orders", keyed(key, { title: "tea" }));
      expect(first.status, first.text).toBe(201);
      expect(first.headers["idempotent-replayed"]).toBeUndefined();
      for (const server of [app, other]) {
        const again = await server.ask("POST /orders", keyed(key, { title: "tea" }));
        expect(saidOf(again)).toEqual(saidOf(first));
        expect(again.headers["idempotent-replayed"]).toBe("true");
      }
      expect(await counted("tea")).toBe(1);
      expect(called).toEqual(["afterCommit"]);
    });

    test("without quotes it is the same key", async () => {
      const key = freshKey();
      const first = await app.ask("POST /orders", keyed(key, { title: "quotes" }));
      const again = await app.ask("POST /orders", keyed(key.replaceAll('"', ""), { title: "quotes" }));
      expect(saidOf(again)).toEqual(saidOf(first));
    });

    test("PATCH /orders/1 adds once", async () => {
      const parts = keyed(freshKey(), { amount: { increment: 5 } });
      const first = await app.ask("PATCH /orders/1", parts);
      expect(first.json).toMatchObject({ amount: 6 });
      expect(saidOf(await app.ask("PATCH /orders/1", parts))).toEqual(saidOf(first));
      expect((await app.ask("GET /orders/1")).json.amount).toBe(6);
    });

    test("POST /batch is done once as a whole", async () => {
      const entries = [
        { method: "POST", path: "/orders", body: { title: "batch" } },
        { method: "POST", path: "/orders/$0.id/items", body: { name: "one" } },
      ];
      const parts = keyed(freshKey(), entries);
      const first = await app.ask("POST /batch", parts);
      expect(first.status, first.text).toBe(200);
      expect(saidOf(await other.ask("POST /batch", parts))).toEqual(saidOf(first));
      expect(await counted("batch")).toBe(1);
    });

    test("without the row, where it was asked for without", async () => {
      const parts = keyed(freshKey(), { title: "minimal" }, { prefer: "return=minimal" });
      const first = await app.ask("POST /orders", parts);
      expect(first.text).toBe("");
      const again = await app.ask("POST /orders", parts);
      expect(saidOf(again)).toEqual(saidOf(first));
      expect(again.headers["preference-applied"]).toBe("return=minimal");
    });
  });

  describe("another request with the key", () => {
    test.each([
      ["another body", "POST /orders", { title: "b" }],
      ["another address", "POST /items", { title: "a" }],
      ["another query", "POST /orders?on-conflict=ignore", { title: "a" }],
      ["another method", "PATCH /orders/1", { title: "a" }],
    ])("%s is a 422, and changes nothing", async (kind, line, body) => {
      const key = freshKey();
      const title = `used ${kind}`;
      const named = (said: { title: string }) => ({ title: said.title === "a" ? title : `${title} ${said.title}` });
      expect((await app.ask("POST /orders", keyed(key, named({ title: "a" })))).status).toBe(201);
      const before = await titles();
      isProblem(await app.ask(line, keyed(key, named(body))), 422, "key_used");
      isProblem(await other.ask(line, keyed(key, named(body))), 422, "key_used");
      expect(await titles()).toEqual(before);
    });

    test("of another caller it is another key", async () => {
      const key = freshKey();
      const as = (user: string) => app.ask("POST /orders", keyed(key, { title: `of ${user}` }, { "x-user": user }));
      expect((await as("ada")).json.title).toBe("of ada");
      expect((await as("bob")).json.title).toBe("of bob");
      expect((await as("ada")).headers["idempotent-replayed"]).toBe("true");
    });
  });

  describe("a request that failed", () => {
    test("left no key behind: it may be sent again, put right", async () => {
      const key = freshKey();
      isProblem(await app.ask("POST /orders", keyed(key, { title: "first" })), 409, "unique_violation");
      isProblem(await app.ask("POST /orders", keyed(key, { titel: "x" })), 400, "unknown_column");
      const mended = await app.ask("POST /orders", keyed(key, { title: "second try" }));
      expect(mended.status, mended.text).toBe(201);
    });

    test("in a hook after the write, too", async () => {
      const key = freshKey();
      hooks = {
        postSave: () => {
          throw new Error("broken");
        },
      };
      expect((await app.ask("POST /orders", keyed(key, { title: "hooked" }))).status).toBe(500);
      expect(await counted("hooked")).toBe(0);
      hooks = {};
      expect((await app.ask("POST /orders", keyed(key, { title: "hooked" }))).status).toBe(201);
      expect(await counted("hooked")).toBe(1);
    });

    test("as its answer was too long to be kept", async () => {
      const small = await place.app({ idempotency: true, maxKeptAnswer: 300 });
      const rows = Array.from({ length: 20 }, (_, i) => ({ title: `many ${i}` }));
      const key = freshKey();
      const refused = await small.ask("POST /orders", keyed(key, rows));
      isProblem(refused, 400, "too_complex");
      expect(await counted("many 0")).toBe(0);
      const minimal = keyed(key, rows, { prefer: "return=minimal" });
      expect((await small.ask("POST /orders", minimal)).status).toBe(201);
    });

    test("or was only tried", async () => {
      const key = freshKey();
      const tried = await app.ask("POST /orders", keyed(key, { title: "tried" }, { prefer: "tx=rollback" }));
      expect(tried.status, tried.text).toBe(201);
      expect(await counted("tried")).toBe(0);
      expect((await app.ask("POST /orders", keyed(key, { title: "tried" }))).status).toBe(201);
    });
  });

  describe("many at once with one key", () => {
    test("20 clients of two servers make one row, and all answers are equal, or 409", async () => {
      const parts = keyed(freshKey(), { title: "at once" });
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? app : other).ask("POST /orders", parts)),
      );
      expect(await counted("at once")).toBe(1);
      const [done, waiting] = [answers.filter(({ status }) => status === 201), answers.filter((a) => a.status !== 201)];
      expect(done.length).toBeGreaterThan(0);
      for (const answer of done) expect(saidOf(answer)).toEqual(saidOf(done[0] as Answer));
      for (const answer of waiting) {
        isProblem(answer, 409, "key_in_use");
        expect(answer.headers["retry-after"]).toBe("1");
      }
      expect(done.filter(({ headers }) => headers["idempotent-replayed"] === undefined)).toHaveLength(1);
    });

    test("one that is under way is a 409 until it is done", async () => {
      const parts = keyed(freshKey(), { title: "slow" });
      let [go, begun] = [() => {}, () => {}];
      const isBegun = new Promise<void>((resolve) => {
        begun = resolve;
      });
      const mayGo = new Promise<void>((resolve) => {
        go = resolve;
      });
      hooks = {
        preSave: () => {
          begun();
          return mayGo;
        },
      };
      const first = app.ask("POST /orders", parts);
      await isBegun;
      isProblem(await app.ask("POST /orders", parts), 409, "key_in_use");
      // Another server does not know of it: it is told by the database, when it is done.
      const elsewhere = other.ask("POST /orders", parts);
      go();
      expect((await elsewhere).json).toEqual((await first).json);
      expect(await counted("slow")).toBe(1);
    });
  });

  test("an answer whose time is over is forgotten", async () => {
    const key = freshKey();
    await app.ask("POST /orders", keyed(key, { title: "old" }));
    await place.db().knex("sapwood_answers").update({ expires_at: 1 });
    await place.db().knex("orders").where({ title: "old" }).del();
    const fresh = await app.ask("POST /orders", keyed(key, { title: "old" }));
    expect(fresh.headers["idempotent-replayed"]).toBeUndefined();
    expect(await counted("old")).toBe(1);
    expect(saidOf(await app.ask("POST /orders", keyed(key, { title: "old" })))).toEqual(saidOf(fresh));
    const kept = await place.db().knex("sapwood_answers").where("expires_at", ">", 1);
    expect(kept).toHaveLength(1);
  });

  test.each([
    ["empty", '""'],
    ["too long", `"${"a".repeat(256)}"`],
    ["two of them", '"a", "b"'],
    ["not closed", '"a'],
    ["letters that none are", "schlüssel".normalize("NFC").replace("ü", "\u00fc")],
  ])("a key that is %s is a 400", async (_, key) => {
    const before = await titles();
    isProblem(await app.ask("POST /orders", keyed(key, { title: "bad key" })), 400, "malformed_header");
    expect(await titles()).toEqual(before);
  });

  test("its table is none of the API's", async () => {
    expect((await app.ask("GET /sapwood_answers")).status).toBe(404);
    expect(app.api.schema.tables.map(({ name }) => name)).not.toContain("sapwood_answers");
  });

  test("where it is off, the header is not heeded, and no table is made", async () => {
    await place.db().knex.schema.renameTable("sapwood_answers", "kept_away");
    const plain = await place.app();
    const parts = keyed(freshKey(), { name: "x", order_id: 1 });
    const ids = [await plain.ask("POST /items", parts), await plain.ask("POST /items", parts)].map(
      ({ json }) => json.id,
    );
    expect(new Set(ids).size).toBe(2);
    expect(await place.db().knex.schema.hasTable("sapwood_answers")).toBe(false);
    await place.db().knex.schema.renameTable("kept_away", "sapwood_answers");
  });
});

onEveryDatabase(
  ddl,
  (place) => {
    test("a table without transactions takes no key", async () => {
      const app = await place.app({ idempotency: true });
      isProblem(await app.ask("POST /notes", keyed(freshKey(), { text: "a" })), 400, "not_transactional");
      expect(await place.db().knex("notes")).toEqual([]);
      expect(await place.db().knex("sapwood_answers")).toEqual([]);
    });
  },
  ["mariadb"],
);
