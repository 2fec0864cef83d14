// A server that prepares no more (max_prepared_stmt_count): everything is answered all the same, and nothing that is sent is read as
// a statement.

import knex, { type Knex } from "knex";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { executeUnprepared } from "../../src/dialect/mysql/driver.js";
import { execute } from "../../src/dialect/mysql/prepared.js";
import { unprepared } from "../../src/dialect/mysql/unprepared.js";
import { fc } from "../support/any.js";
import { endAll } from "../support/daemon.js";
import { mariadb } from "../support/databases.js";
import { askJson } from "../support/json-request.js";
import { startMariadb } from "../support/mariadb.js";

test.each([
  ["SELECT ?, '?', \"?\", `?`, ?", [1, 2n], "SELECT 1, '?', \"?\", `?`, 2"],
  ["SELECT ? - ?", [-1, -0.5], "SELECT (-1) - (-0.5e0)"],
  ["SELECT ?, ?, ?", [true, null, 1e300], "SELECT TRUE, NULL, 1e+300"],
  ["SELECT ?", ["a'\\"], "SELECT _utf8mb4 X'61275c'"],
  ["SELECT ?", [Buffer.of(0, 255)], "SELECT _binary X'00ff'"],
  ["SELECT '?'", [], "SELECT '?'"],
])("%s with values", (text, values, whole) => {
  expect(unprepared(text, values)).toBe(whole);
});

test.each([
  ["SELECT ?", [1, 2]],
  ["SELECT ?, ?", [1]],
  ["SELECT ?", [{}]],
])("%s with %j, one value too many, too few, or none at all", (text, values) => {
  expect(() => unprepared(text, values)).toThrow(/statement/);
});

// A server of its own, as the setting is the server's.
describe.skipIf(mariadb.skip)("on a server", () => {
  let db: Knex;
  let url: string;
  const ends: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    url = ((await startMariadb("--max-prepared-stmt-count=0")) as string).replace(/mysql$/, "shop");
    const admin = knex({ client: "mysql2", connection: url.replace(/shop$/, "mysql") });
    await admin.raw("CREATE DATABASE shop CHARACTER SET utf8mb4");
    await admin.destroy();
    db = knex({ client: "mysql2", connection: url, pool: { min: 0, max: 1 } });
    await db.raw(
      "CREATE TABLE pubs (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(100) NOT NULL UNIQUE, price DECIMAL(20,4), share DOUBLE, open BOOLEAN, doc JSON, bytes BLOB, at TIMESTAMP(3) NULL, FULLTEXT (name))",
    );
    await db.raw(
      "CREATE TABLE beers (id INT PRIMARY KEY AUTO_INCREMENT, pub_id INT NOT NULL REFERENCES pubs (id), name VARCHAR(50))",
    );
  }, 60_000);
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  afterAll(async () => {
    await db?.destroy();
    await endAll();
  });

  async function open(options: ApiOptions = {}) {
    const api = await createApi(url, options);
    ends.push(() => api.close());
    return (line: string, body?: unknown) => askJson(api, line, body);
  }

  test.each(["", "SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')"])(
    "reads, writes, batches and refusals (%s)",
    async (onConnect) => {
      const ask = await open(onConnect === "" ? {} : { onConnect });
      const name = `O'Neil \\' "x" ? -- é🍺 ${onConnect.length}`;
      const row = {
        name,
        price: 12.5,
        share: 0.1,
        open: true,
        doc: { a: "\\'" },
        bytes: "AP8=",
        at: "2024-02-29T12:30:00.5+00:00",
      };
      const made = await ask("POST /pubs", row);
      expect(made).toMatchObject({ status: 201, json: row });
      const { id } = made.json;
      expect((await ask(`GET /pubs/${id}`)).json).toEqual(made.json);
      for (const query of [
        `name=${encodeURIComponent(`eq:${name}`)}`,
        `name=contains:${encodeURIComponent('\\\' "x" ?')}`,
        "share=0.1&price=12.5&open=true",
        "name=fts:neil",
        "at=2024-02-29T12:30:00.5Z",
      ])
        expect((await ask(`GET /pubs?id=${id}&limit=5&offset=0&${query}`)).json, query).toEqual([made.json]);
      expect((await ask(`GET /pubs?name=${encodeURIComponent("' OR 1=1 -- ")}`)).json).toEqual([]);
      const beers = await ask("POST /beers", [
        { pub_id: id, name: "a" },
        { pub_id: id, name: "b?" },
      ]);
      expect(beers.json.map(({ name }: { name: string }) => name)).toEqual(["a", "b?"]);
      const nested = await ask(`GET /pubs/${id}?select=name,beers(name)`);
      expect(nested.json).toEqual({ name, beers: [{ name: "a" }, { name: "b?" }] });
      expect((await ask("GET /pubs?select=open,count()")).status).toBe(200);
      expect(await ask("POST /pubs", { name })).toMatchObject({ status: 409, json: { code: "unique_violation" } });
      const batch = [
        { method: "PATCH", path: `/pubs/${id}`, body: { price: -1.25 } },
        { method: "GET", path: `/pubs/${id}` },
      ];
      expect((await ask("POST /batch", batch)).json).toMatchObject([{ status: 200 }, { body: { price: -1.25 } }]);
      expect((await ask(`DELETE /beers?pub_id=${id}`)).status).toBe(204);
      expect((await ask(`DELETE /pubs/${id}`)).status).toBe(204);
    },
  );

  test("any text and any bytes come back as they went", async () => {
    const connection = await db.client.acquireConnection();
    const bytes = fc.uint8Array().map((array) => Buffer.from(array));
    const numbers = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger());
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), bytes, numbers, async (text, bytes, number) => {
        const well = text.toWellFormed();
        const { rows } = await executeUnprepared(connection, "SELECT HEX(?), HEX(?), ? = CAST(? AS DOUBLE), '?'", [
          well,
          bytes,
          number,
          String(number),
        ]);
        const hex = (value: string | Buffer) => Buffer.from(value).toString("hex").toUpperCase();
        expect(rows.map((row) => row.map(String))).toEqual([[hex(well), hex(bytes), "1", "?"]]);
      }),
      { numRuns: 200 },
    );
    await db.client.releaseConnection(connection);
  });

  test("statements that are prepared already go on, and others are prepared once the server takes them", async () => {
    await db.raw("SET GLOBAL max_prepared_stmt_count = 2");
    const connection = await db.client.acquireRawConnection();
    const one = async (n: number) => (await execute(connection, `SELECT ? + ${n}`, [1])).rows.map(String);
    const prepared = async () => {
      const [rows] = await db.raw("SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'");
      return Number(rows[0].Value);
    };
    for (const n of [1, 2, 3, 1, 2, 3]) expect(await one(n)).toEqual([String(n + 1)]);
    expect(await prepared()).toBe(2);
    await db.raw("SET GLOBAL max_prepared_stmt_count = 0");
    await new Promise<void>((done) => connection.end(done));
  });
});
