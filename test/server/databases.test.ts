// Several databases in one server: each below the prefix by its name, and the server's own pages about all of them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DatabaseFailure } from "../../src/database/database-failure.js";
import { isDatabaseName } from "../../src/server/database-names.js";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { startRelay } from "./relay.js";

const [sqlite, ...others] = databases as [TestDatabase, ...TestDatabase[]];
const clubs = "CREATE TABLE clubs (id INTEGER PRIMARY KEY, name VARCHAR(40)); INSERT INTO clubs VALUES (1, 'Rowing');";
const boats = "CREATE TABLE boats (id INTEGER PRIMARY KEY); INSERT INTO boats VALUES (1), (2), (3);";

describe("two databases", () => {
  let first: Created;
  let second: Created;
  let server: RunningServer;
  beforeAll(async () => {
    [first, second] = [await sqlite.create(clubs), await sqlite.create(boats)];
    const legacy = { db: second.url, maxLimit: 2, overrides: [{ name: "boats", resource: "ships" }] };
    server = await serve({ databases: { main: first.url, legacy } }, { port: 0, maxLimit: 1000 });
  });
  afterAll(async () => {
    await server?.close();
    await first?.drop();
    await second?.drop();
  });
  const get = async (path: string, init?: RequestInit) => {
    const answer = await fetch(server.url + path, init);
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, json: text === "" ? undefined : JSON.parse(text) };
  };

  test("GET /api/main/clubs and /api/legacy/ships", async () => {
    expect((await get("/api/main/clubs")).json).toEqual([{ id: 1, name: "Rowing" }]);
    expect((await get("/api/legacy/ships/3")).json).toEqual({ id: 3 });
  });

  test("each has options of its own, beside those of all", async () => {
    const { json, headers } = await get("/api/legacy/ships?limit=50");
    expect(json).toHaveLength(2);
    expect(headers.get("link")).toContain("</api/legacy/ships?");
  });

  test("POST /api/main/clubs says where the row is", async () => {
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: '{"id":2,"name":"Chess"}' };
    expect((await get("/api/main/clubs", init)).headers.get("location")).toBe("/api/main/clubs/2");
    expect((await get("/api/main/clubs/2", { method: "DELETE" })).status).toBe(204);
  });

  const pages = (name: string) => ({
    api: `/api/${name}`,
    docs: `/api/${name}/docs`,
    explore: `/api/${name}/explore`,
    openapi: `/api/${name}/openapi.json`,
  });

  test("GET / lists both", async () => {
    expect((await get("/")).json).toEqual({
      name: "sapwood",
      api: "/api",
      docs: "/docs",
      explore: "/explore",
      health: "/health",
      metadata: "/metadata",
      databases: {
        main: { ...pages("main"), resources: ["/api/main/clubs"] },
        legacy: { ...pages("legacy"), resources: ["/api/legacy/ships"] },
      },
    });
  });

  test("each has its documentation, and /docs leads to them", async () => {
    const text = await (await fetch(`${server.url}/docs`)).text();
    expect(text).toContain('<a href="./api/main/docs">main</a>');
    expect(await (await fetch(`${server.url}/api/legacy/docs`)).text()).toContain('data-document="openapi.json"');
    const { json } = await get("/api/legacy/openapi.json");
    expect([json.servers, Object.keys(json.paths).includes("/ships")]).toEqual([[{ url: "." }], true]);
  });

  test("GET /health tells of both", async () => {
    const well = { status: "ok", dialect: "sqlite", version: expect.stringMatching(/^3\./), schema: { tables: 1 } };
    expect((await get("/health")).json).toMatchObject({ status: "ok", databases: { main: well, legacy: well } });
  });

  test("GET /metadata tells of both, and is known by its tag", async () => {
    const { status, json, headers } = await get("/metadata");
    expect(status).toBe(200);
    expect(json).toMatchObject({
      databases: { main: { tables: [{ table: "clubs" }] }, legacy: { tables: [{ table: "boats", path: "/ships" }] } },
    });
    const again = await fetch(`${server.url}/metadata`, { headers: { "if-none-match": String(headers.get("etag")) } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });

  test.each([
    ["/api/main/club", "Perhaps you meant /api/main/clubs."],
    ["/api/legacy/clubs", "Resources are below /api/main/, /api/legacy/, listed at /."],
    ["/api/mian/clubs", "Perhaps you meant 'main'."],
    ["/main/clubs", "Perhaps you meant /api/main/clubs."],
    ["/api/ships/1", "Resources are below /api/main/, /api/legacy/"],
    ["/ships/1", "Perhaps you meant /api/legacy/ships/1."],
    ["/api", "Resources are below /api/main/, /api/legacy/"],
    ["/mainly/clubs", "listed at /."],
  ])("GET %s", async (path, detail) => {
    const { status, json } = await get(path);
    expect(status).toBe(404);
    expect(json).toMatchObject({ code: "no_route", detail: expect.stringContaining(detail) });
  });
});

describe("labels, and one that is switched off", () => {
  let created: Created;
  let server: RunningServer;
  beforeAll(async () => {
    created = await sqlite.create(clubs);
    const main = { db: created.url, label: "The <club>", description: "Who rows, and where" };
    // Nothing is there: it would fail to open.
    const legacy = { db: "", active: false };
    server = await serve({ databases: { main, legacy, other: created.url } }, { port: 0 });
  });
  afterAll(async () => {
    await server?.close();
    await created?.drop();
  });
  const get = async (path: string) => {
    const answer = await fetch(server.url + path);
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  };

  test("labels are at /, in the list of documentations and in /metadata", async () => {
    const labels = { label: "The <club>", description: "Who rows, and where" };
    const { databases } = (await get("/")).json;
    expect(databases).toMatchObject({ main: { ...labels, api: "/api/main" }, other: { api: "/api/other" } });
    expect(Object.keys(databases as object)).toEqual(["main", "other"]);
    expect((await get("/metadata")).json).toMatchObject({ databases: { main: { ...labels, dialect: "sqlite" } } });
    const page = await (await fetch(`${server.url}/docs`)).text();
    expect(page).toContain('<a href="./api/main/docs">The &lt;club&gt;</a>');
    expect(page).toContain('<a href="./api/other/docs">other</a>');
  });

  test("what is switched off is a 404 that says so", async () => {
    for (const path of ["/api/legacy", "/api/legacy/ships/1"]) {
      const { status, json } = await get(path);
      expect(status).toBe(404);
      expect(json).toMatchObject({ code: "no_route", detail: expect.stringContaining("legacy is switched off") });
    }
    expect((await get("/health")).json).toMatchObject({ status: "ok" });
    expect((await get("/api/legacyx")).json.detail).not.toContain("switched off");
  });

  test.each<[object, RegExp]>([
    [{ a: { db: "sqlite:a", active: false } }, /databases: all are switched off \(active: false\): a/],
    [{ a: { db: "sqlite:a", active: "no" } }, /databases\.a\.active: is true or false/],
    [{ a: { db: "sqlite:a", label: 5 } }, /databases\.a\.label: is a text for people/],
  ])("%j is a mistake", async (databases, message) => {
    await expect(serve({ databases } as never, { port: 0 })).rejects.toThrow(message);
  });
});

describe("at the top", () => {
  test("with --prefix /, a database stands at /main, and cannot be called as a page is", async () => {
    const created = await sqlite.create(clubs);
    try {
      const server = await serve({ databases: { main: created.url } }, { port: 0, prefix: "/" });
      expect((await fetch(`${server.url}/main/clubs/1`)).status).toBe(200);
      await server.close();
      const clash = serve({ databases: { health: created.url } }, { port: 0, prefix: "/" });
      await expect(clash).rejects.toThrow(/\/health is taken/);
    } finally {
      await created.drop();
    }
  });
});

describe("names", () => {
  test.each(["main", "legacy-2", "A_b"])("%s", (name) => expect(isDatabaseName(name)).toBe(true));
  test.each(["", "a/b", "..", "a b", "1", "é"])("'%s' is none", async (name) => {
    expect(isDatabaseName(name)).toBe(false);
    await expect(serve({ databases: { [name]: "sqlite::memory:" } }, { port: 0 })).rejects.toThrow(/part of its URLs/);
  });
  test("none at all", () => expect(serve({ databases: {} }, { port: 0 })).rejects.toThrow(/there is none/));
});

test("one that cannot be opened is named, and the others are closed", async () => {
  const created = await sqlite.create(clubs);
  try {
    const missing = { main: created.url, legacy: "sqlite:/no/such/file.db" };
    const failure = await serve({ databases: missing }, { port: 0 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatabaseFailure);
    expect(failure).toMatchObject({ what: "database legacy", db: "sqlite:/no/such/file.db" });
    expect((failure as Error).message).toContain("no such file");
  } finally {
    await created.drop();
  }
});

for (const other of others) {
  describe.skipIf(other.skip)(`SQLite and ${other.name}`, () => {
    test("GET /health is 503 while one is away, and the other's rows are there", async () => {
      const [near, far] = [await sqlite.create(clubs), await other.create(boats)];
      const relay = await startRelay(far.url);
      const server = await serve({ databases: { near: near.url, far: relay.url } }, { port: 0 });
      const statuses = async () => {
        const paths = ["/health", "/api/near/clubs/1", "/api/far/boats/1"];
        return Promise.all(paths.map(async (path) => (await fetch(server.url + path)).status));
      };
      try {
        expect(await statuses()).toEqual([200, 200, 200]);
        await relay.down();
        expect(await statuses()).toEqual([503, 200, 503]);
        const away = await fetch(`${server.url}/health`);
        expect(await away.json()).toMatchObject({ code: "database_away", detail: expect.stringMatching(/^far: /) });
        await relay.up();
        expect(await statuses()).toEqual([200, 200, 200]);
      } finally {
        await server.close();
        await relay.down();
        await near.drop();
        await far.drop();
      }
    });
  });
}
