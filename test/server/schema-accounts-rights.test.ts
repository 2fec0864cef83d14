// Who may use `/schema/databases` and `/schema/users`: as with tables, admins who have signed in, or this machine. With several databases
// none of them may be dropped.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, type ServeSettings, serve } from "../../src/server/serve.js";
import { claims, hs256, secret } from "../auth/tokens.js";
import { isProblem } from "../conformance/case.js";
import { type Created, postgres } from "../support/databases.js";
import { request } from "../support/http.js";

const lines = [
  "GET /schema/databases",
  "POST /schema/databases",
  "DELETE /schema/databases/shop",
  "GET /schema/users",
  "POST /schema/users",
  "DELETE /schema/users/app",
];
const guard: ServeSettings = { auth: { jwt: { secret } }, roles: { anonymous: "*", member: "*", admin: "*" } };
const as = (role: string) => ({ authorization: `Bearer ${hs256({ ...claims(), role })}` });

describe.skipIf(postgres.skip)("/schema/databases and /schema/users", () => {
  let created: Created;
  const opened: RunningServer[] = [];
  beforeAll(async () => {
    created = await postgres.create("CREATE TABLE clubs (id int PRIMARY KEY)");
  });
  afterAll(async () => {
    await Promise.all(opened.map((server) => server.close()));
    await created?.drop();
  });
  async function serving(settings: ServeSettings = {}, db: Parameters<typeof serve>[0] = created.url) {
    const server = await serve(db, { port: 0, schemaRoutes: true, ...settings });
    opened.push(server);
    return (line: string, headers: Record<string, string> = {}) => {
      const [method = "", path = ""] = line.split(" ");
      return request(server.url, method, path, { headers, ...(method === "POST" && { body: {} }) });
    };
  }

  test("are for admins, and not for anonymous", async () => {
    const ask = await serving({ ...guard, adminRoles: ["anonymous", "admin"] });
    for (const line of lines) {
      isProblem(await ask(line), 401, "unauthorized");
      isProblem(await ask(line, as("member")), 403, "forbidden");
      isProblem(await ask(line, as("anonymous")), 403, "forbidden");
      expect([200, 400, 404]).toContain((await ask(line, as("admin"))).status);
    }
  });

  test("are not there without schemaRoutes", async () => {
    const ask = await serving({ schemaRoutes: false });
    for (const line of lines) isProblem(await ask(line), 404, "no_route");
  });

  test("are no page of another site's business, whatever CORS says", async () => {
    const ask = await serving({ corsOrigin: "*" });
    for (const line of lines) isProblem(await ask(line, { origin: "https://app.example" }), 403, "cross_origin");
  });

  test("are shown only with readOnly", async () => {
    const ask = await serving({ readOnly: true });
    for (const line of lines) {
      const answer = await ask(line);
      if (line.startsWith("GET")) expect(answer.status).toBe(200);
      else isProblem(answer, 403, "forbidden");
    }
  });

  test("of several databases none is dropped, whichever is asked", async () => {
    const other = await postgres.create("CREATE TABLE boats (id int PRIMARY KEY)");
    const ask = await serving({}, { databases: { main: created.url, other: other.url } });
    const named = new URL(other.url).pathname;
    expect((await ask("GET /schema/main/databases")).json).toContainEqual({ name: named.slice(1) });
    isProblem(await ask(`DELETE /schema/main/databases${named}?rows=delete`), 409, "still_in_use");
    isProblem(await ask("GET /schema/databases"), 404, "no_route");
    await opened.pop()?.close();
    await other.drop();
  });
});
