// Who may use `/schema`: admins who have signed in, or this machine; no page of another site, and none that writes with `readOnly`.
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, type ServeSettings, serve } from "../../src/server/serve.js";
import { claims, hs256, secret } from "../auth/tokens.js";
import { isProblem } from "../conformance/case.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { request } from "../support/http.js";

const [sqlite] = databases as [TestDatabase];
let database: Created;
const opened: RunningServer[] = [];
beforeAll(async () => {
  database = await sqlite.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY);");
});
afterAll(async () => {
  await Promise.all(opened.map((server) => server.close()));
  await database?.drop();
});

const guard: ServeSettings = { auth: { jwt: { secret } }, roles: { anonymous: "*", member: "*", admin: "*" } };
const as = (role: string) => ({ authorization: `Bearer ${hs256({ ...claims(), role })}` });
const table = { name: "boats", columns: [{ name: "id", type: "increments" }] };
const lines = [
  "GET /schema/tables",
  "GET /schema/tables/clubs",
  "POST /schema/tables?dry-run=true",
  "PATCH /schema/tables/clubs?dry-run=true",
  "DELETE /schema/tables/clubs?dry-run=true",
];

async function serving(settings: ServeSettings = {}, db: Parameters<typeof serve>[0] = database.url) {
  const server = await serve(db, { port: 0, schemaRoutes: true, ...settings });
  opened.push(server);
  return (line: string, headers: Record<string, string> = {}, host = "127.0.0.1") => {
    const [method = "", path = ""] = line.split(" ");
    const body = method === "POST" ? table : method === "PATCH" ? { add: [{ name: "a", type: "text" }] } : undefined;
    return request(`http://${host}:${server.port}`, method, path, { headers, body });
  };
}

test("without schemaRoutes there is nothing", async () => {
  const ask = await serving({ schemaRoutes: false });
  for (const line of lines) isProblem(await ask(line), 404, "no_route");
});

describe.each(lines)("%s", (line) => {
  test("is for admins", async () => {
    const ask = await serving(guard);
    isProblem(await ask(line), 401, "unauthorized");
    isProblem(await ask(line, { authorization: "Bearer x" }), 401, "unauthorized");
    isProblem(await ask(line, as("member")), 403, "forbidden");
    expect((await ask(line, as("admin"))).status).toBe(200);
  });

  test("and never for anonymous", async () => {
    const ask = await serving({ ...guard, adminRoles: ["anonymous", "admin"] });
    isProblem(await ask(line), 401, "unauthorized");
    isProblem(await ask(line, as("anonymous")), 403, "forbidden");
    expect((await ask(line, as("admin"))).status).toBe(200);
  });

  test("without auth this machine only, by its own name", async () => {
    const ask = await serving({ open: true, host: "0.0.0.0" });
    expect((await ask(line)).status).toBe(200);
    isProblem(await ask(line, { host: "evil.example" }), 403, "forbidden");
    isProblem(await ask(line, { "x-forwarded-for": "127.0.0.1" }), 403, "forbidden");
    const outer = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
    if (outer !== undefined) isProblem(await ask(line, {}, outer), 403, "forbidden");
  });

  test("no page of another site, though CORS lets it in", async () => {
    for (const corsOrigin of ["*", "https://app.example"]) {
      const ask = await serving({ corsOrigin });
      isProblem(await ask(line, { origin: "https://app.example" }), 403, "cross_origin");
      isProblem(await ask(line, { "sec-fetch-site": "cross-site" }), 403, "cross_origin");
    }
  });

  test("with readOnly they are shown only", async () => {
    const answer = await (await serving({ readOnly: true }))(line);
    if (line.startsWith("GET")) expect(answer.status).toBe(200);
    else {
      isProblem(answer, 403, "forbidden");
      expect(answer.json.detail).toContain("--read-only");
    }
  });
});

test("of several databases each has its own", async () => {
  const other = await sqlite.create("CREATE TABLE boats (id INTEGER PRIMARY KEY);");
  const ask = await serving({}, { databases: { main: database.url, other: other.url } });
  expect((await ask("GET /schema/main/tables")).json).toMatchObject([{ name: "clubs" }]);
  expect((await ask("GET /schema/other/tables")).json).toMatchObject([{ name: "boats" }]);
  isProblem(await ask("POST /schema/other/tables"), 409, "table_exists");
  expect((await ask("POST /schema/main/tables?dry-run=true")).status).toBe(200);
  const missing = await ask("GET /schema/mian/tables");
  isProblem(missing, 404, "no_route");
  expect(missing.json.detail).toContain("/schema/main/tables");
  await opened.pop()?.close();
  await other.drop();
});

test("tables that are written by hand cannot be changed", async () => {
  const tables = [{ name: "clubs", columns: [{ name: "id", type: "integer" }] }];
  await expect(serving({ tables })).rejects.toThrow(/schemaRoutes: .* written by hand/);
});

test("a table called schema at the top would be hidden, and stops the start", async () => {
  const other = await sqlite.create('CREATE TABLE "schema" (id INTEGER PRIMARY KEY);');
  await expect(serving({ prefix: "/", resourcePathPlural: false }, other.url)).rejects.toThrow(/would hide/);
  await other.drop();
});
