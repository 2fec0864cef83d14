// Two processes on PostgreSQL without a Redis, as two APIs that have nothing in common but the database: each hears of the other's writes.
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Logger } from "../../src/base/logger.js";
import type { ApiOptions } from "../../src/index.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";
import { club, writes } from "./club.js";
import { readAll, statementsOf } from "./read-all.js";

const kept: ApiOptions = {
  cache: { ttl: 600 },
  ...{ serverTiming: true, batch: true },
  roles: { admin: "*", member: { clubs: "read", members: { operations: "read", rows: "owner=eq:$user.sub" } } },
  user: (_raw, request) => {
    const [role, sub] = (request.header("x-user") ?? "").split(" ");
    return role ? { role, sub } : undefined;
  },
};
const { cache: _none, ...uncached } = kept;
const admin = { "x-user": "admin root" };

/** What was committed is heard of a moment later. */
async function within<T>(milliseconds: number, ask: () => Promise<T>, isRight: (found: T) => boolean): Promise<T> {
  const until = performance.now() + milliseconds;
  for (;;) {
    const found = await ask();
    if (isRight(found) || performance.now() > until) return found;
    await sleep(10);
  }
}

const stocks = async (app: App) => {
  const answer = await app.ask("GET /stocks", { headers: admin });
  return { amount: answer.json[0].amount as number, statements: statementsOf(answer) };
};

onEveryDatabase(
  club,
  (place) => {
    test("after each kind of write in one of them every read of both answers what the database holds", {
      timeout: 120_000,
    }, async () => {
      const apps = [await place.app(kept), await place.app(kept)] as const;
      const plain = await place.app(uncached);
      for (const [i, [line, body, headers]] of writes.entries()) {
        const [one, other] = i % 2 === 0 ? apps : [apps[1], apps[0]];
        const before = (await readAll(plain)).texts;
        for (const app of apps) {
          await readAll(app);
          expect(await readAll(app), line).toEqual({ texts: before, costly: 0 });
        }
        const written = await one.ask(line, { body, headers: { ...headers, ...admin } });
        expect(written.status, `${line} ${written.text}`).toBeLessThan(300);
        const wanted = (await readAll(plain)).texts;
        expect(wanted, line).not.toEqual(before);
        expect((await readAll(one)).texts, line).toEqual(wanted);
        const isSame = ({ texts }: { texts: readonly string[] }) => texts.join() === wanted.join();
        expect((await within(2_000, () => readAll(other), isSame)).texts, line).toEqual(wanted);
      }
    });

    test("what is rolled back is told to nobody", async () => {
      const [one, other] = [await place.app(kept), await place.app(kept)];
      await stocks(other);
      const headers = { ...admin, prefer: "tx=rollback" };
      expect((await one.ask("PATCH /stocks/1", { body: { amount: 5 }, headers })).status).toBe(200);
      expect((await one.ask("PATCH /notes/404", { body: { word: "x" }, headers: admin })).status).toBe(404);
      await sleep(100);
      expect((await stocks(other)).statements).toBe(0);
    });

    test("while its connection is cut nothing is kept, and nothing of before is given when it stands again", {
      timeout: 30_000,
    }, async () => {
      const [one, other] = [await place.app(kept), await place.app(kept)];
      const { knex } = place.db();
      await stocks(other);
      const listening = `datname = current_database() AND (query = 'SELECT' OR query = 'LISTEN "sapwood_written"')`;
      const cut = await knex.raw(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${listening}`);
      expect(cut.rows.length).toBeGreaterThan(1);
      expect((await one.ask("PATCH /stocks/1", { body: { amount: 77 }, headers: admin })).status).toBe(200);
      expect(
        (
          await within(
            2_000,
            () => stocks(other),
            ({ amount }) => amount === 77,
          )
        ).amount,
      ).toBe(77);
      const again = await within(
        10_000,
        () => stocks(other),
        ({ statements }) => statements === 0,
      );
      expect(again).toEqual({ amount: 77, statements: 0 });
    });

    test("a word that is none drops everything", async () => {
      const app = await place.app(kept);
      await stocks(app);
      expect((await stocks(app)).statements).toBe(0);
      await place.db().knex.raw("SELECT pg_notify('sapwood_written', 'no JSON')");
      expect(
        (
          await within(
            2_000,
            () => stocks(app),
            ({ statements }) => statements > 0,
          )
        ).statements,
      ).toBe(1);
    });
  },
  ["postgres"],
);

onEveryDatabase(club, (place) => {
  test("where nobody can tell of writes the log says so at the start, unless memory is asked for", async () => {
    const lines: string[] = [];
    const log = (_fields: object, text: string) => void lines.push(text);
    const logger: Logger = { debug: () => {}, info: log, warn: log, error: log };
    const told = () => lines.splice(0).filter((line) => line.startsWith("kept answers")).length;
    await place.app({ cache: { ttl: 1, store: "memory" }, logger });
    expect(told()).toBe(0);
    await place.app({ cache: { ttl: 1 }, logger });
    expect(told()).toBe(place.can.notify ? 0 : 1);
  });
});
