// How many requests a client may send: in memory and in a real Redis, by key and by address, and what is told of it.
import { createServer, type IncomingMessage } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Logger } from "../../src/base/logger.js";
import { HttpError } from "../../src/index.js";
import { openRateStore } from "../../src/server/rate-store.js";
import { type ServeSettings, serve } from "../../src/server/serve.js";
import { isProblem } from "../conformance/case.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { type Answer, request } from "../support/http.js";
import { type RedisServer, redisPassword, startRedis } from "../support/redis.js";

const [sqlite] = databases as [TestDatabase];
let database: Created;
let redis: RedisServer;
const opened: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  database = await sqlite.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY); INSERT INTO clubs VALUES (1);");
  redis = await startRedis();
});
afterEach(() => Promise.all(opened.splice(0).map((server) => server.close())));
afterAll(async () => {
  await redis?.stop();
  await database?.drop();
});

async function serving(settings: ServeSettings) {
  const server = await serve(database.url, { port: 0, ratePeriod: 1000, ...settings });
  opened.push(server);
  return (headers: Record<string, string> = {}, line = "GET /api/clubs/1"): Promise<Answer> => {
    const [method = "", path = ""] = line.split(" ");
    return request(server.url, method, path, { headers });
  };
}

/** Whose token begins with `good` may do everything. */
const guard: ServeSettings = {
  user: (raw) => {
    const { authorization } = (raw as IncomingMessage).headers;
    if (authorization === undefined || authorization.startsWith("Bearer good")) return { role: "member" };
    throw new HttpError(401, "No.", { code: "unauthorized" });
  },
  roles: { member: "*" },
};
/** A host that knows anybody. */
const everyone: ServeSettings = { user: () => ({ role: "member" }), roles: { member: "*" } };
const cases = (word: string) =>
  Array.from({ length: 2 ** word.length }, (_, bits) =>
    [...word].map((letter, i) => (bits & (1 << i) ? letter.toUpperCase() : letter)).join(""),
  );
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
const spellings: readonly { of: string; spelt: readonly Record<string, string>[]; other: Record<string, string> }[] = [
  {
    of: "a bearer token",
    spelt: cases("bearer").flatMap((word) => [{ authorization: `${word} a.b` }, { authorization: `${word}    a.b` }]),
    other: { authorization: "Bearer a.c" },
  },
  {
    // Four texts, the same 32 bytes.
    of: "a JWT",
    spelt: ["A", "B", "C", "D"].map((last) => ({ authorization: `Bearer e30.e30.${"A".repeat(42)}${last}` })),
    other: { authorization: `Bearer e30.e31.${"A".repeat(43)}` },
  },
  {
    of: "a name and its password",
    spelt: [
      basic("ada:one"),
      basic("ada:two"),
      { authorization: basic("ada:one").authorization.replace("Basic", "bASIC") },
    ],
    other: basic("grace:one"),
  },
  {
    of: "an API key",
    spelt: [{ "x-api-key": "swk_a" }, { "X-Api-Key": "swk_a" }, { "x-api-key": "swk_a " }],
    other: { "x-api-key": "swk_b" },
  },
];
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const from = (address: string) => ({ "x-forwarded-for": address });

describe.each([
  ["memory", () => ({})],
  ["redis", () => ({ rateStore: redis.url })],
] as const)("counted in %s", (_name, store) => {
  test("rateLimit: past it 429, with the time to come again", async () => {
    const ask = await serving({ rateLimit: 3, ...store() });
    for (const left of [2, 1, 0]) {
      const answer = await ask();
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({ "ratelimit-policy": '"requests";q=3;w=1000' });
      expect(answer.headers.ratelimit).toMatch(new RegExp(`^"requests";r=${left};t=\\d+$`));
    }
    for (const line of ["GET /api/clubs/1", "GET /", "GET /nothing", "POST /admin/refresh"]) {
      const answer = await ask({}, line);
      isProblem(answer, 429, "too_many_requests");
      expect(answer.json.detail).toMatch(/^More than 3 requests in 1000 seconds\. Come again in \d+\.$/);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(900);
      expect(answer.headers.ratelimit).toMatch(/^"requests";r=0;t=\d+$/);
    }
    if ("rateStore" in store()) await flush();
  });

  test("the period ends", async () => {
    const ask = await serving({ rateLimit: 1, ratePeriod: 1, ...store() });
    const statuses = new Set<number>();
    while (statuses.size < 2) statuses.add((await ask()).status);
    expect(statuses).toEqual(new Set([200, 429]));
    for (let status = 429; status === 429; status = (await ask()).status)
      await new Promise((resolve) => setTimeout(resolve, 50));
    if ("rateStore" in store()) await flush();
  });

  test("each key has its own count, whatever the address, and the others one by address", async () => {
    const ask = await serving({ rateLimit: 1, ...guard, ...store() });
    expect((await ask(bearer("good 1"))).status).toBe(200);
    expect((await ask(bearer("good 2"))).status).toBe(200);
    expect((await ask()).status).toBe(200);
    expect((await ask(bearer("good 1"))).status).toBe(429);
    expect((await ask()).status).toBe(429);
    if ("rateStore" in store()) await flush();
  });

  test.each(spellings)("$of: one identity, however it is spelt", async ({ spelt, other }) => {
    const ask = await serving({ rateLimit: spelt.length, ...everyone, ...store() });
    for (const headers of spelt) expect((await ask(headers)).status).toBe(200);
    for (const headers of spelt) expect((await ask(headers)).status).toBe(429);
    expect((await ask(other)).status).toBe(200);
    if ("rateStore" in store()) await flush();
  });

  test("rateFailures: keys that are made up are soon not looked at any more; a good one stays good", async () => {
    const ask = await serving({ rateFailures: 3, ...guard, ...store() });
    expect((await ask(bearer("good"))).status).toBe(200);
    for (let i = 0; i < 3; i++) expect((await ask(bearer(`bad ${i}`))).status).toBe(401);
    isProblem(await ask(bearer("bad 3")), 429, "too_many_requests");
    isProblem(await ask(bearer("good but new")), 429, "too_many_requests");
    isProblem(await ask({}, "POST /api/auth/token"), 429, "too_many_requests");
    expect((await ask(bearer("good"))).status).toBe(200);
    expect((await ask()).status).toBe(200);
    if ("rateStore" in store()) await flush();
  });
});

/** Redis keeps counts from test to test. */
async function flush() {
  const { Redis } = await import("ioredis");
  const client = new Redis(redis.url);
  expect((await client.keys("*")).filter((key) => !key.startsWith("sapwood:"))).toEqual([]);
  await client.flushall();
  client.disconnect();
}

test("without rateLimit nothing is counted or told", async () => {
  const ask = await serving({});
  expect(Object.keys((await ask()).headers).filter((name) => name.startsWith("ratelimit"))).toEqual([]);
});

test("where nobody signs in, keys count for nothing", async () => {
  const ask = await serving({ rateLimit: 1 });
  expect((await ask(bearer("a"))).status).toBe(200);
  expect((await ask(bearer("b"))).status).toBe(429);
});

describe("addresses", () => {
  test("X-Forwarded-For counts for nothing, until --trust-proxy", async () => {
    const ask = await serving({ rateLimit: 1 });
    expect((await ask(from("192.0.2.1"))).status).toBe(200);
    expect((await ask(from("192.0.2.2"))).status).toBe(429);
  });

  test("then it is the last that a trusted proxy has added", async () => {
    const ask = await serving({ rateLimit: 1, trustProxy: true });
    expect((await ask(from("192.0.2.1"))).status).toBe(200);
    expect((await ask(from("192.0.2.2"))).status).toBe(200);
    expect((await ask(from("192.0.2.9, 192.0.2.2"))).status).toBe(429);
  });
});

describe("the store", () => {
  const lines: string[] = [];
  const note = (fields: object, text: string) => void lines.push(`${JSON.stringify(fields)} ${text}`);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  afterEach(() => lines.splice(0));

  test("in memory has so many slots, however many clients come", async () => {
    const store = await openRateStore(undefined, logger);
    const counter = store.counter("requests", 1_000_000, 1000);
    for (let i = 0; i < 200_000; i++) await counter.consume(`client ${i}`);
    const { _memoryStorage } = counter as unknown as { _memoryStorage: { _storage: Map<string, unknown> } };
    expect(_memoryStorage._storage.size).toBeGreaterThan(60_000);
    expect(_memoryStorage._storage.size).toBeLessThanOrEqual(65_536);
  });

  test("Redis: two servers count together", async () => {
    const settings = { rateLimit: 2, rateStore: redis.url };
    const [one, other] = [await serving(settings), await serving(settings)];
    expect([(await one()).status, (await other()).status, (await one()).status, (await other()).status]).toEqual([
      200, 200, 429, 429,
    ]);
    await flush();
  });

  test("while Redis is away it is counted in memory, which is said once, without its password", async () => {
    const own = await startRedis();
    const port = Number(new URL(own.url).port);
    const ask = await serving({ rateLimit: 5, rateStore: own.url, logger });
    expect((await ask()).status).toBe(200);
    await own.stop();
    const told = () => lines.filter((line) => line.includes("the rate store"));
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++) statuses.push((await ask()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    while (told().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told()).toEqual([expect.stringContaining("the rate store is away: requests are counted in memory")]);
    const again = await startRedis(port);
    while (told().length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told()[1]).toContain("the rate store is back");
    expect((await ask()).status).toBe(200);
    expect(lines.join("\n")).not.toContain(redisPassword);
    await again.stop();
  });

  test("a Redis that accepts and says nothing holds no request for long", async () => {
    const silent = createServer().on("connection", (socket) => socket.removeAllListeners("data").resume());
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    const ask = await serving({ rateLimit: 1, rateStore: `redis://127.0.0.1:${port}`, logger });
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 429]);
    silent.closeAllConnections();
    silent.close();
  });

  test.each(["postgres://x", "redis", "redis://", "localhost:6379", ""])("'%s' is none", async (rateStore) => {
    await expect(serving({ rateLimit: 1, rateStore })).rejects.toThrow(
      /rateStore: it is memory, or .* redis:\/\/localhost/,
    );
  });
});
