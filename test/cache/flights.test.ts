// Reads and writes that meet: what is kept and shared, and what is not. Whoever asks behind a write gets what it left.
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { AnswerCache, type Read } from "../../src/cache/answer-cache.js";
import { cacheDefaults } from "../../src/cache/cache-options.js";
import { MemoryStore } from "../../src/cache/memory-store.js";
import { CacheWrites } from "../../src/cache/writes.js";
import type { Call } from "../../src/run/call.js";
import type { RequestContext } from "../../src/run/context.js";

const table = (id: string) => ({ id, name: id, kind: "table", foreignKeys: [] });
const tables = [table("a"), table("b")].map((one) => ({ ...one, columns: [] }));
const snapshot = {
  schema: { tables },
  lookup: new Map(tables.map((one) => [one.id, { table: one, defaultFields: [] }])),
  tree: {},
  hooks: new Map(),
  logger: { warn: () => {} },
} as unknown as RequestContext["snapshot"];
const context = { snapshot } as RequestContext;

function opened(ttl = 60, maxBytes = 1_000_000) {
  const writes = new CacheWrites();
  const store = new MemoryStore(writes, maxBytes);
  const rules = { ...cacheDefaults, ttl, tables: {}, store: "memory", maxBytes };
  const cache = new AnswerCache({ rules, store, writes, hides: false });
  /** What each table holds, by a number that goes up. */
  const rows = { a: 0, b: 0 };
  let reads = 0;
  const callOf = (path: string): Call => ({
    ...{ route: { operation: "list", table: "a" } as Call["route"], matched: {} as Call["matched"], params: [] },
    request: { method: "GET", path, query: "", prefix: "", header: () => undefined } as unknown as Call["request"],
    prefer: new Map(),
  });
  const ask = async (read: Read, path = "/a") => {
    const { bytes, body } = await cache.read(callOf(path), context, (call, inner) => {
      reads++;
      return read(call, inner);
    });
    return String(bytes ?? body);
  };
  /** Looks at its tables now, and answers when it is let go. */
  const slowly =
    (...tables: ("a" | "b")[]) =>
    (until: Promise<unknown> = Promise.resolve()): Read =>
    async (_, { touched }) => {
      for (const one of tables) touched?.read.add(one);
      const body = tables.map((one) => rows[one]).join();
      await until;
      return { status: 200, headers: {}, body };
    };
  const write = (one: "a" | "b") =>
    cache.write(context, async ({ touched }) => {
      touched?.changed.add(one);
      rows[one]++;
    });
  return { cache, ask, write, a: slowly("a"), ab: slowly("a", "b"), reads: () => reads };
}

function gate() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

describe("a read that began before a write and ends behind it", () => {
  test("is not kept", async () => {
    const { ask, write, a } = opened();
    const slow = gate();
    const old = ask(a(slow.opened));
    await turn();
    await write("a");
    slow.open();
    expect(await old).toBe("0");
    expect(await ask(a())).toBe("1");
  });

  test("is not shared with who asks behind the write, and neither are its own waiters left without an answer", async () => {
    const { ask, write, a, reads } = opened();
    const slow = gate();
    const [old, waiting] = [ask(a(slow.opened)), ask(a())];
    await turn();
    await write("a");
    expect(await ask(a())).toBe("1");
    slow.open();
    expect([await old, await waiting]).toEqual(["0", "1"]);
    expect(reads()).toBe(2);
  });

  test("is kept where the write was of another table, once it is known which it is made of", async () => {
    const { ask, write, a, ab, reads } = opened();
    await ask(a());
    await write("a");
    const slow = gate();
    const first = ask(a(slow.opened));
    await turn();
    await write("b");
    const second = ask(a());
    slow.open();
    expect([await first, await second, await ask(a())]).toEqual(["1", "1", "1"]);
    expect(reads()).toBe(2);
    // The same request may have other tables this time.
    await write("a");
    const later = gate();
    const wider = ask(ab(later.opened));
    await turn();
    await write("b");
    const behind = ask(ab());
    later.open();
    expect([await wider, await behind]).toEqual(["2,1", "2,2"]);
  });

  test("a write that failed may have been done: nothing from before it is given", async () => {
    const { cache, ask, a, reads } = opened();
    await ask(a());
    const failing = cache.write(context, async ({ touched }) => {
      touched?.inserted.add("a");
      throw new Error("the connection broke");
    });
    await expect(failing).rejects.toThrow("broke");
    await ask(a());
    expect(reads()).toBe(2);
  });
});

describe("many who ask at once", () => {
  test("are one question, and each has the answer", async () => {
    const { cache, ask, a, reads } = opened();
    const slow = gate();
    const all = Array.from({ length: 100 }, () => ask(a(slow.opened)));
    slow.open();
    expect(new Set(await Promise.all(all))).toEqual(new Set(["0"]));
    expect(reads()).toBe(1);
    expect(cache.counts).toEqual({ hit: 0, stale: 0, shared: 99, miss: 1, passed: 0 });
  });

  test("are no worse off where the first of them fails, or leaves", async () => {
    const { ask, a, reads } = opened();
    const slow = gate();
    const failing: Read = async () => {
      await slow.opened;
      throw new Error("the client has left");
    };
    const first = ask(failing);
    const others = Array.from({ length: 10 }, () => ask(a()));
    slow.open();
    await expect(first).rejects.toThrow("left");
    expect(new Set(await Promise.all(others))).toEqual(new Set(["0"]));
    expect(reads()).toBe(2);
  });

  test("with writes all the time nobody waits for ever", async () => {
    const { ask, write, a, reads } = opened();
    const answers: Promise<string>[] = [];
    for (let i = 0; i < 50; i++) {
      answers.push(ask(a(Promise.resolve().then(() => write("a")))));
      answers.push(ask(a()));
    }
    for (const answer of await Promise.all(answers)) expect(Number(answer)).toBeGreaterThanOrEqual(0);
    expect(reads()).toBeLessThanOrEqual(100);
  });
});

describe("memory", () => {
  test("holds maxBytes at the most: those asked for last stay, and one that is very large is not kept", async () => {
    const { cache, ask } = opened(60, 20_000);
    const large =
      (length: number): Read =>
      async (_, { touched }) => {
        touched?.read.add("a");
        return { status: 200, headers: {}, body: "x".repeat(length) };
      };
    for (let i = 0; i < 100; i++) {
      await ask(large(1_000), `/a/${i}`);
      await ask(large(1_000), "/a/often");
      expect(cache.usage.bytes).toBeLessThanOrEqual(20_000);
    }
    expect(cache.usage.answers).toBeGreaterThan(5);
    expect(cache.counts.hit).toBe(99);
    const before = cache.usage;
    await ask(large(10_000), "/a/huge");
    expect(cache.usage).toEqual(before);
    await cache.close();
    expect(cache.usage).toMatchObject({ answers: 0, bytes: 0 });
  });
});
