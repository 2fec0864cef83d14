// What can be said wrongly to `/schema/tables`: the place, what is wrong, the nearest right word. And nothing is changed.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { isProblem } from "../conformance/case.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { request } from "../support/http.js";

const [sqlite] = databases as [TestDatabase];
let created: Created;
let server: RunningServer;
beforeAll(async () => {
  created = await sqlite.create(`
    CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT NOT NULL, secret TEXT, name_length INTEGER AS (length(name)));
    CREATE TABLE vaults (id INTEGER PRIMARY KEY, club_id INTEGER REFERENCES clubs);
    CREATE TABLE "odd.name" (id INTEGER PRIMARY KEY);
    CREATE VIEW named AS SELECT id, name FROM clubs;`);
  const overrides = [{ name: "clubs", columns: [{ name: "name", as: "title" }] }];
  server = await serve(created.url, { port: 0, schemaRoutes: true, exclude: ["vaults", "clubs.secret"], overrides });
});
afterAll(async () => {
  await server?.close();
  await created?.drop();
});
const send = (line: string, body?: unknown, headers = {}) => {
  const [method = "", path = ""] = line.split(" ");
  return request(server.url, method, `/schema/tables${path}`, { body, headers });
};
const id = { name: "id", type: "increments" };

describe("a table's entry", () => {
  test.each([
    ["an unknown word", { name: "a", colums: [id] }, "colums", /Perhaps you meant 'columns'/],
    ["what makes nothing", { name: "a", columns: [id], resource: "b" }, "resource", /no such option/],
    ["no name", { columns: [id] }, "body", /an object with a name/],
    ["no columns", { name: "a" }, "columns", /needs its columns/],
    ["a type's slip", { name: "a", columns: [{ name: "b", type: "strng" }] }, "columns[0].type", /meant 'string'/],
    ["a type that is a number", { name: "a", columns: [{ name: "b", type: 5 }] }, "columns[0].type", /a type's name/],
    [
      "SQL for a type",
      { name: "a", columns: [{ name: "b", type: "text); DROP TABLE clubs; --" }] },
      "columns[0].type",
      /no type/,
    ],
    ["SQL for a name", { name: 'a"; DROP TABLE clubs; --', columns: [id] }, "name", /is no name/],
    ["a column of SQL", { name: "a", columns: [{ name: "b` int", type: "text" }] }, "columns[0].name", /is no name/],
    [
      "a default of no kind",
      { name: "a", columns: [{ ...id, default: { sql: "1" } }] },
      "columns[0].default",
      /is a text/,
    ],
    ["a column's unknown word", { name: "a", columns: [{ ...id, notnull: true }] }, "columns[0].notnull", /'notNull'/],
    [
      "no such parent",
      { name: "a", columns: [id], belongsTo: [{ table: "club", column: "x" }] },
      "belongsTo[0].column",
      /no column/,
    ],
    [
      "a parent that is not shown",
      { name: "a", columns: [id], belongsTo: [{ table: "vaults", column: "id" }] },
      "belongsTo[0]",
      /no table 'vaults'/,
    ],
    ["sapwood's own name", { name: "sapwood_users", columns: [id] }, "name", /Choose another/],
    [
      "too many columns",
      { name: "a", columns: Array.from({ length: 1001 }, (_, i) => ({ name: `c${i}`, type: "text" })) },
      "columns",
      /1000 items at most/,
    ],
    ["another schema", { name: "temp.a", columns: [id] }, "name", /no schemas/],
  ])("%s", async (_, entry, field, message) => {
    const answer = await send("POST", entry);
    isProblem(answer, 400, "invalid_body", JSON.stringify(entry));
    expect(answer.json.errors[0].field).toBe(field);
    expect(answer.json.detail).toMatch(message);
  });

  test("names of what is there, shown or not", async () => {
    for (const name of ["clubs", "vaults", "named"])
      isProblem(await send("POST", { name, columns: [id] }), 409, "table_exists");
  });
});

describe("a change", () => {
  test.each([
    ["an unknown word", { ad: [] }, "ad", /'add'/],
    ["no list", { drop: "name" }, "drop", /is an array/],
    ["an unknown column", { drop: ["nam"] }, "drop[0]", /Perhaps you meant 'name'/],
    ["a column that is not shown", { drop: ["secret"] }, "drop[0]", /no column 'secret'/],
    ["one that is there", { add: [{ name: "SECRET", type: "text" }] }, "add[0].name", /already/],
    ["a name that is taken", { rename: { name: "id" } }, "rename.name", /already/],
    ["no new name", { rename: { name: 5 } }, "rename.name", /new name/],
    ["SQL for a name", { rename: { name: 'x" TO y; --' } }, "rename.name", /is no name/],
    [
      "a column twice",
      { rename: { name: "title" }, change: [{ name: "name", type: "text" }] },
      "rename.name",
      /stands twice/,
    ],
    [
      "two new ones of a name",
      {
        add: [
          { name: "x", type: "text" },
          { name: "X", type: "text" },
        ],
      },
      "add[1].name",
      /twice/,
    ],
    ["the key", { drop: ["id"] }, "drop[0]", /is of the key/],
    ["a numbered column", { add: [{ name: "no", type: "increments" }] }, "add[0].type", /numbers/],
    ["a column that is numbered", { change: [{ name: "id", type: "text" }] }, "change[0]", /stays as it is/],
    ["an index of nothing", { indexes: ["nmae"] }, "indexes[0]", /Perhaps you meant 'name'/],
    ["a type's slip", { change: [{ name: "name", type: "txt" }] }, "change[0].type", /Perhaps you meant 'text'/],
  ])("%s", async (_, change, field, message) => {
    const answer = await send("PATCH /clubs", change);
    isProblem(answer, 400, "invalid_body");
    expect(answer.json.errors[0].field).toBe(field);
    expect(answer.json.detail).toMatch(message);
  });

  test("what the server's own options name stays", async () => {
    const answer = await send("PATCH /clubs?allow=breaking", { rename: { name: "label" } });
    isProblem(answer, 409, "table_in_use");
    expect(answer.json.detail).toContain("overrides[0].columns[0].name");
  });

  test("what a view reads stays", async () => {
    const answer = await send("PATCH /clubs?allow=breaking", { drop: ["name"] });
    isProblem(answer, 409, "table_in_use");
    expect(answer.json.referring).toEqual(["named"]);
  });
});

test("what refers to a table and is not shown has no name", async () => {
  const answer = await send("DELETE /clubs?allow=breaking");
  isProblem(answer, 409, "table_in_use");
  expect(answer.text).not.toContain("vaults");
});

test.each([
  ["POST ?dryrun=true", "unknown_parameter", /'dry-run'/],
  ["POST ?rows=delete", "unknown_parameter", /There are dry-run, allow/],
  ["POST ?allow=braking", "malformed_query", /'breaking'/],
  ["POST ?dry-run=true&dry-run=false", "malformed_query", /twice/],
  ["GET ?limit=5", "unknown_parameter", /takes none/],
  ["DELETE /odd.name", "invalid_body", /is no name/],
])("%s", async (line, code, message) => {
  const answer = await send(line.replace(" ?", " /?").replace("/?", "?"), line.startsWith("POST") ? {} : undefined);
  isProblem(answer, 400, code);
  expect(answer.json.detail).toMatch(message);
});

test("paths and bodies", async () => {
  isProblem(await send("GET /clbus"), 404, "no_route");
  expect((await send("GET /clbus")).json.detail).toContain("Perhaps you meant 'clubs'");
  for (const line of ["GET /vaults", "GET /named", "DELETE /vaults"]) isProblem(await send(line), 404, "no_route");
  isProblem(await send("POST", [id]), 400, "invalid_body");
  isProblem(await send("POST", "{"), 400, "malformed_json");
  isProblem(
    await send("POST", "name=a", { "content-type": "application/x-www-form-urlencoded" }),
    415,
    "unsupported_media_type",
  );
  const other = await send("PUT /clubs", {});
  isProblem(other, 405, "method_not_allowed");
  expect(other.headers.allow).toBe("GET, HEAD, PATCH, DELETE, OPTIONS");
  isProblem(await request(server.url, "GET", "/schema/tabels"), 404, "no_route");
});

test("nothing was changed by all of this", async () => {
  const tables = await created.knex("sqlite_master").whereIn("type", ["table", "view"]).pluck("name");
  expect(tables.sort()).toEqual(["clubs", "named", "odd.name", "vaults"]);
  expect((await send("GET /clubs")).json.columns.map(({ name }: { name: string }) => name)).toEqual([
    "id",
    "name",
    "name_length",
  ]);
});
