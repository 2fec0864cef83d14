// Routines that a config writes by hand, on every database: SQL with named arguments, and functions of the host's.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import { HttpError } from "../../src/http/problem.js";
import { writtenSql } from "../../src/schema/written-sql.js";
import { type App, frameworks } from "../support/apps.js";
import type { Place } from "../support/matrix.js";
import { onEveryServer } from "../support/matrix.js";

const tables = `
  CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, level INTEGER NOT NULL);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, member_id INTEGER NOT NULL REFERENCES members(id), body VARCHAR(40));
  INSERT INTO members VALUES (1, 'Ada', 1), (2, 'Bob', 2), (3, 'Cy', 3);
  INSERT INTO notes VALUES (1, 1, 'x'), (2, 1, 'y');`;
const ddl = { sqlite: tables, postgres: tables, mariadb: tables };

const level = { name: "level", type: "integer" };
const routines: ApiOptions["routines"] = [
  {
    name: "from_level",
    reads: true,
    arguments: [level],
    returns: "members",
    sql: "SELECT * FROM members WHERE level >= :level -- :not, ':nor'",
  },
  {
    name: "how_many",
    reads: true,
    arguments: [{ ...level, default: 2 }],
    returns: "integer",
    sql: "SELECT count(*) FROM members WHERE level >= :level ORDER BY 1",
  },
  {
    name: "sizes",
    reads: true,
    returns: [
      { name: "who", type: "text" },
      { name: "level", type: "integer" },
    ],
    sql: "SELECT name AS who, level FROM members",
  },
  {
    name: "rename_member",
    table: "members",
    arguments: [
      { name: "id", type: "integer" },
      { name: "name", type: "varchar(5)" },
    ],
    sql: "UPDATE members SET name = :name WHERE id = :id",
  },
  {
    name: "add_note",
    table: "members",
    arguments: [
      { name: "member_id", type: "integer" },
      { name: "body", type: "text" },
    ],
    run: async ({ args, trx }) => {
      const { n } = (await trx("notes").max("id as n").first()) ?? {};
      await trx("notes").insert({ id: Number(n) + 1, member_id: args.member_id, body: args.body });
      if (args.body === "no") throw new HttpError(409, "Not that.", { code: "not_that" });
      return { id: Number(n) + 1, big: 12345678901234567890n };
    },
  },
  { name: "who", reads: true, run: ({ user }) => ({ user: user ?? null }) },
];

onEveryServer(ddl, ({ db }: Place) => {
  let app: App;
  beforeAll(async () => {
    app = await (frameworks[0] as (typeof frameworks)[number]).start(db().url, { routines });
  });
  afterAll(() => app?.close());
  const get = async (path: string) => (await app.ask(`GET ${path}`)).json;
  const post = (path: string, body: unknown = {}) => app.ask(`POST ${path}`, { body });

  test("SQL that reads answers a table's rows, a value, or columns, with all that lists take", async () => {
    expect(await get("/rpc/from_level?level=2")).toMatchObject([{ id: 2, name: "Bob" }, { id: 3 }]);
    expect(await get("/rpc/from_level?level=1&name=Ada&select=name,notes(body)")).toEqual([
      { name: "Ada", notes: [{ body: "x" }, { body: "y" }] },
    ]);
    expect(await get("/rpc/how_many")).toBe(2);
    expect(await get("/rpc/how_many?level=3")).toBe(1);
    expect(await get("/rpc/sizes?level=gt:1&order-by=who:desc&select=who")).toEqual([{ who: "Cy" }, { who: "Bob" }]);
  });

  test("values are bound, never spliced, and typed", async () => {
    const evil = "'); DROP TABLE notes; --";
    expect((await post("/rpc/rename_member", { id: 3, name: evil })).json).toMatchObject({
      status: 422,
      errors: [{ field: "name" }],
    });
    expect((await post("/members/3/rename", { name: "';--" })).status).toBe(204);
    expect(await get("/members/3")).toMatchObject({ name: "';--" });
    expect((await post("/members/9/rename", { name: "x" })).status).toBe(404);
    expect((await app.ask("GET /rpc/rename_member?id=1&name=x")).status).toBe(405);
  });

  test("a function of the host's runs in the request's transaction", async () => {
    const made = await post("/members/1/add_note", { body: "hm" });
    expect(made.text).toBe('{"id":3,"big":12345678901234567890}');
    expect((await post("/members/1/add_note", { body: "no" })).json).toMatchObject({ status: 409, code: "not_that" });
    expect(await get("/members/1/notes?select=count()")).toEqual([{ count: 3 }]);
    expect((await app.ask("GET /rpc/who", { headers: { "x-user": "ada" } })).json).toEqual({ user: "ada" });
    const batch = await post("/batch", [
      { method: "POST", path: "/rpc/add_note", body: { member_id: 2, body: "a" } },
      { method: "PATCH", path: "/notes/$0.id", body: { body: "b" } },
    ]);
    expect(batch.json.map(({ status }: { status: number }) => status)).toEqual([200, 200]);
    const tried = await app.ask("POST /members/1/add_note", {
      body: { body: "t" },
      headers: { prefer: "tx=rollback" },
    });
    expect(tried.status).toBe(200);
    expect(await get("/notes?body=t")).toEqual([]);
  });
});

describe("a config's routines", () => {
  test("find their arguments outside of quotes, comments and casts", () => {
    const sql = `SELECT ':a', ":b", $x$ :c $x$, t::int, x[1:2], :d /* :e */ FROM t -- :f\nWHERE n = :g AND n := :h`;
    expect(writtenSql(sql).arguments).toEqual(["d", "g", "h"]);
  });

  test.each([
    [{ name: "a", sql: "SELECT :b" }, /no argument ':b'/],
    [{ name: "a" }, /either sql or run/],
    [{ name: "a", reads: true, sql: "SELECT 1" }, /says what it returns/],
    [{ name: "a", table: "membres", arguments: [{ name: "id" }], sql: "SELECT 1" }, /no table 'membres'.*members/],
    [{ name: "a", returns: "memberz", reads: true, sql: "SELECT 1" }, /neither a table nor a type.*members/],
  ])("%j is refused", async (entry, words) => {
    const start = (frameworks[0] as (typeof frameworks)[number]).start;
    const db = { client: "better-sqlite3", connection: ":memory:", useNullAsDefault: true };
    const tables = [{ name: "members", columns: [{ name: "id", type: "integer" }] }];
    await expect(start(db, { tables, routines: [entry as never] })).rejects.toThrow(words);
  });
});
