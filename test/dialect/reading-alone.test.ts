// A statement in a transaction of its own, which only reads: nothing is written, nothing stays open, whatever fails.
import knex, { type Knex } from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { executeReading as readingOnMariadb } from "../../src/dialect/mysql/prepared.js";
import { execute, executeReading } from "../../src/dialect/postgres/driver.js";
import { rowForm } from "../../src/dialect/row-texts.js";
import { type Created, mariadb, postgres } from "../support/databases.js";
import { askJson } from "../support/json-request.js";

type PgClient = {
  getTransactionStatus(): string | null;
  query(text: string): Promise<unknown>;
  connection: { sendCopyFail?: unknown };
};

const ddl =
  "CREATE TABLE pubs (id integer PRIMARY KEY, name varchar(20)); INSERT INTO pubs VALUES (1, 'one'), (2, 'two');";

describe.skipIf(postgres.skip).each(["as ordinary reads are", "as pg documents it"])("PostgreSQL, %s", (way) => {
  let created: Created;
  let db: Knex;
  let client: PgClient;
  const read = async (text: string, values: unknown[] = []) => (await executeReading(client, text, values)).rows;
  beforeAll(async () => {
    created = await postgres.create(`${ddl}
      CREATE FUNCTION added() RETURNS int LANGUAGE sql AS 'INSERT INTO pubs VALUES (9, ''no'') RETURNING id';`);
    db = knex({ client: "pg", connection: created.url, pool: { min: 0, max: 1 } });
    client = await db.client.acquireConnection();
    // Without one of its parts it is taken for another version.
    if (way === "as pg documents it") client.connection.sendCopyFail = undefined;
  });
  afterAll(async () => {
    await db?.client.releaseConnection(client);
    await db?.destroy();
    await created?.drop();
  });

  test("it answers, and nothing is open behind it", async () => {
    for (const id of [1, 2, 1]) expect(await read("SELECT id FROM pubs WHERE id = $1", [id])).toEqual([[String(id)]]);
    expect(await read("SHOW transaction_read_only")).toEqual([["on"]]);
    expect((await execute(client, "SHOW transaction_read_only", [])).rows).toEqual([["off"]]);
    const row = rowForm([{ name: "id", form: "number" }]);
    const { rows } = await executeReading(client, "SELECT id FROM pubs ORDER BY id", [], row);
    expect(rows).toEqual([['{"id":1}\u001e{"id":2}']]);
    expect(client.getTransactionStatus()).toBe("I");
  });

  test.each([
    ["a write", "SELECT added()", [], "25006"],
    ["a value", "SELECT id FROM pubs WHERE id = $1", ["x"], "22P02"],
    ["what is computed", "SELECT 1 / $1::int", [0], "22012"],
    ["a name", "SELECT none FROM pubs", [], "42703"],
    ["no offset", "SELECT id FROM pubs OFFSET $1", [-1], "2201X"],
  ])("%s that is refused leaves nothing open", async (_, text, values, code) => {
    for (let i = 0; i < 2; i++) await expect(read(text, values)).rejects.toMatchObject({ code });
    expect(client.getTransactionStatus()).toBe("I");
    expect(await read("SELECT count(*) FROM pubs")).toEqual([["2"]]);
    expect((await execute(client, "UPDATE pubs SET name = name", [])).affected).toBe(2);
  });

  test("a statement that changed or was lost is prepared again", async () => {
    const names = () => read("SELECT * FROM pubs WHERE id = $1", [1]);
    expect(await names()).toEqual([["1", "one"]]);
    await client.query("ALTER TABLE pubs ADD level int DEFAULT 7");
    expect(await names()).toEqual([["1", "one", "7"]]);
    await client.query("ALTER TABLE pubs DROP level");
    expect(await names()).toEqual([["1", "one"]]);
    await client.query("DEALLOCATE ALL");
    expect(await names()).toEqual([["1", "one"]]);
    expect(client.getTransactionStatus()).toBe("I");
  });
});

describe.skipIf(mariadb.skip)("MariaDB", () => {
  test("what writes is refused, and what follows may write", async () => {
    const created = await mariadb.create(`${ddl}
      CREATE FUNCTION added() RETURNS INT READS SQL DATA BEGIN INSERT INTO pubs VALUES (9, 'no'); RETURN 9; END;`);
    const db = knex({ client: "mysql2", connection: created.url, pool: { min: 0, max: 1 } });
    const client = await db.client.acquireConnection();
    const read = async (text: string, values: unknown[] = []) => (await readingOnMariadb(client, text, values)).rows;
    try {
      for (const id of [1, 2]) expect(await read("SELECT id FROM pubs WHERE id = ?", [id])).toEqual([[String(id)]]);
      await expect(read("SELECT added()")).rejects.toMatchObject({ errno: 1792 });
      expect(await read("SELECT COUNT(*), @@in_transaction FROM pubs")).toEqual([["2", "0"]]);
      await db.client.releaseConnection(client);
      await db("pubs").insert({ id: 3, name: "three" });
    } finally {
      await db.destroy();
      await created.drop();
    }
  });
});

describe.each([
  {
    name: "PostgreSQL",
    database: postgres,
    reads: "LANGUAGE sql STABLE AS 'SELECT count(*)::int FROM pubs WHERE id >= lowest'",
  },
  { name: "MariaDB", database: mariadb, reads: "READS SQL DATA RETURN (SELECT COUNT(*) FROM pubs WHERE id >= lowest)" },
])("an API on $name", ({ database, reads }) => {
  test.skipIf(database.skip)("asks the server once for a GET of a function", async () => {
    const created = await database.create(`${ddl} CREATE FUNCTION pubs_from(lowest INT) RETURNS INT ${reads};`);
    const asked: string[] = [];
    const warn = ({ statement }: { statement?: string }) => void (statement && asked.push(statement));
    const logger = { debug: () => {}, info: () => {}, error: () => {}, warn };
    const api = await createApi(created.url, { logger, slowQuery: 0 });
    try {
      expect(await askJson(api, "GET /rpc/pubs_from?lowest=2")).toEqual({ status: 200, json: 1 });
      expect(asked).toEqual([expect.stringContaining("pubs_from")]);
    } finally {
      await api.close();
      await created.drop();
    }
  });
});
