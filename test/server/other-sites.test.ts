// What pages of other sites can make a browser send to a server on the same machine.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, type ServeSettings, serve } from "../../src/server/serve.js";
import { isProblem } from "../conformance/case.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { request } from "../support/http.js";

const [sqlite] = databases as [TestDatabase];
let database: Created;
beforeAll(async () => {
  database = await sqlite.create(`
    CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE members (id INTEGER PRIMARY KEY);
    CREATE TABLE clubs_members (club_id INTEGER REFERENCES clubs, member_id INTEGER REFERENCES members, PRIMARY KEY (club_id, member_id));
    INSERT INTO clubs VALUES (1, 'Rowing');
    INSERT INTO members VALUES (1);`);
});
afterAll(() => database?.drop());

const opened: RunningServer[] = [];
afterAll(() => Promise.all(opened.map((server) => server.close())));
async function serving(settings: ServeSettings = {}) {
  const server = await serve(database.url, { port: 0, ...settings });
  opened.push(server);
  const base = `http://127.0.0.1:${server.port}`;
  return (line: string, headers: Record<string, string> = {}, body?: unknown) => {
    const [method = "", path = ""] = line.split(" ");
    return request(base, method, path, { headers, body });
  };
}
const guard: ServeSettings = { user: () => ({ role: "member" }), roles: { member: "*" } };

describe("names (DNS rebinding)", () => {
  test.each([
    "localhost",
    "LOCALHOST:3000",
    "localhost.",
    "app.localhost:8080",
    "127.0.0.1",
    "127.1.2.3:80",
    "[::1]:3000",
    "[::ffff:127.0.0.1]",
  ])("%s is its own", async (host) => {
    const ask = await serving();
    expect((await ask("GET /api/clubs/1", { host })).status).toBe(200);
  });

  test.each([
    "evil.example",
    "evil.example:3000",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "notlocalhost",
    "10.0.0.1",
    "[::2]",
    "0.0.0.0",
    "::1.evil.example",
  ])("'%s' is not", async (host) => {
    const ask = await serving();
    for (const line of ["GET /api/clubs/1", "GET /", "GET /health", "GET /docs", "POST /admin/refresh", "GET /nothing"])
      isProblem(await ask(line, { host, "x-forwarded-host": "localhost" }), 421, "misdirected");
  });

  test("further ones are named by --server and --host", async () => {
    const ask = await serving({ server: ["https://shop.example/api"], host: "localhost", trustProxy: true });
    expect((await ask("GET /api/clubs/1", { host: "shop.example" })).status).toBe(200);
    expect((await ask("GET /api/clubs/1", { host: "shop.example:8443" })).status).toBe(200);
    isProblem(
      await ask("GET /api/clubs/1", { host: "a.example", "x-forwarded-host": "shop.example" }),
      421,
      "misdirected",
    );
  });

  test("with --open, and where callers sign in, any will do", async () => {
    for (const settings of [{ open: true }, guard]) {
      const ask = await serving(settings);
      expect((await ask("GET /api/clubs/1", { host: "shop.example" })).status).toBe(200);
    }
  });
});

describe("writes of other sites' pages", () => {
  const evil = { origin: "https://evil.example" };
  const bodiless = [
    "POST /api/clubs/1/members/1/add",
    "POST /api/clubs/1/members/1/delete",
    "POST /api/clubs",
    "POST /admin/refresh",
  ];

  test.each(bodiless)("%s needs no preflight, and is refused", async (line) => {
    for (const settings of [{}, guard, { open: true }, { corsOrigin: "https://app.example" }]) {
      const ask = await serving(settings);
      isProblem(await ask(line, evil), 403, "cross_origin");
      isProblem(await ask(line, { origin: "null" }), 403, "cross_origin");
      isProblem(await ask(line, { "sec-fetch-site": "cross-site" }), 403, "cross_origin");
      isProblem(
        await ask(line, { "sec-fetch-site": "same-site", origin: "http://localhost:5173" }),
        403,
        "cross_origin",
      );
    }
    expect(await database.knex("clubs").select()).toHaveLength(1);
    expect(await database.knex("clubs_members").select()).toHaveLength(0);
  });

  test.each([
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "text/csv",
    "application/json",
  ])("a body of %s too", async (type) => {
    const ask = await serving();
    isProblem(await ask("POST /api/clubs", { ...evil, "content-type": type }, "name=x"), 403, "cross_origin");
  });

  test.each(["PUT", "PATCH", "DELETE"])("%s too", async (method) => {
    isProblem(await (await serving())(`${method} /api/clubs/1`, evil), 403, "cross_origin");
  });

  test("reading is left to CORS, which lets nobody in", async () => {
    const ask = await serving();
    for (const method of ["GET", "HEAD", "OPTIONS"]) {
      const answer = await ask(`${method} /api/clubs`, evil);
      expect(answer.status).toBeLessThan(300);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  test("its own pages, and clients that are no browsers, may write", async () => {
    const ask = await serving();
    const host = "localhost:3000";
    const own: readonly Record<string, string>[] = [
      {},
      { host, origin: `http://${host}` },
      { "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "none" },
    ];
    for (const headers of own) expect((await ask("PATCH /api/clubs/1", headers, { name: "Sailing" })).status).toBe(200);
    isProblem(await ask("PATCH /api/clubs/1", { host, origin: "http://localhost:3001" }), 403, "cross_origin");
  });

  test("so may pages that CORS lets in", async () => {
    const ask = await serving({ corsOrigin: ["https://app.example"] });
    const headers = { origin: "https://app.example", "sec-fetch-site": "cross-site" };
    expect((await ask("PATCH /api/clubs/1", headers, { name: "Rowing" })).status).toBe(200);
  });

  test("where CORS lets all in, none in the name of who sits before the browser", async () => {
    const ask = await serving({ corsOrigin: "*" });
    expect((await ask("PATCH /api/clubs/1", evil, { name: "Rowing" })).status).toBe(200);
    isProblem(
      await ask("PATCH /api/clubs/1", { ...evil, cookie: "session=1" }, { name: "Rowing" }),
      403,
      "cross_origin",
    );
  });

  test("behind a proxy: by the address that the API is known by", async () => {
    const told = await serving({ server: ["https://shop.example/api"] });
    expect((await told("DELETE /api/clubs/9", { origin: "https://shop.example" })).status).toBe(404);
    const trusting = await serving({ trustProxy: true });
    const headers = { origin: "https://shop.example", "x-forwarded-host": "shop.example" };
    expect((await trusting("DELETE /api/clubs/9", headers)).status).toBe(404);
    isProblem(await (await serving())("DELETE /api/clubs/9", headers), 403, "cross_origin");
  });
});
