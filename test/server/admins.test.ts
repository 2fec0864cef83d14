// The server's own pages where callers sign in: what is about the server is for admins.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, type ServeSettings, serve } from "../../src/server/serve.js";
import { claims, hs256, secret } from "../auth/tokens.js";
import { isProblem } from "../conformance/case.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { request } from "../support/http.js";
import { startRelay } from "./relay.js";

const [sqlite, postgres] = databases as [TestDatabase, TestDatabase];
let database: Created;
const opened: RunningServer[] = [];
beforeAll(async () => {
  database = await sqlite.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY);");
});
afterAll(async () => {
  await Promise.all(opened.map((server) => server.close()));
  await database?.drop();
});

const guard: ServeSettings = { auth: { jwt: { secret } }, roles: { member: "*", admin: "*", ops: "*" } };
const as = (role: string) => ({ authorization: `Bearer ${hs256({ ...claims(), role })}` });

async function serving(settings: ServeSettings = {}, db: Parameters<typeof serve>[0] = database.url) {
  const server = await serve(db, { port: 0, metrics: true, ...guard, ...settings });
  opened.push(server);
  return (line: string, headers: Record<string, string> = {}) => {
    const [method = "", path = ""] = line.split(" ");
    return request(server.url, method, path, { headers });
  };
}

describe.each(["GET /metrics", "POST /admin/refresh"])("%s", (line) => {
  test("is for admins", async () => {
    const ask = await serving();
    const nobody = await ask(line);
    isProblem(nobody, 401, "unauthorized");
    expect(nobody.headers["www-authenticate"]).toMatch(/^Bearer /);
    isProblem(await ask(line, { authorization: "Bearer x" }), 401, "unauthorized");
    isProblem(await ask(line, as("member")), 403, "forbidden");
    isProblem(await ask(line, as("stranger")), 403, "forbidden");
    expect((await ask(line, as("admin"))).status).toBe(200);
  });

  test("and whoever else adminRoles names", async () => {
    const ask = await serving({ adminRoles: ["ops"] });
    expect((await ask(line, as("ops"))).status).toBe(200);
    isProblem(await ask(line, as("admin")), 403, "forbidden");
  });

  test("of several databases, an admin of each that asks", async () => {
    const strict = { ...guard, db: database.url, auth: { jwt: { secret, role: "other" } } };
    const ask = await serving({ auth: undefined, roles: undefined, open: true }, {
      databases: { one: { ...guard, db: database.url }, two: strict, three: database.url },
    } as Parameters<typeof serve>[0]);
    isProblem(await ask(line), 401, "unauthorized");
    isProblem(await ask(line, as("admin")), 403, "forbidden");
    const both = { authorization: `Bearer ${hs256({ ...claims(), role: "admin", other: "admin" })}` };
    expect((await ask(line, both)).status).toBe(200);
  });
});

test("what pages say is their reader's, and nothing of the status is kept", async () => {
  const ask = await serving();
  for (const line of ["GET /metadata", "GET /openapi.json"])
    expect((await ask(line, as("member"))).headers).toMatchObject({
      "cache-control": "private, no-cache",
      vary: expect.stringContaining("authorization"),
    });
  for (const line of ["GET /", "GET /health", "GET /metrics"])
    expect((await ask(line, as("admin"))).headers["cache-control"]).toBe("no-store");
});

describe("GET /health", () => {
  test("tells others than admins of nothing but the status", async () => {
    const ask = await serving();
    for (const headers of [{}, as("member"), { authorization: "Bearer x" }]) {
      const answer = await ask("GET /health", headers);
      expect([answer.status, answer.text]).toEqual([200, '{"status":"ok"}']);
    }
    expect((await ask("GET /health", as("admin"))).json).toMatchObject({ status: "ok", dialect: "sqlite" });
  });

  test.skipIf(postgres.skip)("nor of the names of those databases that are away", async () => {
    const created = await postgres.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY);");
    const relay = await startRelay(created.url);
    const ask = await serving({}, { databases: { near: database.url, far: relay.url } });
    await relay.down();
    const answer = await ask("GET /health");
    isProblem(answer, 503, "database_away");
    expect(answer.text).not.toContain("far");
    expect((await ask("GET /health", as("admin"))).text).toContain("far");
    await relay.up();
    await opened.pop()?.close();
    await created.drop();
  });
});
