// `sapwood serve` with profiles: its own pages about each of them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { isProblem } from "../conformance/case.js";
import { type Created, postgres } from "../support/databases.js";
import { type RequestParts, request } from "../support/http.js";
import { ddl, profiles, reading } from "./shop.js";

describe.skipIf(postgres.skip)("the server's pages", () => {
  let db: Created;
  let server: RunningServer;
  const ask = (line: string, parts?: RequestParts) => {
    const [method = "", path = ""] = line.split(" ");
    return request(server.url, method, path, parts);
  };
  beforeAll(async () => {
    db = await postgres.create(ddl);
    server = await serve(db.url, { profiles, port: 0, schemaRoutes: true, corsOrigin: "https://app.example" });
  });
  afterAll(async () => {
    await server?.close();
    await db?.drop();
  });

  test("/metadata, / and /openapi.json by header and by ?profile=", async () => {
    for (const answer of [await ask("GET /metadata", reading), await ask("GET /metadata?profile=v1")]) {
      expect(answer.headers["content-profile"]).toBe("v1");
      expect(answer.headers.vary).toContain("Accept-Profile");
      expect(answer.json.tables.map(({ table }: { table: string }) => table).sort()).toEqual([
        "v1.coupons",
        "v1.orders",
      ]);
    }
    expect((await ask("GET /")).json.resources).toEqual(["/api/notes", "/api/orders"]);
    expect((await ask("GET /?profile=v1")).json.resources).toEqual(["/api/coupons", "/api/orders"]);
    expect(Object.keys((await ask("GET /openapi.json?profile=v1")).json.paths)).toContain("/coupons");
    expect((await ask("GET /openapi.yaml?profile=v1")).text).toContain("/coupons");
    expect((await ask("GET /docs?profile=v1")).text).toContain('data-profile="v1"');
    expect((await ask("GET /docs/diagram.mmd?profile=v1")).text).not.toContain("notes");
    isProblem(await ask("GET /metadata?profile=v3"), 406, "not_acceptable");
    isProblem(await ask("GET /docs", { headers: { "accept-profile": "v3" } }), 406, "not_acceptable");
  });

  test("/health tells of each, and CORS lets pages read which it was", async () => {
    expect(Object.keys((await ask("GET /health")).json.profiles)).toEqual(profiles);
    const answer = await ask("GET /api/orders", { headers: { origin: "https://app.example", ...reading.headers } });
    expect(answer.headers["access-control-expose-headers"]).toContain("Content-Profile");
    const preflight = { origin: "https://app.example", "access-control-request-method": "GET" };
    const asked = { ...preflight, "access-control-request-headers": "accept-profile" };
    const allowed = await ask("OPTIONS /api/orders", { headers: asked });
    expect(allowed.headers["access-control-allow-headers"]).toBe("accept-profile");
  });

  test("POST /admin/refresh reads all", async () => {
    await db.knex.raw("CREATE TABLE v1.gifts (id INTEGER PRIMARY KEY)");
    expect((await ask("POST /admin/refresh")).json).toMatchObject({ changed: true, added: ["v1.gifts"] });
    await db.knex.raw("DROP TABLE v1.gifts");
    expect((await ask("POST /admin/refresh")).json).toMatchObject({ removed: ["v1.gifts"] });
  });

  test("/schema/tables are those of the profile", async () => {
    const names = async (query: string) =>
      (await ask(`GET /schema/tables${query}`)).json.map(({ name }: { name: string }) => name).sort();
    expect(await names("")).toEqual(["v2.notes", "v2.orders"]);
    expect(await names("?profile=v1")).toEqual(["v1.coupons"]);
    const entry = { name: "v1.stamps", columns: [{ name: "id", type: "increments" }] };
    const made = await ask("POST /schema/tables?profile=v1", { body: entry });
    expect(made.status, made.text).toBe(201);
    expect((await ask("GET /api/stamps", reading)).json).toEqual([]);
    expect((await ask("GET /api/stamps")).status).toBe(404);
    const dropped = await ask("DELETE /schema/tables/v1.stamps?profile=v1&allow=breaking");
    expect(dropped.status, dropped.text).toBe(204);
  });
});
