// Prepared statements on PostgreSQL: their names, sessions that lost them or have others by their names, and answers that are not
// what was planned.
import knex, { type Knex } from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { execute } from "../../src/dialect/postgres/driver.js";
import { rowForm } from "../../src/dialect/row-texts.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { askJson } from "../support/json-request.js";

const [, postgres] = databases as [TestDatabase, TestDatabase];

describe.skipIf(postgres.skip)("on a connection", () => {
  let created: Created;
  let db: Knex;
  beforeAll(async () => {
    created = await postgres.create(`
      CREATE TABLE pubs (id integer PRIMARY KEY, name text NOT NULL);
      INSERT INTO pubs VALUES (1, 'one'), (2, 'two');
      CREATE TABLE secrets (id integer PRIMARY KEY, name text NOT NULL);
      INSERT INTO secrets VALUES (1, 'SECRET1');`);
    db = knex({ client: "pg", connection: created.url, pool: { min: 1, max: 1 } });
  });
  afterAll(async () => {
    await db?.destroy();
    await created?.drop();
  });

  /** On the pool's one connection. */
  const lent = async <T>(work: (connection: unknown) => Promise<T>): Promise<T> => {
    const connection = await db.client.acquireConnection();
    try {
      return await work(connection);
    } finally {
      await db.client.releaseConnection(connection);
    }
  };
  const names = async () =>
    (await db.raw("SELECT name FROM pg_prepared_statements WHERE NOT name LIKE 'mine%'")).rows.map(
      ({ name }: { name: string }) => name,
    );
  async function open(options: ApiOptions = {}) {
    const api = await createApi(db, { listenForChanges: false, ...options });
    return (line: string, body?: unknown) => askJson(api, line, body);
  }
  /** Another connection than before. */
  const reconnect = async () => {
    await db.destroy();
    db.initialize();
  };

  test("an equal text has an equal name on each, and another text another one", async () => {
    const ask = await open();
    await ask("GET /pubs/1");
    const first = await names();
    expect(first).toEqual([expect.stringMatching(/^sapwood_[\da-f]{32}$/)]);
    await reconnect();
    await ask("GET /secrets/1");
    await ask("GET /pubs/2");
    expect(await names()).toHaveLength(2);
    expect(await names()).toContain(first[0]);
  });

  test("a session that was reset is answered right, within a transaction too", async () => {
    await reconnect();
    const preSave = ({ body }: { body: Record<string, unknown> }) => {
      body.name = `${body.name}!`;
    };
    const ask = await open({ hooks: { preSave } });
    const rename = (name: string) => ask("PATCH /pubs/2", { name });
    expect((await rename("a")).json).toEqual({ id: 2, name: "a!" });
    await db.raw("DEALLOCATE ALL");
    expect((await rename("b")).json).toEqual({ id: 2, name: "b!" });
    await reconnect();
    expect((await ask("GET /pubs/1")).json).toEqual({ id: 1, name: "one" });
    await db.raw("DISCARD ALL");
    expect((await ask("GET /pubs/1")).json).toEqual({ id: 1, name: "one" });
  });

  test("a statement that somebody else has prepared by the name is never run", async () => {
    await reconnect();
    const ask = await open({ hooks: { preSave: async () => undefined } });
    await ask("GET /pubs/1");
    await ask("PATCH /pubs/2", { name: "c" });
    const taken: string[] = await names();
    expect(taken.length).toBeGreaterThanOrEqual(2);
    await reconnect();
    for (const name of taken) await db.raw(`PREPARE ${name} AS SELECT id, name FROM secrets WHERE 1 = 1`);
    expect(await ask("GET /pubs/1")).toEqual({ status: 200, json: { id: 1, name: "one" } });
    await reconnect();
    for (const name of taken) await db.raw(`PREPARE ${name} AS DELETE FROM secrets`);
    expect(await ask("PATCH /pubs/2", { name: "d" })).toEqual({ status: 200, json: { id: 2, name: "d" } });
    expect(await db("secrets").count()).toEqual([{ count: "1" }]);
  });

  test("rows of another number of columns than planned do not go out, whichever way they come", () =>
    lent(async (connection) => {
      const row = rowForm([
        { name: "id", form: "number" },
        { name: "name", form: "string" },
      ]);
      expect((await execute(connection, "SELECT id, name FROM secrets", [], row)).rows).toHaveLength(1);
      // Of one that is no SELECT only the rows tell.
      for (const text of ["SELECT id, name, name FROM secrets", "SELECT id FROM secrets", "VALUES (1, 'a', 'b')"])
        await expect(execute(connection, text, [], row), text).rejects.toMatchObject({ name: "OtherColumns" });
      expect((await execute(connection, "SELECT 1", [])).rows).toEqual([["1"]]);
    }));

  test("a statement that is parsed anew each time has its columns' types looked at each time", async () => {
    await reconnect();
    await db.raw("ALTER TABLE pubs ADD rank integer DEFAULT 7");
    const ask = await open();
    const list = async () => (await ask("GET /pubs?limit=1&offset=0&select=rank")).json;
    expect(await list()).toEqual([{ rank: 7 }]);
    await db.raw("ALTER TABLE pubs ALTER rank TYPE text");
    expect(await list()).toEqual([{ rank: "7" }]);
    await db.raw("ALTER TABLE pubs DROP rank");
  });

  test("what is dropped is closed, after a failure within a transaction too", async () => {
    await reconnect();
    await lent(async (connection) => {
      await execute(connection, "BEGIN", []);
      await expect(execute(connection, "SELECT 1 / $1::int", ["0"])).rejects.toMatchObject({ code: "22012" });
      for (let i = 0; i < 700; i++)
        await expect(execute(connection, `SELECT ${i}`, [])).rejects.toMatchObject({ code: "25P02" });
      const client = connection as { query(text: string): Promise<unknown> };
      await client.query("ROLLBACK");
      for (let i = 0; i < 1_400; i++)
        expect((await execute(connection, `SELECT ${i % 700}`, [])).rows).toEqual([[String(i % 700)]]);
    });
    expect((await names()).length).toBeLessThanOrEqual(501);
    expect((await names()).length).toBeGreaterThan(100);
  });
});
