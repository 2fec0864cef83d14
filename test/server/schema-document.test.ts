// `/schema` in the documents and in `/metadata`: for those who may use it, and true to what it takes and answers.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, type ServeSettings, serve } from "../../src/server/serve.js";
import { claims, hs256, secret } from "../auth/tokens.js";
import { type Created, databases, everyDatabase, type TestDatabase } from "../support/databases.js";
import { request } from "../support/http.js";
import { type Schemas, schemasOf } from "../support/json-schema.js";

const [sqlite, postgres] = databases as [TestDatabase, TestDatabase];
let file: Created;
const opened: RunningServer[] = [];
beforeAll(async () => {
  file = await sqlite.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT);");
});
afterAll(async () => {
  await Promise.all(opened.map((server) => server.close()));
  await file?.drop();
});

const guard: ServeSettings = { auth: { jwt: { secret } }, roles: { anonymous: "*", member: "*", admin: "*" } };
const as = (role: string) => ({ authorization: `Bearer ${hs256({ ...claims(), role })}` });

async function serving(settings: ServeSettings = {}, db: Parameters<typeof serve>[0] = file.url) {
  const server = await serve(db, { port: 0, schemaRoutes: true, ...settings });
  opened.push(server);
  return (line: string, headers: Record<string, string> = {}, body?: unknown) => {
    const [method = "", path = ""] = line.split(" ");
    return request(server.url, method, path, { headers, body });
  };
}

const schemaPaths = (document: { paths: object }) =>
  Object.keys(document.paths).filter((path) => /^\/schema\//.test(path));

describe("who sees it", () => {
  test.each(["/openapi.json", "/docs/outline.json", "/openapi.yaml", "/metadata"])("GET %s", async (path) => {
    const ask = await serving(guard);
    const [admin, member, nobody] = await Promise.all(
      [as("admin"), as("member"), {}].map((headers) => ask(`GET ${path}`, headers)),
    );
    expect(admin?.text).toContain(path.endsWith("outline.json") ? '"name":"schema"' : "/schema/tables");
    expect([member?.status, nobody?.status]).toEqual([200, 200]);
    for (const other of [member, nobody])
      expect(/"name":"schema"|\/schema\/tables/.test(other?.text ?? "/schema/tables")).toBe(false);
    // What was kept for one is not shown to the other.
    expect((await ask(`GET ${path}`, as("admin"))).text).toBe(admin?.text);
    expect(admin?.headers.etag).not.toBe(member?.headers.etag);
  });

  test("without schemaRoutes nobody, and without auth those who are at this machine", async () => {
    const off = await serving({ ...guard, schemaRoutes: false });
    for (const path of ["/openapi.json", "/metadata"])
      expect((await off(`GET ${path}`, as("admin"))).text).not.toContain("/schema/");
    const open = await serving();
    expect(schemaPaths((await open("GET /openapi.json")).json)).toEqual(["/schema/tables", "/schema/tables/{name}"]);
    expect((await open("GET /openapi.json", { "x-forwarded-for": "10.0.0.7" })).text).not.toContain("/schema/");
    expect((await open("GET /metadata")).json.schemaRoutes).toEqual({ tables: "/schema/tables" });
  });

  test("with readOnly it is shown only", async () => {
    const ask = await serving({ readOnly: true });
    const { paths } = (await ask("GET /openapi.json")).json;
    expect(Object.keys(paths["/schema/tables"])).toEqual(["servers", "get"]);
  });
});

test("of several databases each document has its own, with an address that leads there", async () => {
  const ask = await serving(guard, { databases: { main: file.url, second: file.url } });
  for (const name of ["main", "second"]) {
    const at = `/api/${name}/openapi.json`;
    const { paths } = (await ask(`GET ${at}`, as("admin"))).json;
    const path = `/schema/${name}/tables`;
    const { url } = paths[path].servers[0];
    const address = new URL(url, `http://host.test${at}`).pathname.replace(/\/$/, "") + path;
    expect((await ask(`GET ${address}`, as("admin"))).json).toMatchObject([{ name: "clubs" }]);
    expect((await ask(`GET ${at}`, as("member"))).text).not.toContain("/schema/");
    expect((await ask(`GET /api/${name}/docs/tag.json?tag=schema`, as("admin"))).json[path].get.summary).toBe(
      "All tables",
    );
  }
  expect((await ask("GET /metadata", as("admin"))).json.databases.second.schemaRoutes.tables).toBe(
    "/schema/second/tables",
  );
});

test("a table called schema keeps its tag", async () => {
  const other = await sqlite.create('CREATE TABLE "schema" (id INTEGER PRIMARY KEY);');
  const { tags } = (await (await serving({ resourcePathPlural: false }, other.url))("GET /openapi.json")).json;
  expect(tags.map(({ name }: { name: string }) => name)).toEqual(["schema", "batch", "schema_routes"]);
  await other.drop();
});

test("the page finds it by its tag, its path and its words", async () => {
  const ask = await serving();
  const tag = (await ask("GET /docs/tag.json?tag=schema")).json;
  expect(Object.keys(tag)).toEqual(["/schema/tables", "/schema/tables/{name}"]);
  expect((await ask("GET /docs/tags.json?holding=SCHEMA/t")).json).toEqual(["schema"]);
  const { item, components } = (await ask("GET /docs/path.json?path=/schema/tables")).json;
  expect(Object.keys(components.schemas)).toContain("schema.Table");
  expect(item.post.requestBody.content["application/json"].schema.$ref).toBe("#/components/schemas/schema.Table");
});

const table = {
  name: "boats",
  columns: [
    { name: "id", type: "increments" },
    { name: "club_id", type: "integer" },
    { name: "built", type: "date", default: "now" },
  ],
  indexes: ["built", ["club_id", "built"]],
  belongsTo: [{ table: "clubs", column: "club_id", onDelete: "cascade" }],
};
const badTables = [
  {},
  { name: "boats" },
  { ...table, colour: "red" },
  { ...table, columns: [] },
  { ...table, columns: [{ type: "text" }] },
  { ...table, columns: [{ name: "a", type: "text", as: "b" }] },
  { ...table, columns: [{ name: "a", type: "text", default: {} }] },
  { ...table, belongsTo: [{ table: "clubs" }] },
  { ...table, belongsTo: [{ table: "clubs", column: "club_id", because: "so" }] },
  { ...table, comment: 7 },
  { ...table, primaryKey: 7 },
];
const badChanges = [
  { add: {} },
  { drop: "name" },
  { rename: ["a"] },
  { rename: { name: 7 } },
  { remove: ["name"] },
  { change: [{ name: 1 }] },
];

for (const database of everyDatabase) {
  describe.skipIf(database.skip)(`what the document says is so, on ${database.name}`, () => {
    let created: Created;
    let ask: Awaited<ReturnType<typeof serving>>;
    let schemas: Schemas;
    // biome-ignore lint/suspicious/noExplicitAny: a document, looked at by its keywords
    let document: any;
    beforeAll(async () => {
      created = await database.create();
      ask = await serving({}, created.url);
      await ask(
        "POST /schema/tables",
        {},
        {
          name: "clubs",
          columns: [
            { name: "id", type: "increments" },
            { name: "name", type: "text" },
          ],
        },
      );
      document = (await ask("GET /openapi.json")).json;
      schemas = schemasOf(document);
    });
    afterAll(() => created?.drop());

    /** The answer to it, of a form that the document knows. */
    async function known(path: string, line: string, body?: unknown) {
      const answer = await ask(line, {}, body);
      const operation = document.paths[path][(line.split(" ")[0] as string).toLowerCase()];
      const said = operation.responses[answer.status] ?? operation.responses[`${String(answer.status)[0]}XX`];
      expect(said, `${line}: ${answer.status} ${answer.text}`).toBeDefined();
      const schema = said.content?.["application/json"]?.schema;
      if (schema !== undefined && answer.status < 300)
        expect(schemas.faults(schema, answer.json), line).toBeUndefined();
      return answer;
    }

    test("every operation's answer", async () => {
      const [all, one] = ["/schema/tables", "/schema/tables/{name}"] as const;
      expect((await known(all, "POST /schema/tables?dry-run=true", table)).status).toBe(200);
      expect((await known(all, "POST /schema/tables", table)).status).toBe(201);
      expect((await known(all, "GET /schema/tables")).json).toHaveLength(2);
      expect((await known(one, "GET /schema/tables/boats")).status).toBe(200);
      const change = { add: [{ name: "mast", type: "decimal(4,2)" }], rename: { built: "built_on" } };
      expect((await known(one, "PATCH /schema/tables/boats?dry-run=true", change)).status).toBe(200);
      expect((await known(one, "PATCH /schema/tables/boats", change)).status).toBe(409);
      expect((await known(one, "PATCH /schema/tables/boats?allow=breaking", change)).status).toBe(200);
      expect((await known(one, "DELETE /schema/tables/boats?allow=breaking&dry-run=true")).status).toBe(200);
      expect((await known(one, "DELETE /schema/tables/boats?allow=breaking&rows=delete")).status).toBe(204);
      expect((await known(one, "GET /schema/tables/boats")).status).toBe(404);
    });

    test("databases and users, where the server has them", async () => {
      if (document.paths["/schema/users"] === undefined) {
        expect((await ask("GET /schema/users")).status).toBe(404);
        return;
      }
      const [users, one] = ["/schema/users", "/schema/users/{name}"] as const;
      const name = `u${Date.now().toString(36)}${process.pid}`;
      const user = { name, password: "a long and secret one", grants: { clubs: ["read"], "*": "read" } };
      expect(schemas.faults("#/components/schemas/schema.NewUser", user)).toBeUndefined();
      expect((await known(users, "POST /schema/users?dry-run=true", user)).status).toBe(200);
      expect((await known(users, "POST /schema/users", user)).status).toBe(201);
      expect((await known(users, "GET /schema/users")).status).toBe(200);
      expect((await known(one, `GET /schema/users/${name}`)).status).toBe(200);
      expect((await known(one, `DELETE /schema/users/${name}`)).status).toBe(204);
      expect((await known("/schema/databases", "GET /schema/databases")).status).toBe(200);
      expect(
        (await known("/schema/databases", "POST /schema/databases?dry-run=true", { name: "other_one" })).status,
      ).toBe(200);
    });

    test("what a body's schema refuses, the server does", async () => {
      expect(schemas.faults("#/components/schemas/schema.Table", table)).toBeUndefined();
      for (const bad of badTables) {
        expect(schemas.faults("#/components/schemas/schema.Table", bad), JSON.stringify(bad)).toBeDefined();
        expect([400, JSON.stringify(bad)]).toEqual([
          (await ask("POST /schema/tables", {}, bad)).status,
          JSON.stringify(bad),
        ]);
      }
      for (const bad of badChanges) {
        expect(schemas.faults("#/components/schemas/schema.Change", bad), JSON.stringify(bad)).toBeDefined();
        expect([400, JSON.stringify(bad)]).toEqual([
          (await ask("PATCH /schema/tables/clubs", {}, bad)).status,
          JSON.stringify(bad),
        ]);
      }
    });
  });
}

test.skipIf(postgres.skip)("of several profiles each says its own name", async () => {
  const created = await postgres.create(
    "CREATE SCHEMA v2; CREATE TABLE v2.clubs (id int PRIMARY KEY); CREATE SCHEMA v1; CREATE TABLE v1.ships (id int PRIMARY KEY);",
  );
  const ask = await serving({ profiles: ["v2", "v1"] }, created.url);
  const { paths, components } = (await ask("GET /openapi.json?profile=v1")).json;
  const [{ $ref }] = paths["/schema/tables"].get.parameters;
  expect(components.parameters[$ref.split("/").at(-1)]).toMatchObject({
    name: "Accept-Profile",
    schema: { enum: ["v1"] },
  });
  expect((await ask("GET /schema/tables", { "accept-profile": "v1" })).json).toMatchObject([
    { name: expect.stringContaining("ships") },
  ]);
  await created.drop();
});
