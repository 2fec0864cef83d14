// Two processes, as two APIs that have nothing in common but the database and a Redis: what one writes, the other does not answer otherwise.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Logger } from "../../src/base/logger.js";
import type { ApiOptions } from "../../src/index.js";
import type { App } from "../support/apps.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { onEveryDatabase, type Place } from "../support/matrix.js";
import { type RedisServer, redisPassword, startRedis } from "../support/redis.js";
import { club, writes } from "./club.js";
import { readAll, statementsOf, users } from "./read-all.js";

let redis: RedisServer;
const created: Created[] = [];

/** A database of a test's own. */
async function fresh({ name }: Place): Promise<Created> {
  const made = await (databases.find((one) => one.name === name) as TestDatabase).create(club[name]);
  created.push(made);
  return made;
}
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await redis?.stop();
  for (const one of created) await one.drop();
});

const shared = (more: ApiOptions = {}, url = redis.url): ApiOptions => ({
  cache: { ttl: 600, store: url },
  ...{ serverTiming: true, batch: true },
  ...more,
});

const roles: ApiOptions = {
  roles: {
    admin: "*",
    member: { clubs: "read", members: { operations: "read", rows: "owner=eq:$user.sub" }, clubs_members: "read" },
  },
  user: (_raw, request) => {
    const [role, sub] = (request.header("x-user") ?? "").split(" ");
    return role ? { role, sub } : undefined;
  },
};

onEveryDatabase(club, (place) => {
  test("after each kind of write in one of them every read of both answers what the database holds", {
    timeout: 180_000,
  }, async () => {
    const db = await fresh(place);
    const apps = [await place.app(shared(roles), db.url), await place.app(shared(roles), db.url)] as const;
    const plain = await place.app({ ...shared(roles), cache: undefined as never }, db.url);
    for (const [i, [line, body, headers]] of writes.entries()) {
      const [one, other] = i % 2 === 0 ? apps : [apps[1], apps[0]];
      await readAll(one);
      const before = (await readAll(plain)).texts;
      // What one has made the other has at once.
      const warm = await readAll(other);
      expect(warm, line).toEqual({ texts: before, costly: 0 });
      const written = await one.ask(line, { body, headers: { ...headers, "x-user": users[0] } });
      expect(written.status, `${line} ${written.text}`).toBeLessThan(300);
      const now = await Promise.all([readAll(other), readAll(one)]);
      const wanted = (await readAll(plain)).texts;
      expect(wanted, line).not.toEqual(before);
      for (const { texts } of now) expect(texts, line).toEqual(wanted);
    }
  });

  test("reads and writes of both at once: whoever asks behind a write reads it, or a later one", {
    timeout: 60_000,
  }, async () => {
    const db = await fresh(place);
    const apps = [await place.app(shared(), db.url), await place.app(shared(), db.url)] as const;
    let written = 0;
    let goesOn = true;
    const stale: string[] = [];
    const writer = async () => {
      for (let n = 1; n <= 60; n++) {
        await (apps[n % 2] as App).ask("PATCH /stocks/1", { body: { amount: n } });
        written = n;
      }
      goesOn = false;
    };
    let answered = 0;
    const reader = async (app: App) => {
      while (goesOn) {
        const least = written;
        const { json } = await app.ask("GET /stocks");
        answered++;
        if (json[0].amount < least && least > 0) stale.push(`${json[0].amount} after ${least}`);
      }
    };
    await Promise.all([writer(), ...apps.flatMap((app) => [reader(app), reader(app), reader(app)])]);
    expect([stale, answered > 60]).toEqual([[], true]);
  });
});

onEveryDatabase(
  club,
  (place) => {
    test("APIs that answer otherwise, or are on another database, have nothing of each other's", async () => {
      const db = await fresh(place);
      const [one, camel] = [await place.app(shared(), db.url), await place.app(shared({ fieldCase: "camel" }), db.url)];
      const elsewhere = await fresh(place);
      const other = await place.app(shared(), elsewhere.url);
      await elsewhere.knex("clubs").where({ id: 1 }).update({ name: "Elsewhere" });
      for (let turn = 0; turn < 2; turn++) {
        expect((await one.ask("GET /clubs/1")).json).toEqual({ id: 1, country_id: 1, name: "Rowing" });
        expect((await camel.ask("GET /clubs/1")).json).toEqual({ id: 1, countryId: 1, name: "Rowing" });
        expect((await other.ask("GET /clubs/1")).json.name).toBe("Elsewhere");
      }
      // They share what is known of writes: a column that is shown otherwise is the same one.
      await camel.ask("PATCH /clubs/1", { body: { name: "Sailing" } });
      expect((await one.ask("GET /clubs/1")).json.name).toBe("Sailing");
    });

    test("maxBytes is for all of it: what ends first makes room", async () => {
      const db = await fresh(place);
      const { Redis } = await import("ioredis");
      const looking = new Redis(redis.url);
      await looking.flushall();
      const registry = new Registry();
      const app = await place.app(
        shared({ cache: { ttl: 600, store: redis.url, maxBytes: 8_000 }, metrics: { registry } }),
        db.url,
      );
      for (let n = 1; n <= 30; n++) await app.ask(`GET /clubs?limit=${n}`);
      const entries = (await looking.keys("sapwood:cache:*:e:*")).length;
      expect(entries).toBeGreaterThan(3);
      expect(entries).toBeLessThan(16);
      expect(statementsOf(await app.ask("GET /clubs?limit=30"))).toBe(0);
      expect(statementsOf(await app.ask("GET /clubs?limit=1"))).toBe(1);
      const said = await registry.metrics();
      expect(said).toContain(`sapwood_cache_shared_answers{database="main"} ${entries}\n`);
      const [, bytes] = /^sapwood_cache_shared_bytes\{database="main"\} (\d+)$/m.exec(said) ?? [];
      expect(Number(bytes)).toBeGreaterThan(3 * 500);
      expect(Number(bytes)).toBeLessThanOrEqual(8_000);
      expect(said).not.toMatch(/^sapwood_cache_bytes\{/m);
      for (const key of await looking.keys("sapwood:cache:*"))
        if (key !== "sapwood:cache:writes") expect(await looking.pttl(key), key).toBeGreaterThan(0);
      looking.disconnect();
    });

    test("while Redis is away nothing is kept, and nothing of before is given when it is back", {
      timeout: 60_000,
    }, async () => {
      const lines: string[] = [];
      const log = (fields: object, text: string) => void lines.push(`${text} ${JSON.stringify(fields)}`);
      const logger: Logger = { debug: () => {}, info: log, warn: log, error: log };
      const own = await startRedis();
      const port = Number(new URL(own.url).port);
      const db = await fresh(place);
      const [one, other] = [
        await place.app(shared({ logger }, own.url), db.url),
        await place.app(shared({}, own.url), db.url),
      ];
      await one.ask("GET /stocks");
      expect(statementsOf(await other.ask("GET /stocks"))).toBe(0);
      await own.stop();
      const told = (text: string) => lines.filter((line) => line.includes(text)).length;
      for (let n = 1; n <= 5; n++) {
        expect((await one.ask("PATCH /stocks/1", { body: { amount: n } })).status).toBe(200);
        for (const app of [one, other]) expect((await app.ask("GET /stocks")).json).toEqual([{ id: 1, amount: n }]);
        expect(statementsOf(await one.ask("GET /stocks"))).toBe(1);
      }
      while (told("the cache's store is away: no answers are kept") === 0) await sleep(20);
      const again = await startRedis(port);
      const isBack = async (app: App) => {
        await app.ask("GET /stocks");
        return statementsOf(await app.ask("GET /stocks")) === 0;
      };
      for (const app of [one, other]) while (!(await isBack(app))) await sleep(50);
      expect((await other.ask("GET /stocks")).json).toEqual([{ id: 1, amount: 5 }]);
      expect([told("store is away"), told("the cache's store is back")]).toEqual([1, 1]);
      expect(lines.join()).not.toContain(redisPassword);
      await again.stop();
    });

    test("a write that Redis is not told of is made up for before it is asked again", { timeout: 60_000 }, async () => {
      const own = await startRedis();
      const { Redis } = await import("ioredis");
      const looking = new Redis(own.url);
      const db = await fresh(place);
      const app = await place.app(shared({}, own.url), db.url);
      await app.ask("GET /stocks");
      expect(statementsOf(await app.ask("GET /stocks"))).toBe(0);
      // It answers nobody for a while, and keeps what it has.
      await looking.call("CLIENT", "PAUSE", "2500", "ALL");
      expect((await app.ask("PATCH /stocks/1", { body: { amount: 9 } })).status).toBe(200);
      for (let i = 0; i < 40; i++) {
        expect((await app.ask("GET /stocks")).json).toEqual([{ id: 1, amount: 9 }]);
        await sleep(100);
      }
      expect(statementsOf(await app.ask("GET /stocks"))).toBe(0);
      looking.disconnect();
      await own.stop();
    });

    test("a node of a Redis Cluster is refused at the start", async () => {
      const nodes = join(inject("files"), `nodes-${process.pid}.conf`);
      const own = await startRedis(undefined, "--cluster-enabled", "yes", "--cluster-config-file", nodes);
      const db = await fresh(place);
      await expect(place.app(shared({}, own.url), db.url)).rejects.toThrow(
        /^options\.cache\.store: this is a node of a Redis Cluster.*single Redis/,
      );
      await own.stop();
    });

    test.each(["postgres://x", "redis", ""])("'%s' is no store", async (store) => {
      await expect(place.app({ cache: { ttl: 1, store } })).rejects.toThrow(
        "options.cache.store: is memory, or the address of a Redis such as redis://localhost:6379.",
      );
    });
  },
  ["sqlite"],
);
