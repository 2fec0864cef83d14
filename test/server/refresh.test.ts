// POST /admin/refresh, and what /health says of a re-read that failed.
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { isProblem } from "../conformance/case.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { request } from "../support/http.js";

const [sqlite] = databases as [TestDatabase, ...TestDatabase[]];
const ddl = "CREATE TABLE clubs (id INTEGER PRIMARY KEY, name VARCHAR(40));";
/** An address of this machine that is not loopback. */
const outer = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

let created: Created;
beforeAll(async () => {
  created = await sqlite.create(ddl);
});
afterAll(() => created.drop());

describe("one database", () => {
  let server: RunningServer;
  beforeAll(async () => {
    const overrides = [{ name: "clubs", columns: [{ name: "name", as: "title" }] }];
    server = await serve(created.url, { port: 0, host: "0.0.0.0", open: true, overrides });
  });
  afterAll(() => server.close());
  const local = () => `http://127.0.0.1:${server.port}`;
  const refresh = (headers = {}, base = local()) => request(base, "POST", "/admin/refresh", { headers });

  test("answers what changed, and the index has it", async () => {
    await created.knex.schema.createTable("boats", (table) => table.increments("id"));
    const answer = await refresh();
    expect(answer).toMatchObject({ status: 200, json: { source: "database", changed: true, added: ["boats"] } });
    expect(answer.json.readAt).toMatch(/^\d{4}-.*Z$/);
    expect((await refresh()).json).toMatchObject({ changed: false, added: [], removed: [], altered: [] });
    expect((await request(local(), "GET", "/")).json.resources).toContain("/api/boats");
  });

  test("GET is 405", async () => {
    const answer = await request(local(), "GET", "/admin/refresh");
    isProblem(answer, 405, "method_not_allowed");
    expect(answer.headers.allow).toBe("POST, OPTIONS");
  });

  test.each(["x-forwarded-for", "forwarded", "via", "x-real-ip"])("with %s it is 403", async (name) => {
    isProblem(await refresh({ [name]: "127.0.0.1" }), 403, "forbidden");
  });

  test.skipIf(outer === undefined)("from another address it is 403", async () => {
    isProblem(await refresh({}, `http://${outer}:${server.port}`), 403, "forbidden");
  });

  test("a re-read that fails is 503, and /health stays 200 and says why", async () => {
    await created.knex.schema.alterTable("clubs", (table) => table.renameColumn("name", "label"));
    const answer = await refresh();
    isProblem(answer, 503, "schema_not_read");
    expect(answer.json.detail).toContain("clubs has no column 'name'");
    const health = await request(local(), "GET", "/health");
    expect(health).toMatchObject({ status: 200, json: { status: "ok" } });
    expect(health.json.schema.problem.message).toContain("clubs has no column 'name'");
    expect((await request(local(), "GET", "/api/boats")).status).toBe(200);
    await created.knex.schema.alterTable("clubs", (table) => table.renameColumn("label", "name"));
    expect((await refresh()).status).toBe(200);
    expect((await request(local(), "GET", "/health")).json.schema).not.toHaveProperty("problem");
  });
});

test("of several databases each has its own outcome", async () => {
  const hand = { db: created.url, tables: [{ name: "clubs", columns: [{ name: "id", type: "integer" }] }] };
  const server = await serve({ databases: { main: created.url, hand } }, { port: 0 });
  const answer = await request(server.url, "POST", "/admin/refresh");
  expect(answer.json.databases).toMatchObject({
    main: { source: "database", changed: false },
    hand: { source: "config", changed: false },
  });
  await server.close();
});
