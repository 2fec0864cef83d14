// What a server, a database or a role says of how texts are read and shown: the catalogue and the answers are the same whatever it is.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { printRoutes, toOpenApi } from "../../src/index.js";
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
  ["GET /items?doc-%3Ek=v"],
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

/** What is not ASCII, what is refused, and what is written without a key. */
const more: readonly Line[] = [
  ["POST /tags", { id: 50, name: "🌲é" }],
  [`GET /tags?name=${encodeURIComponent("🌲é")}`],
  ["GET /items?id=is:null"],
  ["PATCH /items?name=startswith:a", { n: 1.5 }],
  ["POST /tags", { id: 1 }],
  ["POST /items/1/tags/50/add"],
  ["POST /items/1/tags/50/delete"],
  ["DELETE /tags?name=ne:a%5Cb"],
];

describe.skipIf(postgres.skip)("PostgreSQL", () => {
  let created: Created;
  const name = () => new URL(created.url).pathname.slice(1);
  beforeAll(async () => {
    created = await postgres.create(`
      CREATE SCHEMA "odd 'schema"; CREATE EXTENSION citext SCHEMA "odd 'schema";
      CREATE TABLE items (id INT PRIMARY KEY, name TEXT, doc JSONB, n NUMERIC, "at" TIMESTAMPTZ, d DATE, i INTERVAL, b BYTEA,
        r TSTZRANGE, f FLOAT8, m MONEY, words TEXT[], files BYTEA[], x XML, "user" TEXT, path TEXT DEFAULT 'c:\\new');
      CREATE INDEX ON items USING gin (to_tsvector('english', "user"));
      CREATE FUNCTION label(items) RETURNS TEXT STABLE LANGUAGE sql AS $$ SELECT $1.name || '!' $$;
      CREATE FUNCTION joined(a TEXT DEFAULT '\\', b INT DEFAULT 1) RETURNS TEXT STABLE LANGUAGE sql AS $$ SELECT a || b $$;
      CREATE VIEW seen AS SELECT id, name, m FROM items WHERE id > 0;
      CREATE TABLE tags (id INT PRIMARY KEY, name TEXT);
      CREATE TABLE items_tags (item_id INT REFERENCES items, tag_id INT REFERENCES tags, PRIMARY KEY (item_id, tag_id));
      INSERT INTO items VALUES
        (1, '${text.replaceAll("'", "''")}', '{"k":"v"}', 1.5, '2024-02-29 12:00+02', '2024-02-29', '1 year 2 days 03:04', '\\x0102',
          '[2024-01-01 00:00+00,2024-01-02 00:00+00)', 0.1, 12.34, '{a,"b,",NULL}', ARRAY['\\x00ff'::bytea], '<a/><b/>', 'ann'),
        (2, 'z', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1e-7, NULL, NULL, NULL, NULL, NULL);
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
      ['GET /items?words=["a","b,",null]'],
      ["GET /items?user=fts:ann"],
      ["GET /items?select=label,m.sum()"],
      ["GET /seens?m=12.34"],
      ["GET /rpc/joined"],
      ...writes,
      ["POST /items", { id: 4, words: ["x", null, "NULL"], x: "two <b/> <b/>", files: ["AP8=", null] }],
      ["DELETE /items/4"],
    ] as Line[];
    const asked = async () => {
      const app = await anyFramework.start(created.url);
      const { tree } = app.api;
      try {
        return [printRoutes(tree, { why: true }), toOpenApi(tree), ...(await answers(app, lines))];
      } finally {
        await app.close();
      }
    };
    const plain = await asked();
    for (const [line, status] of plain.slice(2) as [string, number][]) expect(status, line).toBeLessThan(405);
    for (const setting of [
      "standard_conforming_strings = off",
      "DateStyle = 'German, DMY'",
      "IntervalStyle = 'iso_8601'",
      "TimeZone = 'Asia/Kathmandu'",
      "bytea_output = 'escape'",
      "extra_float_digits = -15",
      "array_nulls = off",
      "quote_all_identifiers = on",
      "xmloption = 'document'",
    ])
      await created.knex.raw(`ALTER DATABASE ${name()} SET ${setting}`);
    try {
      expect(await asked()).toEqual(plain);
    } finally {
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
  "PAD_CHAR_TO_FULL_LENGTH",
  "",
];

/** What a server's `init_connect` or its own settings may say besides. */
const variables = [
  "SESSION group_concat_max_len = 4",
  "SESSION sql_select_limit = 1",
  "SESSION sql_select_limit = 0",
  "SESSION autocommit = 0",
  "SESSION completion_type = 1",
  "SESSION sql_safe_updates = 1",
  "SESSION sql_auto_is_null = 1",
  "SESSION sql_quote_show_create = 0",
  "SESSION max_sort_length = 4",
  "SESSION lc_messages = 'de_DE'",
  "SESSION time_zone = '+05:45'",
  "SESSION div_precision_increment = 0",
  "SESSION character_set_client = latin1",
  "SESSION character_set_results = latin1",
  "SESSION collation_connection = latin1_swedish_ci",
  "NAMES utf8mb3",
  "NAMES latin1",
];

for (const database of [mariadb, mysql]) {
  describe.skipIf(database.skip)(`${database.name}`, () => {
    let created: Created;
    let plain: unknown[];
    const lines = [
      ...reads,
      ["GET /items?kind=b"],
      ["GET /items?code=ab"],
      ["GET /items/1"],
      ["GET /items?id=is:null"],
      ...writes,
      ...more,
    ] as Line[];
    const answering = async (setting?: string) => {
      const app = await anyFramework.start(created.url, setting === undefined ? {} : { onConnect: `SET ${setting}` });
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
      async (mode) => expect(await answering(`SESSION sql_mode = '${mode}'`)).toEqual(plain),
    );

    test.each(variables)("and the same after SET %s", async (setting) =>
      expect(await answering(setting)).toEqual(plain),
    );
  });
}
