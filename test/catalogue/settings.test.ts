// What a server, a database or a role says of how texts are read and shown: the catalogue and the answers are the same whatever it is.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, anyFramework } from "../support/apps.js";
import { type Created, databases, mysql, type TestDatabase } from "../support/databases.js";

const [, postgres, mariadb] = databases as [TestDatabase, TestDatabase, TestDatabase];

type Line = readonly [line: string, body?: unknown];

/** What was answered, without what counts the answers. */
async function answers({ ask }: App, lines: readonly Line[]): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const [line, body] of lines) {
    const { status, json } = await ask(line, { body });
    all.push([line, status, json]);
  }
  return all;
}

const text = "a\\b'c\"d`e%_|";
const reads: readonly Line[] = [
  ["GET /items?order-by=id:asc"],
  ["GET /items?select=id,tags(name)&order-by=id:asc"],
  [`GET /items?name=like:${encodeURIComponent("a\\\\b*")}`],
  [`GET /items?name=contains:${encodeURIComponent("\\b'c\"")}`],
  [`GET /items?name=startswith:${encodeURIComponent("a\\")}`],
  [`GET /items?name=endswith:${encodeURIComponent("%_|")}`],
  [`GET /items?name=eq:${encodeURIComponent(text)}`],
  ["GET /items?doc.k=v"],
  ["GET /items?select=sum:n.sum(),count()"],
  ["GET /items/1/tags"],
  ["GET /items?limit=1&order-by=name:asc"],
];
const writes: readonly Line[] = [
  ["POST /items", { id: 3, name: text, doc: { k: text }, n: 3 }],
  ["PATCH /items/3", { n: { increment: -1 } }],
  ["PUT /items/3", { name: "x", doc: { k: [1] }, n: 1 }],
  ["POST /items/3/tags/1/add"],
  ["POST /items/3/tags/1/delete"],
  ["POST /items?on-conflict=merge", { id: 3, name: "y" }],
  ["GET /items/3"],
  ["DELETE /items?id=3"],
  ["DELETE /items/3"],
];

describe.skipIf(postgres.skip)("PostgreSQL", () => {
  let created: Created;
  const name = () => new URL(created.url).pathname.slice(1);
  beforeAll(async () => {
    created = await postgres.create(`
      CREATE SCHEMA "odd 'schema"; CREATE EXTENSION citext SCHEMA "odd 'schema";
      CREATE TABLE items (id INT PRIMARY KEY, name TEXT, doc JSONB, n NUMERIC, "at" TIMESTAMPTZ, d DATE, i INTERVAL, b BYTEA,
        r TSTZRANGE, f FLOAT8);
      CREATE TABLE tags (id INT PRIMARY KEY, name TEXT);
      CREATE TABLE items_tags (item_id INT REFERENCES items, tag_id INT REFERENCES tags, PRIMARY KEY (item_id, tag_id));
      INSERT INTO items VALUES
        (1, '${text.replaceAll("'", "''")}', '{"k":"v"}', 1.5, '2024-02-29 12:00+02', '2024-02-29', '1 year 2 days 03:04', '\\x0102',
          '[2024-01-01 00:00+00,2024-01-02 00:00+00)', 0.1),
        (2, 'z', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1e-7);
      INSERT INTO tags VALUES (1, 'a\\b');
      INSERT INTO items_tags VALUES (1, 1);
      CREATE TABLE people (email "odd 'schema".CITEXT PRIMARY KEY);
      CREATE TABLE logins (id INT PRIMARY KEY, email "odd 'schema".CITEXT REFERENCES people);
      INSERT INTO people VALUES ('Ann@X'); INSERT INTO logins VALUES (1, 'ann@x');`);
  });
  afterAll(() => created?.drop());

  test("standard_conforming_strings, styles and zones of the database", async () => {
    const lines = [
      ...reads,
      ["GET /items?d=lt:2024-03-01"],
      ["GET /items?at=lt:2024-03-01T00:00:00Z"],
      ...writes,
    ] as Line[];
    const app = await anyFramework.start(created.url);
    const plain = await answers(app, lines);
    await app.close();
    for (const [, status] of plain as [string, number][]) expect(status).toBeLessThan(500);
    for (const setting of [
      "standard_conforming_strings = off",
      "DateStyle = 'German, DMY'",
      "IntervalStyle = 'iso_8601'",
      "TimeZone = 'Asia/Kathmandu'",
      "bytea_output = 'escape'",
      "extra_float_digits = -15",
    ])
      await created.knex.raw(`ALTER DATABASE ${name()} SET ${setting}`);
    const odd = await anyFramework.start(created.url);
    try {
      expect(await answers(odd, lines)).toEqual(plain);
    } finally {
      await odd.close();
      await created.knex.raw(`ALTER DATABASE ${name()} RESET ALL`);
    }
  });

  test("an extension's type whose schema is not searched is compared as it is meant", async () => {
    for (const onConnect of [undefined, "SET search_path TO public"]) {
      const app = await anyFramework.start(created.url, { onConnect });
      try {
        expect((await app.ask("GET /people?email=ann@x")).json).toEqual([{ email: "Ann@X" }]);
        expect((await app.ask("GET /people/ANN@x")).json).toEqual({ email: "Ann@X" });
        expect((await app.ask("GET /people?select=email,logins(id)")).json).toEqual([
          { email: "Ann@X", logins: [{ id: 1 }] },
        ]);
      } finally {
        await app.close();
      }
    }
  });
});

const modes = [
  "ANSI_QUOTES",
  "NO_BACKSLASH_ESCAPES",
  "PIPES_AS_CONCAT",
  "IGNORE_SPACE",
  "HIGH_NOT_PRECEDENCE",
  "REAL_AS_FLOAT",
  "NO_UNSIGNED_SUBTRACTION",
  "NO_AUTO_VALUE_ON_ZERO",
  "NO_ZERO_DATE,NO_ZERO_IN_DATE",
  "ONLY_FULL_GROUP_BY",
  "ANSI,NO_BACKSLASH_ESCAPES",
  "TRADITIONAL",
  "",
];

for (const database of [mariadb, mysql]) {
  describe.skipIf(database.skip)(`${database.name}`, () => {
    let created: Created;
    let plain: unknown[];
    const lines = [...reads, ["GET /items?kind=b"], ["GET /items?code=ab"], ["GET /items/1"], ...writes] as Line[];
    const answering = async (mode?: string) => {
      const app = await anyFramework.start(
        created.url,
        mode === undefined ? {} : { onConnect: `SET SESSION sql_mode = '${mode}'` },
      );
      try {
        return await answers(app, lines);
      } finally {
        await app.close();
      }
    };
    beforeAll(async () => {
      created = await database.create(`
        CREATE TABLE items (id INT PRIMARY KEY, name VARCHAR(40), doc JSON, n DECIMAL(10, 2), kind ENUM('a', 'b') DEFAULT 'b',
          code CHAR(5), \`odd "name\` INT, doubled INT AS (id * 2) STORED);
        CREATE TABLE tags (id INT PRIMARY KEY, name VARCHAR(20));
        CREATE TABLE items_tags (item_id INT, tag_id INT, PRIMARY KEY (item_id, tag_id),
          FOREIGN KEY (item_id) REFERENCES items (id), FOREIGN KEY (tag_id) REFERENCES tags (id));
        INSERT INTO tags VALUES (1, 'a\\\\b');`);
      await created.knex("items").insert([
        { id: 1, name: text, doc: '{"k":"v"}', n: 1.5, code: "ab" },
        { id: 2, name: "z", n: null },
      ]);
      await created.knex("items_tags").insert({ item_id: 1, tag_id: 1 });
      plain = await answering();
    });
    afterAll(() => created?.drop());

    test("answers well at first", () => {
      for (const [line, status] of plain as [string, number][]) expect(status, line).toBeLessThan(422);
      expect(plain[0]).toMatchObject(["GET /items?order-by=id:asc", 200, [{ doc: { k: "v" } }, { id: 2 }]]);
    });

    test.each([...modes, ...(database === mariadb ? ["ORACLE", "MSSQL", "EMPTY_STRING_IS_NULL"] : [])])(
      "and the same in the mode %s",
      async (mode) => expect(await answering(mode)).toEqual(plain),
    );
  });
}
