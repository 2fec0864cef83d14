// A client that leaves ends its statement on the server, also where that is MySQL itself, or PostgreSQL behind a pooler.
import { afterEach, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { type Created, mysql, postgres } from "../support/databases.js";
import { pgbouncer, startPgbouncer, stopPgbouncer } from "../support/pgbouncer.js";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Leaves once the database is at the statement, and waits until it is not. */
async function leaves(url: string, busy: () => Promise<number>): Promise<void> {
  const api = await createApi(url, { poolMin: 0, poolMax: 1 });
  ends.push(() => api.close());
  const request = { method: "GET", query: "", prefix: "", header: () => undefined, raw: undefined };
  const body = async () => ({ kind: "parsed", value: undefined }) as const;
  const leaving = new AbortController();
  const asked = api.handle({ ...request, path: "/delays", body, signal: leaving.signal });
  while ((await busy()) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  leaving.abort();
  expect((await asked)?.status).toBe(499);
  while ((await busy()) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await api.handle({ ...request, path: "/notes", body }))?.status).toBe(200);
}

async function made(created: Promise<Created>): Promise<Created> {
  const database = await created;
  ends.push(() => database.drop());
  return database;
}

const notes = "CREATE TABLE notes (id INTEGER PRIMARY KEY, body VARCHAR(50));";

describe.skipIf(mysql.skip)("MySQL itself", () => {
  test("KILL QUERY", async () => {
    // SLEEP() would end with a 1 and no error.
    const rows = Array.from({ length: 10 }, (_, n) => `SELECT ${n} n`).join(" UNION ALL ");
    const digits = Array.from("abcdefghij", (name) => `(${rows}) ${name}`).join(" CROSS JOIN ");
    const { url, knex } = await made(
      mysql.create(`${notes} CREATE VIEW delays AS SELECT MIN(a.n) AS id, COUNT(*) AS n FROM ${digits};`),
    );
    await leaves(url, async () => {
      const [[row]] = await knex.raw(
        "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE db = DATABASE() AND command IN ('Query', 'Execute') AND id <> CONNECTION_ID()",
      );
      return Number(row.n);
    });
  }, 60_000);
});

describe.skipIf(pgbouncer === undefined || postgres.skip)("PostgreSQL behind pgbouncer", () => {
  test("the request to cancel goes on to the server", async () => {
    const { url, knex } = await made(
      postgres.create(`${notes} CREATE VIEW delays AS SELECT 1 AS id, pg_sleep(60)::text AS n`),
    );
    const pooler = await startPgbouncer({ pool_mode: "transaction", default_pool_size: "3" });
    ends.push(stopPgbouncer);
    await leaves(pooler.through(url), async () => {
      const { rows } = await knex.raw(
        "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()",
      );
      return Number(rows[0].n);
    });
  }, 60_000);
});
