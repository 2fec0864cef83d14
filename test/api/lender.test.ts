// Connections that are handed on from one statement to the next, beside others who use the same pool.
import { setImmediate as nextTurn, setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/database/database.js";
import type { OpenDatabase } from "../../src/database/session.js";
import type { DatabaseName } from "../support/databases.js";
import { type Ddl, onEveryDatabase } from "../support/matrix.js";

const tables = "CREATE TABLE clubs (id INTEGER PRIMARY KEY); INSERT INTO clubs VALUES (1);";
const ddl: Ddl = { sqlite: tables, postgres: tables, mariadb: tables };
const connectionId: Readonly<Record<DatabaseName, string>> = {
  sqlite: "SELECT 1",
  postgres: "SELECT pg_backend_pid()",
  mariadb: "SELECT CONNECTION_ID()",
};
const end: Readonly<Record<DatabaseName, string>> = {
  sqlite: "",
  postgres: "SELECT pg_terminate_backend",
  mariadb: "KILL ",
};
const onServers: readonly DatabaseName[] = ["postgres", "mariadb"];

const opened: OpenDatabase[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

function open(...given: Parameters<typeof openDatabase>): OpenDatabase {
  const database = openDatabase(...given);
  opened.push(database);
  return database;
}

const idOf = async (database: OpenDatabase, sql: string): Promise<string> =>
  String((await database.run(sql, [])).rows[0]?.[0]);

describe("connections", () => {
  onEveryDatabase(ddl, (place) => {
    test("many statements at once have their answers, by no more connections than there are, and all are free then", async () => {
      const database = open(place.db().url, { poolMax: 2 });
      const all = Array.from({ length: 300 }, () => idOf(database, connectionId[place.name]));
      const during = database.usage();
      expect(new Set(await Promise.all(all)).size).toBeLessThanOrEqual(2);
      expect(during.used).toBeLessThanOrEqual(2);
      expect(during.waiting).toBeGreaterThan(250);
      expect(database.usage()).toMatchObject({ used: 0, waiting: 0 });
      await nextTurn();
      expect(database.knex.client.pool.numUsed()).toBe(0);
    });

    test("a statement that fails gives its connection back", async () => {
      const database = open(place.db().url, { poolMax: 1, poolAcquireTimeout: 2 });
      for (let i = 0; i < 3; i++) await expect(database.run("SELECT nothing FROM nowhere", [])).rejects.toThrow();
      expect((await database.run("SELECT id FROM clubs", [])).rows).toHaveLength(1);
    });

    test("whoever else uses the pool has a turn, however many statements wait here", async () => {
      const database = open(place.db().url, { poolMax: 1 });
      let asked = 0;
      let busy = true;
      const asking = Array.from({ length: 5 }, async () => {
        while (busy) {
          // A file answers at once: nobody else would have a turn of the event loop.
          if (!place.can.beAway) await nextTurn();
          await database.run("SELECT id FROM clubs", []);
          asked++;
        }
      });
      while (asked < 20) await setTimeout(1);
      expect(await database.knex("clubs").select()).toEqual([{ id: 1 }]);
      const before = asked;
      while (asked < before + 20) await setTimeout(1);
      busy = false;
      await Promise.all(asking);
    });
  });

  onEveryDatabase(
    ddl,
    (place) => {
      test("who waits for too long is told so, and those behind them are not forgotten", async () => {
        const database = open(place.db().url, { poolMax: 1, poolAcquireTimeout: 0.3 });
        let release = () => {};
        const held = database.transaction(() => new Promise<void>((resolve) => (release = resolve)));
        await setTimeout(50);
        const early = database.run("SELECT 1", []).catch((error: Error) => error);
        await setTimeout(200);
        const late = database.run("SELECT 1", []);
        const error = await early;
        expect((error as Error).message).toMatch(/Timeout acquiring a connection/);
        expect(database.dialect.refusal(error)).toEqual({ code: "database_away" });
        release();
        await held;
        expect((await late).rows).toHaveLength(1);
      });

      test("one that has ended meanwhile is not handed on", async () => {
        const { url, knex } = place.db();
        const database = open(url, { poolMax: 1 });
        const first = await idOf(database, connectionId[place.name]);
        const waiting = database.transaction(async ({ run }) => {
          await run("SELECT 1", []);
          await knex.raw(`${end[place.name]}(${first})`);
          await setTimeout(100);
        });
        const next = idOf(database, connectionId[place.name]);
        await waiting.catch(() => undefined);
        expect(await next).not.toBe(first);
      });

      test("one that is busy all the time goes through the pool now and then, which looks at its age", async () => {
        const { url } = place.db();
        const { client, connection } = open(url).knex.client.config;
        const pool = { min: 0, max: 1, maxConnectionLifetimeMillis: 200 };
        const database = open({ client, connection, pool });
        const seen = new Set<string>();
        const end = performance.now() + 1_000;
        const ask = async () => {
          while (performance.now() < end) seen.add(await idOf(database, connectionId[place.name]));
        };
        await Promise.all([ask(), ask(), ask()]);
        expect(seen.size).toBeGreaterThan(1);
        await database.knex.destroy();
      });
    },
    onServers,
  );
});
