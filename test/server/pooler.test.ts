// Servers behind a transaction pooler, which hands one server connection to many clients in turn: whoever asks gets rows of the
// tables that were asked for. The pooler is pgbouncer.
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Running, start } from "../cli/cli.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { request } from "../support/http.js";
import { type Pgbouncer, pgbouncer, poolers, startPgbouncer, stopPgbouncer } from "../support/pgbouncer.js";

const [, postgres] = databases as [TestDatabase, TestDatabase];

test("pgbouncer is there where nothing may be skipped", () => {
  expect(process.env.CI === "true" && pgbouncer === undefined).toBe(false);
});

const tables = ["pubs", "secrets"] as const;
const ddl = tables
  .map(
    (name) => `
      CREATE TABLE ${name} (id integer PRIMARY KEY, name text NOT NULL, rank integer);
      INSERT INTO ${name} SELECT n, '${name} ' || n, n FROM generate_series(1, 100) n;
      CREATE TABLE ${name}_beers (id integer PRIMARY KEY, ${name}_id integer REFERENCES ${name}, name text);
      INSERT INTO ${name}_beers SELECT n, n, '${name} beer ' || n FROM generate_series(1, 100) n;`,
  )
  .join("\n");

for (const { name, program, skip } of poolers) {
  describe.skipIf(skip ?? postgres.skip)(`servers of their own tables behind ${name}`, () => {
    let created: Created;
    let pooler: Pgbouncer;
    /** Where each is served at the moment. */
    const serving = new Map<string, Running>();
    beforeAll(async () => {
      created = await postgres.create(ddl);
      pooler = await startPgbouncer({ pool_mode: "transaction", default_pool_size: "3" }, program);
    });
    afterAll(async () => {
      await Promise.all([...serving.values()].map(stop));
      await stopPgbouncer();
      await created?.drop();
    });

    /** A second one takes over from the first. */
    async function serve(name: string): Promise<void> {
      const before = serving.get(name);
      const include = ["--include", `${name},${name}_beers`];
      serving.set(name, await start(["serve", pooler.through(created.url), ...include, "--port", "0"]));
      if (before !== undefined) await stop(before);
    }

    async function ask(name: string, line: string, body?: unknown) {
      const [method = "", path = ""] = line.split(" ");
      const answer = await request(serving.get(name)?.url as string, method, `/api${path}`, { body });
      return { said: `${line}: ${answer.status} ${answer.text}`, ...answer };
    }

    /** Reads that name the same columns of either table. */
    async function read(name: string, n: number): Promise<void> {
      const rows = async (line: string, ids: readonly number[]) => {
        const { said, status, json } = await ask(name, line);
        expect(status, said).toBe(200);
        const found = [json].flat().map(({ id, name }) => [id, name]);
        expect(found, said).toEqual(ids.map((id) => [id, `${name} ${id}`]));
      };
      await rows(`GET /${name}/${n}`, [n]);
      await rows(`GET /${name}?name=${name}%20${n}`, [n]);
      await rows(`GET /${name}?id=le:100&order-by=id:asc&limit=3&offset=${n - 1}`, [n, n + 1, n + 2]);
      const nested = await ask(name, `GET /${name}/${n}/${name}_beers`);
      expect(nested.json, nested.said).toEqual([{ id: n, [`${name}_id`]: n, name: `${name} beer ${n}` }]);
    }

    /** Writes of a key that nobody else writes, each read again; nothing is left. */
    async function write(name: string, own: number, n: number): Promise<void> {
      const made = await ask(name, `POST /${name}`, { id: own, name: `made ${own}` });
      expect([made.status, made.json.name], made.said).toEqual([201, `made ${own}`]);
      const changed = await ask(name, `PATCH /${name}/${own}`, { name: `changed ${n}` });
      expect([changed.status, changed.json.name], changed.said).toEqual([200, `changed ${n}`]);
      const both = await ask(name, "POST /batch", [
        { method: "PATCH", path: `/${name}/${own}`, body: { name: `batch ${n}` } },
        { method: "GET", path: `/${name}/${own}` },
        { method: "GET", path: `/${name}/${n}` },
      ]);
      const names = both.json.map?.(({ body }: { body: { name: string } }) => body.name);
      expect(names, both.said).toEqual([`batch ${n}`, `batch ${n}`, `${name} ${n}`]);
      const gone = await ask(name, `DELETE /${name}/${own}`);
      expect(gone.status, gone.said).toBe(204);
      const missed = await ask(name, `GET /${name}/${own}`);
      expect(missed.status, missed.said).toBe(404);
    }

    /** Changes that a statement may notice, and others: each some visits after the one before. */
    async function alter(visited: () => number, all: number): Promise<void> {
      for (let i = 0; visited() < all; i++) {
        while (visited() < Math.min(all, 16 * (i + 1))) await setTimeout(50);
        for (const name of tables) {
          const type = i % 2 === 0 ? "text" : "integer USING rank::integer";
          await created.knex.raw(`ALTER TABLE ${name} ALTER rank TYPE ${type}`);
          await created.knex.raw(`ALTER TABLE ${name} ADD COLUMN extra_${i} integer`);
          await created.knex.raw(`ALTER TABLE ${name} DROP COLUMN extra_${i}`);
        }
      }
    }

    async function restart(busy: () => boolean): Promise<void> {
      for (let i = 0; busy() && i < 4; i++) await serve(tables[i % 2] as string);
    }

    test("8 clients, restarts, and DDL in between: each has the rows that it asked for, and nothing is lost or left", async () => {
      for (const name of tables) await serve(name);
      const [clients, rounds] = [8, 20];
      let visited = 0;
      const visit = async (client: number) => {
        const name = tables[client % 2] as string;
        for (let round = 0; round < rounds; round++) {
          const n = 1 + ((client + round * 7) % 90);
          await read(name, n);
          await write(name, 1_000 + client, n);
          visited++;
        }
      };
      const visits = Array.from({ length: clients }, (_, client) => visit(client));
      const all = clients * rounds;
      const failed = Promise.all(visits).catch(() => {
        visited = all;
      });
      await Promise.all([...visits, failed, alter(() => visited, all), restart(() => visited < all)]);
      for (const name of tables) {
        const kept = `count(*) FILTER (WHERE name = '${name} ' || id)::int AS kept`;
        const { rows } = await created.knex.raw(`SELECT count(*)::int AS n, ${kept} FROM ${name}`);
        expect(rows, name).toEqual([{ n: 100, kept: 100 }]);
      }
    }, 180_000);
  });
}

async function stop(server: Running): Promise<void> {
  server.signal("SIGTERM");
  await server.ended;
}
