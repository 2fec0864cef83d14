// The API on SQL Server, over a real socket: the catalogue it reads, and what its writes look like there, in order.

import { describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { HttpError } from "../../src/http/problem.js";
import { jsonRequest } from "../support/json-request.js";
import { closing, serve, texts } from "../support/tds/connect.js";
import type { Answer } from "../support/tds/server.js";
import type { Row } from "../support/tds/tokens.js";

const base = {
  schema: "dbo",
  defaultSchema: "dbo",
  readonly: 0,
  tableComment: "What is on it",
  collation: null,
  clr: null,
};
const rest = {
  length: 4,
  precision: 10,
  scale: 0,
  nullable: 0,
  identity: 0,
  generated: 0,
  default: null,
  comment: null,
  fullText: 0,
};
const columns: readonly Row[] = [
  { ...base, ...rest, table: "albums", name: "id", type: "int", identity: 1 },
  {
    ...base,
    ...rest,
    table: "albums",
    name: "title",
    type: "nvarchar",
    length: 80,
    default: "('none')",
    comment: "On the cover",
    fullText: 1,
  },
  {
    ...base,
    ...rest,
    table: "albums",
    name: "price",
    type: "decimal",
    length: 9,
    scale: 2,
    nullable: 1,
    default: "((0))",
  },
  { ...base, ...rest, table: "albums", name: "changed", type: "timestamp", length: 8 },
  {
    ...base,
    ...rest,
    table: "albums",
    name: "label",
    type: "varchar",
    length: -1,
    collation: "Latin1_General_CS_AS",
    generated: 1,
  },
  { ...base, ...rest, table: "tracks", name: "album_id", type: "int" },
  { ...base, ...rest, table: "tracks", name: "no", type: "tinyint", length: 1, precision: 3 },
  { ...base, ...rest, table: "tracks", name: "place", type: "geography", length: -1, nullable: 1 },
  { ...base, ...rest, table: "tracks", name: "point", type: "Point", length: -1, nullable: 1, clr: "geo" },
  { ...base, ...rest, schema: "audit", table: "albums", readonly: 1, name: "at", type: "datetimeoffset", scale: 3 },
];
const keys: readonly Row[] = [
  { schema: "dbo", table: "albums", id: 1, name: "PK_albums", primary: 1, column: "id" },
  { schema: "dbo", table: "albums", id: 2, name: "UX_title", primary: 0, column: "title" },
  { schema: "dbo", table: "tracks", id: 1, name: "PK_tracks", primary: 1, column: "album_id" },
  { schema: "dbo", table: "tracks", id: 1, name: "PK_tracks", primary: 1, column: "no" },
];
const from = { schema: "dbo", table: "tracks", id: 77, name: "FK_album", column: "album_id" };
const references: readonly Row[] = [{ ...from, toSchema: "dbo", toTable: "albums", toColumn: "id" }];

/** What the server makes of all of it. */
let words: Row = { columns: "A", keys: "B", references: "C" };

const catalogue = (text: string): Answer =>
  text.includes("HASHBYTES")
    ? { rows: [words] }
    : text.includes("'FN', 'IF'")
      ? { rows: [] }
      : text.includes("FROM sys.objects o")
        ? { rows: columns }
        : text.includes("FROM sys.indexes i")
          ? { rows: keys }
          : text.includes("FROM sys.foreign_keys f")
            ? { rows: references }
            : text.includes("FROM sys.sql_modules m")
              ? { rows: [] }
              : undefined;

test("another word of the server's for its catalogue makes the API read it again", async () => {
  const server = await serve(catalogue);
  const api = await createApi(server.url());
  closing(api.close);
  const before = api.schemaState.readAt;
  expect(await api.handle(jsonRequest("GET", "/nothing"))).toBeUndefined();
  expect(api.schemaState.readAt).toBe(before);
  const other = await createApi(server.url());
  closing(other.close);
  words = { ...words, keys: "D" };
  const asked = server.heard.length;
  expect(await other.handle(jsonRequest("GET", "/nothing"))).toBeUndefined();
  // The word, the word again before the reading, and the reading.
  expect(server.heard.length - asked).toBe(7);
});

test("the catalogue becomes a schema, in five questions and one for its digest", async () => {
  const server = await serve(catalogue);
  const api = await createApi(server.url(), { schema: ["dbo", "audit"] });
  closing(api.close);
  expect(server.heard).toHaveLength(6);
  expect(texts(server.heard)[1]).toContain("s.name IN (N'dbo', N'audit')");
  expect(api.schema.tables.map(({ id, kind }) => [id, kind])).toEqual([
    ["albums", "table"],
    ["tracks", "table"],
    ["audit.albums", "view"],
  ]);
  const [albums, tracks] = api.schema.tables;
  const collated = { kind: "text", native: "varchar(max) COLLATE Latin1_General_CS_AS" };
  expect(albums).toMatchObject({
    primaryKey: ["id"],
    uniqueKeys: [{ columns: ["title"] }],
    comment: "What is on it",
  });
  expect(albums?.columns).toMatchObject([
    { name: "id", identity: true, generated: false, nullable: false, type: { kind: "integer", max: "2147483647" } },
    {
      name: "title",
      default: "'none'",
      comment: "On the cover",
      fullText: {},
      type: { kind: "text", native: "nvarchar(40)", length: 40 },
    },
    { name: "price", default: "0", nullable: true, type: { native: "decimal(10,2)", precision: 10, scale: 2 } },
    { name: "changed", generated: true, type: { kind: "binary", native: "rowversion" } },
    { name: "label", generated: true, type: collated },
  ]);
  expect(tracks?.columns.map(({ type }) => [type.kind, type.native])).toEqual([
    ["integer", "int"],
    ["integer", "tinyint"],
    ["other", "geography"],
    ["other", "[geo].[Point]"],
  ]);
  expect(tracks).toMatchObject({
    primaryKey: ["album_id", "no"],
    foreignKeys: [{ name: "FK_album", columns: ["album_id"], table: "albums", references: ["id"] }],
  });
});

describe("the API's writes", () => {
  const row = '{"id":7,"title":"Blue"}';
  const answer = (text: string): Answer =>
    catalogue(text) ?? (text.startsWith("DELETE") ? { rows: [{ "": 1 }] } : { rows: [{ "": row }] });

  test("POST and PATCH are one batch each, and answer with the row as the triggers left it", async () => {
    const server = await serve(answer);
    const api = await createApi(server.url());
    closing(api.close);
    server.forget();
    const created = await api.handle(jsonRequest("POST", "/albums", { title: "Blue" }));
    expect(created).toMatchObject({ status: 201, body: row, headers: { location: "/albums/7" } });
    expect((await api.handle(jsonRequest("PATCH", "/albums/7", { price: 1.5 })))?.body).toBe(row);
    expect((await api.handle(jsonRequest("DELETE", "/albums/7")))?.status).toBe(204);
    const [insert = "", update = "", remove] = texts(server.heard);
    expect(insert).toMatch(
      /^DECLARE @new TABLE \(\[id\] int\); INSERT INTO \[dbo\]\.\[albums\] \(\[title\]\) OUTPUT INSERTED\.\[id\] INTO @new VALUES \(@p1\); SELECT /,
    );
    expect(update).toMatch(
      /; UPDATE \[dbo\].\[albums\] SET \[price\] = CAST\(@p1 AS decimal\(38, 12\)\) OUTPUT INSERTED/,
    );
    expect(remove).toBe("DELETE FROM [dbo].[albums] WHERE [albums].[id] = @p1; SELECT @@ROWCOUNT");
    expect(server.heard).toHaveLength(3);
  });

  test("hooks share the write's transaction: begin, write, commit, or rollback where one throws", async () => {
    const server = await serve(answer);
    let refuse = false;
    const postSave = async ({ trx }: { trx?: { raw(sql: string): unknown } }) => {
      await trx?.raw("SELECT 'from the hook'");
      if (refuse) throw new HttpError(409, "Not today.", { code: "not_today" });
    };
    const api = await createApi(server.url(), { hooks: { postSave } });
    closing(api.close);
    for (const expected of ["commit", "rollback"]) {
      server.forget();
      const response = await api.handle(jsonRequest("POST", "/albums", { title: "Blue" }));
      expect(response?.status).toBe(refuse ? 409 : 201);
      expect(texts(server.heard)).toEqual([
        "begin",
        expect.stringContaining("INSERT"),
        "SELECT 'from the hook'",
        expected,
      ]);
      expect(server.heard.map((one) => one.kind === "sql" && one.inside)).toEqual([false, true, true, false]);
      refuse = true;
    }
  });

  test("a deadlock's victim is tried again and then told so, though the server has rolled back by itself", async () => {
    const deadlock = { number: 1205, message: "Transaction (Process ID 52) was deadlocked on lock resources …" };
    const server = await serve((text) => catalogue(text) ?? { errors: [deadlock], rollsBack: true });
    const api = await createApi(server.url(), { hooks: { postSave: () => undefined }, retries: 1 });
    closing(api.close);
    server.forget();
    const response = await api.handle(jsonRequest("POST", "/albums", { title: "Blue" }));
    expect(JSON.parse(response?.body ?? "{}")).toMatchObject({ status: 409, code: "conflict" });
    const once = ["begin", expect.stringContaining("INSERT")];
    expect(texts(server.heard)).toEqual([...once, ...once]);
  });
});
