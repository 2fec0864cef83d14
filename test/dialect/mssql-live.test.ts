// What only a SQL Server can say: on a live one, where SAPWOOD_TEST_MSSQL names an administrator's connection string, such as
// mssql://sa:password@127.0.0.1:1433/master?encrypt=false. It makes a database of its own, and drops it.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import { openDatabase } from "../../src/database/database.js";
import type { OpenDatabase } from "../../src/database/session.js";

const administrator = process.env.SAPWOOD_TEST_MSSQL;

const ddl = [
  `CREATE TABLE artists (id int IDENTITY PRIMARY KEY, name nvarchar(40) NOT NULL UNIQUE, seen datetime2(3) NULL)`,
  `CREATE TRIGGER artists_seen ON artists AFTER INSERT, UPDATE AS UPDATE artists SET seen = '2024-02-29T12:00:00.5' WHERE id IN (SELECT id FROM inserted)`,
  `CREATE TABLE fans (code varchar(10) COLLATE Latin1_General_CS_AS PRIMARY KEY)`,
  `CREATE TABLE artists_fans (artist_id int REFERENCES artists, fan_code varchar(10) COLLATE Latin1_General_CS_AS REFERENCES fans, PRIMARY KEY (artist_id, fan_code))`,
  `CREATE TABLE notes (body nvarchar(max), [a.b] int)`,
  `CREATE TABLE tickets (id uniqueidentifier DEFAULT NEWID() PRIMARY KEY, price decimal(38,10) CHECK (price > 0), artist_id int REFERENCES artists)`,
  `CREATE TABLE kinds (id int PRIMARY KEY, [bit] bit, [tiny] tinyint, [big] bigint, [money] money, [float] float, [real] real,
    [char] char(5), [varchar] varchar(20), [ntext] ntext, [uid] uniqueidentifier, [date] date, [time] time(7), [dt] datetime, [dt2] datetime2(7),
    [small] smalldatetime, [dto] datetimeoffset(7), [bin] varbinary(max), [image] image, [row] rowversion, [xml] xml, [variant] sql_variant,
    [geo] geometry, [hier] hierarchyid, [twice] AS ([tiny] * 2))`,
];

const kinds = {
  ...{ id: 1, bit: true, tiny: 255, big: 9007199254740991, money: 1.5, float: 0.30000000000000004, real: 0.1 },
  ...{ char: "ab", varchar: "Zoë", ntext: '日本 "q" \\ / \n', uid: "123e4567-e89b-12d3-a456-426614174000" },
  ...{ date: "2024-02-29", time: "12:30:00.5", dt: "2024-02-29T12:30:00.003", dt2: "2024-02-29T12:30:00.000001" },
  ...{ small: "2024-02-29T12:30:00", dto: "2024-02-29T10:30:00+00:00", bin: "AAEC/w==", image: "AAEC/w==" },
  ...{ xml: "<a/>", variant: "any", geo: "POINT (1 2)", hier: "/1/2/" },
};

describe.skipIf(administrator === undefined)("a live SQL Server", () => {
  const name = `sapwood_${randomBytes(6).toString("hex")}`;
  let master: OpenDatabase;
  let api: Api;
  beforeAll(async () => {
    master = openDatabase(administrator as string);
    await master.knex.raw(`CREATE DATABASE ${name}`);
    const url = new URL(administrator as string);
    url.pathname = `/${name}`;
    const own = openDatabase(url.href);
    for (const text of ddl) await own.run(text, []);
    await own.close();
    api = await createApi(url.href);
  });
  afterAll(async () => {
    await api?.close();
    await master?.knex.raw(`ALTER DATABASE ${name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE ${name}`);
    await master?.close();
  });

  async function ask(method: string, address: string, body?: unknown) {
    const [path = "", query = ""] = address.split("?");
    const response = await api.handle({
      ...{ method, path, query, prefix: "", raw: undefined },
      header: (header) => (header === "content-type" ? "application/json" : undefined),
      body: async () => ({ kind: "parsed", value: body }),
    });
    const text = response?.body ?? "";
    return { status: response?.status, text, json: text === "" ? undefined : JSON.parse(text) };
  }

  test("every type goes in and comes out as it was", async () => {
    const { status, json } = await ask("POST", "/kinds", kinds);
    expect(json).toEqual({ ...kinds, row: expect.stringMatching(/^.{11}=$/), twice: 510 });
    expect(status).toBe(201);
    for (const field of [
      "bit",
      "big",
      "money",
      "float",
      "real",
      "uid",
      "date",
      "time",
      "dt",
      "dt2",
      "dto",
      "varchar",
    ]) {
      const value = encodeURIComponent(String(kinds[field as keyof typeof kinds]));
      expect((await ask("GET", `/kinds?${field}=eq:${value}&order-by=${field}:asc`)).json, field).toHaveLength(1);
    }
    for (const field of ["ntext", "xml", "geo", "hier", "variant"])
      expect((await ask("GET", `/kinds?order-by=${field}&${field}=is:notnull`)).json, field).toHaveLength(1);
    const empty = Object.fromEntries(Object.keys(kinds).map((field) => [field, null]));
    const { json: nulls } = await ask("POST", "/kinds", { ...empty, id: 2 });
    expect(nulls).toEqual({ ...empty, id: 2, row: expect.any(String), twice: null });
  });

  test("rows come back as their triggers left them, whoever numbered them", async () => {
    const seen = "2024-02-29T12:00:00.5";
    expect((await ask("POST", "/artists", { name: "Ada" })).json).toEqual({ id: 1, name: "Ada", seen });
    expect((await ask("POST", "/artists", { id: 70, name: "Bob" })).json).toEqual({ id: 70, name: "Bob", seen });
    expect((await ask("POST", "/artists", { name: "Cem" })).json).toEqual({ id: 71, name: "Cem", seen });
    expect((await ask("PATCH", "/artists/71", { name: "Cam", seen: null })).json).toMatchObject({ name: "Cam", seen });
    expect((await ask("PUT", "/artists/71", { id: 71, name: "Com" })).json).toMatchObject({ name: "Com" });
    expect((await ask("DELETE", "/artists/71")).status).toBe(204);
    expect((await ask("DELETE", "/artists/71")).status).toBe(404);
    const ticket = await ask("POST", "/tickets", { price: 1.5, artist_id: 1 });
    expect(ticket.text).toMatch(/^\{"id":"[0-9a-f-]{36}","price":1\.5000000000,"artist_id":1\}$/);
    expect((await ask("POST", "/notes", { body: "x".repeat(9000), "a.b": 1 })).json["a.b"]).toBe(1);
  });

  test("lists are filtered, sorted and cut", async () => {
    expect((await ask("GET", "/artists?limit=0")).json).toEqual([]);
    expect((await ask("GET", "/artists?limit=1&offset=1")).json).toMatchObject([{ id: 70 }]);
    expect((await ask("GET", "/notes?limit=1")).json).toHaveLength(1);
    expect((await ask("GET", "/artists?name=ilike:A%25")).json).toMatchObject([{ id: 1 }]);
    expect((await ask("GET", "/artists?name=like:a%25")).json).toEqual([]);
    expect((await ask("GET", "/artists?name=contains:[A]")).json).toEqual([]);
    expect((await ask("GET", "/artists?order-by=seen:desc:nullsfirst,seen:asc")).json).toHaveLength(2);
  });

  test("adding a link is idempotent, also at the same moment", async () => {
    await ask("POST", "/fans", { code: "a" });
    await ask("POST", "/fans", { code: "A" });
    const added = await Promise.all(Array.from({ length: 8 }, () => ask("POST", "/artists/1/fans/a/add", {})));
    expect(added.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect((await ask("GET", "/artists/1/fans")).json).toEqual([{ code: "a" }]);
  });

  test("refusals have their codes", async () => {
    const code = async (path: string, body: unknown) => (await ask("POST", path, body)).json.code;
    expect(await code("/artists", { name: "Ada" })).toBe("unique_violation");
    expect(await code("/tickets", { artist_id: 999 })).toBe("foreign_key_violation");
    expect(await code("/tickets", { price: -1 })).toBe("check_violation");
    expect(await code("/artists", {})).toBe("not_null_violation");
    expect(await code("/kinds", { id: 9, xml: "<a>" })).toBe("invalid_value");
  });
});
