// One statement as pg documents it: what comes back, what is too large, and what is of another shape than was planned.
import knex, { type Knex } from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askPlainly } from "../../src/dialect/postgres/plain.js";
import { rowForm } from "../../src/dialect/row-texts.js";
import { type Created, postgres } from "../support/databases.js";

describe.skipIf(postgres.skip)("on a server", () => {
  let created: Created;
  let db: Knex;
  const lent = async <T>(work: (connection: never) => Promise<T>): Promise<T> => {
    const connection = await db.client.acquireConnection();
    try {
      return await work(connection as never);
    } finally {
      await db.client.releaseConnection(connection);
    }
  };

  beforeAll(async () => {
    created = await postgres.create("CREATE TABLE notes (id int PRIMARY KEY, text text)");
    db = knex({ client: "pg", connection: created.url, pool: { min: 0, max: 2 } });
  });
  afterAll(async () => {
    await db?.destroy();
    await created?.drop();
  });

  test("values are bound, and come as the texts that the server sends", () =>
    lent(async (connection) => {
      const text = "INSERT INTO notes VALUES ($1, $2), ($3, $4) RETURNING id, text";
      const values = [1, `it's "é"`, 2, null];
      const { rows, affected, command } = await askPlainly(connection, { text, values });
      expect({ rows, affected, command }).toEqual({
        rows: [
          ["1", `it's "é"`],
          ["2", null],
        ],
        affected: 2,
        command: "INSERT",
      });
      const listed = { text: "SELECT $1::int[], $2::bytea", values: [[1, 2], Buffer.of(0, 255)] };
      expect((await askPlainly(connection, listed)).rows).toEqual([["{1,2}", "\\x00ff"]]);
      const failing = askPlainly(connection, { text: "SELECT 1 / $1::int", values: [0] });
      await expect(failing).rejects.toMatchObject({ code: "22012" });
      expect((await askPlainly(connection, { text: "SELECT 1", values: [] })).rows).toEqual([["1"]]);
    }));

  test("other columns than last time are refused", () =>
    lent(async (connection) => {
      const form = rowForm([{ name: "n", form: "number" }]);
      const asked = (text: string) => askPlainly(connection, { text, values: [] }, form);
      expect((await asked("SELECT 1")).rows).toEqual([['{"n":1}']]);
      await expect(asked("SELECT 'one'::text")).rejects.toMatchObject({ name: "OtherColumns" });
      await expect(asked("SELECT 1, 2")).rejects.toMatchObject({ name: "OtherColumns" });
    }));

  test("past its bytes a statement is broken off, and the connection goes with it", async () => {
    const text = "SELECT repeat('x', 1000) FROM generate_series(1, 100000) a, generate_series(1, 1000) b";
    await lent(async (connection) => {
      await expect(askPlainly(connection, { text, values: [] }, undefined, 1_000_000)).rejects.toMatchObject({
        code: "SAPWOOD_TOO_LARGE",
      });
    });
    const running =
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%generate_series(1, 100000)%'";
    await expect.poll(async () => (await db.raw(running)).rows[0].n, { timeout: 10_000 }).toBe(1);
    expect((await db.raw("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });
});
