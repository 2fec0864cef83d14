// Answers that are kept: the same as those that are not, whatever is written in between.
import { expect, test } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase, onEveryHost } from "../support/matrix.js";
import { club, reads, writes } from "./club.js";

const kept: ApiOptions = { cache: { ttl: 600 }, serverTiming: true, batch: true };

const statementsOf = (answer: { headers: Record<string, unknown> }): number =>
  Number(/desc="(\d+)/.exec(String(answer.headers["server-timing"]))?.[1]);

/** How many of the reads the database was not asked for. */
async function readAll(app: App): Promise<{ texts: readonly string[]; free: readonly string[] }> {
  const answers = await Promise.all(reads.map((path) => app.ask(`GET ${path}`)));
  const free = reads.filter((_, i) => statementsOf(answers[i] as never) === 0);
  return { texts: answers.map(({ status, text }, i) => `${reads[i]} ${status} ${text}`), free };
}

onEveryDatabase(club, (place) => {
  test("after each kind of write every read answers what the database holds", { timeout: 120_000 }, async () => {
    const [app, plain] = [await place.app(kept), await place.app({ serverTiming: true })];
    const first = await readAll(plain);
    expect(first.free).toEqual([]);
    for (const [line, body, headers] of writes) {
      await readAll(app);
      const warm = await readAll(app);
      // What is not there is not kept.
      const missing = warm.texts.filter((text) => / 404 /.test(text)).length;
      expect(warm.free.length, line).toBe(reads.length - missing);
      const before = (await readAll(plain)).texts;
      expect(warm.texts, line).toEqual(before);
      const written = await app.ask(line, { body, headers });
      expect(written.status, `${line} ${written.text}`).toBeLessThan(300);
      const now = await readAll(app);
      const wanted = await readAll(plain);
      expect(wanted.texts, line).not.toEqual(before);
      expect(now.texts, line).toEqual(wanted.texts);
      // What has nothing to do with it stays.
      if (line === "PATCH /clubs/2")
        expect(now.free).toEqual(expect.arrayContaining(["/notes", "/countries", "/stocks"]));
      if (line === "POST /orders") expect(now.free).toEqual([]);
    }
  });

  test("a write that fails, or is only tried, leaves the answers right", async () => {
    const [app, plain] = [await place.app(kept), await place.app()];
    for (const [line, body, headers] of [
      ["POST /notes", { id: 2 }, {}],
      ["POST /notes", { id: 77, word: "seven" }, { prefer: "tx=rollback" }],
      ["PATCH /notes/2", { id: "no" }, {}],
      ["DELETE /notes/404", undefined, {}],
    ] as const) {
      await app.ask("GET /notes");
      await app.ask(line, { body, headers });
      expect((await app.ask("GET /notes")).text, line).toBe((await plain.ask("GET /notes")).text);
    }
  });

  test("hooks see each read, and what they write is known to have changed", async () => {
    let seen = 0;
    const app = await place.app({
      ...kept,
      overrides: [
        { name: "countries", preRead: () => void seen++ },
        { name: "notes", postSave: ({ trx }) => trx?.("stocks").update({ amount: 7 }) },
      ],
    });
    for (let i = 0; i < 3; i++) expect((await app.ask("GET /countries")).headers).not.toHaveProperty("age");
    expect(seen).toBe(3);
    await app.ask("GET /stocks");
    expect(statementsOf(await app.ask("GET /stocks"))).toBe(0);
    expect((await app.ask("PATCH /notes/2", { body: { word: "dos" } })).status).toBe(200);
    expect((await app.ask("GET /stocks")).json).toEqual([{ id: 1, amount: 7 }]);
  });

  test("cache.tables: a time of their own, 0 keeps nothing, also where they are only embedded", async () => {
    const app = await place.app({ ...kept, cache: { ttl: 0, tables: { clubs: 60, members: 0 } } });
    for (const [path, times] of [
      ["/clubs", [1, 0]],
      ["/stocks", [1, 1]],
      ["/members", [1, 1]],
    ] as const)
      for (const statements of times) expect(statementsOf(await app.ask(`GET ${path}`)), path).toBe(statements);
    await app.ask("GET /clubs?select=name,members(name)");
    expect(statementsOf(await app.ask("GET /clubs?select=name,members(name)"))).toBeGreaterThan(0);
    expect(statementsOf(await app.ask("GET /clubs"))).toBe(0);
    await expect(place.app({ cache: { ttl: 1, tables: { club: 1 } } })).rejects.toThrow(
      "options.cache.tables.club: there is no such table. Perhaps you meant 'clubs'.",
    );
    for (const [cache, words] of [
      [{}, "options.cache.ttl: is missing"],
      [{ ttl: -1 }, "options.cache.ttl: is a number of seconds"],
      [{ ttl: 1, tabels: {} }, "Perhaps you meant 'tables'"],
      [{ ttl: 1, maxBytes: 0 }, "options.cache.maxBytes"],
    ] as const)
      await expect(place.app({ cache: cache as never })).rejects.toThrow(words);
  });

  test("an answer that is too old is made anew, or given once more while that is done", async () => {
    const app = await place.app({ ...kept, cache: { ttl: 0.05, staleWhileRevalidate: 600 } });
    const outside = (amount: number) => place.db().knex("stocks").update({ amount });
    await outside(1);
    expect((await app.ask("GET /stocks")).json).toEqual([{ id: 1, amount: 1 }]);
    await outside(2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await app.ask("GET /stocks")).json).toEqual([{ id: 1, amount: 1 }]);
    while ((await app.ask("GET /stocks")).json[0].amount !== 2);
    const short = await place.app({ ...kept, cache: { ttl: 0.05 } });
    await short.ask("GET /stocks");
    await outside(3);
    while ((await short.ask("GET /stocks")).json[0].amount !== 3);
  });

  test("Server-Timing says what became of each GET", async () => {
    const outcomeOf = async (app: Awaited<ReturnType<typeof place.app>>, line: string) =>
      /cache;desc="(\w+)"/.exec(String((await app.ask(line)).headers["server-timing"]))?.[1];
    const app = await place.app(kept);
    expect(await outcomeOf(app, "GET /clubs?limit=1")).toBe("miss");
    expect(await outcomeOf(app, "GET /clubs?limit=1")).toBe("hit");
    expect(await outcomeOf(app, "OPTIONS /clubs")).toBeUndefined();
    const old = await place.app({ ...kept, cache: { ttl: 0.001, staleWhileRevalidate: 600 } });
    expect(await outcomeOf(old, "GET /stocks")).toBe("miss");
    while ((await outcomeOf(old, "GET /stocks")) !== "stale");
    const none = await place.app({ ...kept, cache: { ttl: 600, tables: { stocks: 0 } } });
    expect(await outcomeOf(none, "GET /stocks")).toBe("passed");
    const off = await place.app({ ...kept, cache: undefined });
    expect(await outcomeOf(off, "GET /stocks")).toBeUndefined();
  });

  test("a schema that has changed is answered by nothing of the one before", async () => {
    const app = await place.app(kept);
    expect((await app.ask("GET /notes?order-by=id:asc&limit=1")).json[0]).not.toHaveProperty("extra");
    await place.db().knex.schema.alterTable("notes", (table) => void table.integer("extra"));
    await app.api.refresh();
    expect((await app.ask("GET /notes?order-by=id:asc&limit=1")).json[0]).toHaveProperty("extra", null);
  });
});

onEveryHost(club, (place) => {
  test("Age, ETag, 304, HEAD, CSV, Range, Cache-Control", async () => {
    const app = await place.app(kept);
    for (const path of ["/clubs?order-by=id:asc&count=exact", "/clubs/1"]) {
      const [first, again] = [await app.ask(`GET ${path}`), await app.ask(`GET ${path}`)];
      expect([first.status, again.status]).toEqual([200, 200]);
      const { date: _one, "server-timing": _first, ...headers } = first.headers;
      const { date: _two, "server-timing": _again, ...same } = again.headers;
      expect({ ...same, age: "0" }).toEqual({ ...headers, age: "0" });
      expect(again.text).toBe(first.text);
      expect(first.headers.age).toMatch(/^\d+$/);
      expect(first.headers["cache-control"]).toBe("public, no-cache");
      const etag = String(first.headers.etag);
      expect(etag).toMatch(path === "/clubs/1" ? /^"/ : /^W\/"/);
      for (const known of [etag, etag.replace("W/", ""), `"other", ${etag}`]) {
        const none = await app.ask(`GET ${path}`, { headers: { "if-none-match": known } });
        expect([none.status, none.text, none.headers.etag]).toEqual([304, "", etag]);
      }
      const head = await app.ask(`HEAD ${path}`);
      expect([head.status, head.text, head.headers.etag]).toEqual([200, "", etag]);
      expect(head.headers["content-length"]).toBe(String(Buffer.byteLength(first.text)));
    }
    const csv = await app.ask("GET /clubs?order-by=id:asc&count=exact", { headers: { accept: "text/csv" } });
    expect(csv.text).toMatch(/^id,country_id,name\r\n1,1,Rowing/);
    const part = await app.ask("GET /clubs?order-by=id:asc&count=exact", { headers: { range: "items=0-1" } });
    expect([part.status, part.json.length, part.headers["content-range"]]).toEqual([206, 2, "items 0-1/3"]);
    expect(statementsOf(await app.ask("HEAD /clubs/2"))).toBe(1);
    expect(statementsOf(await app.ask("GET /clubs/2"))).toBe(0);
    const asked = await place.app({ cache: { ttl: 60, maxAge: 30, staleWhileRevalidate: 5 } });
    expect((await asked.ask("GET /clubs/1")).headers["cache-control"]).toBe(
      "public, max-age=30, stale-while-revalidate=5",
    );
    const own = await asked.ask("GET /clubs/1", { headers: { authorization: "Bearer x" } });
    expect(own.headers["cache-control"]).toBe("private, no-cache");
    const off = await place.app({});
    expect((await off.ask("GET /clubs")).headers).not.toHaveProperty("etag");
  });
});
