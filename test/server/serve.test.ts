import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { type Created, sqlite } from "../support/databases.js";
import { send } from "./wire.js";

const ddl = `
  CREATE TABLE clubs (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL);
  INSERT INTO clubs VALUES (1, 'Réunion');
`;
const { create } = sqlite;

let database: Created;
let server: RunningServer;

beforeAll(async () => {
  database = await create(ddl);
  server = await serve(database.url, { port: 0 });
});
afterAll(async () => {
  await server?.close();
  await database?.drop();
});

const get = (path: string, init?: RequestInit) => fetch(server.url + path, init);

describe("the server's own pages", () => {
  test("GET / lists what there is", async () => {
    const answer = await get("/");
    expect(answer.status).toBe(200);
    const pages = {
      openapi: "/openapi.json",
      docs: "/docs",
      explore: "/explore",
      health: "/health",
      metadata: "/metadata",
    };
    expect(await answer.json()).toEqual({ name: "sapwood", api: "/api", ...pages, resources: ["/api/clubs"] });
  });

  test("GET /health", async () => {
    const answer = await get("/health");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const version = expect.stringMatching(/^3\./);
    expect(await answer.json()).toEqual({
      status: "ok",
      database: "test.db",
      dialect: "sqlite",
      driver: "better-sqlite3",
      version,
      schema: { digest: expect.stringMatching(/^[\da-f]{16}$/), tables: 1, readAt: expect.stringMatching(/Z$/) },
    });
  });

  test("GET /metadata, and 304 for who has it", async () => {
    const answer = await get("/metadata");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      tables: [{ table: "clubs", path: "/clubs", columns: [{ name: "id" }, { name: "name", native: "VARCHAR(100)" }] }],
      renamings: [],
    });
    const etag = answer.headers.get("etag") as string;
    expect(etag).toMatch(/^".+"$/);
    const known = await get("/metadata", { headers: { "if-none-match": etag } });
    expect([known.status, await known.text(), known.headers.get("etag")]).toEqual([304, "", etag]);
    expect((await get("/metadata", { headers: { "if-none-match": '"other"' } })).status).toBe(200);
    expect(await (await get("/metadata", { method: "HEAD" })).text()).toBe("");
  });

  test("DELETE /health", async () => {
    const answer = await get("/health", { method: "DELETE" });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  });
});

describe("below the prefix", () => {
  test("GET /api/clubs/1", async () => {
    const answer = await get("/api/clubs/1");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ id: 1, name: "Réunion" });
    expect(answer.headers.get("content-length")).toBe(String(Buffer.byteLength('{"id":1,"name":"Réunion"}')));
  });

  test("HEAD /api/clubs/1 has the length of GET, and no body", async () => {
    const path = "/api/clubs/1";
    const raw = await send(server.port, `HEAD ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
    const length = (await get(path)).headers.get("content-length");
    expect(raw).toMatch(/^HTTP\/1\.1 200 /);
    expect(raw).toContain(`content-length: ${length}\r\n`);
    expect(raw).toMatch(/\r\n\r\n$/);
  });

  test("POST /api/clubs says where the row is", async () => {
    const headers = { "content-type": "application/json" };
    const answer = await get("/api/clubs", { method: "POST", headers, body: '{"name":"Nouveau"}' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("location")).toBe("/api/clubs/2");
  });

  test("a proxy's absolute URL", async () => {
    const raw = await send(
      server.port,
      "GET http://x/api/clubs/1 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
    );
    expect(raw).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe("nothing there", () => {
  test.each([
    ["/nothing", "Resources are below /api/"],
    ["/apiary/clubs", "Resources are below /api/"],
    ["/clubs/1", "Perhaps you meant /api/clubs/1."],
    ["/constructor", "Resources are below /api/"],
    ["/api/nothing", "Resources are below /api/"],
    ["/api/club", "Perhaps you meant /api/clubs."],
    ["/api/Clubs/1", "Perhaps you meant /api/clubs/1."],
    ["/api/club/1/nothing", "There is nothing below /api/clubs/1."],
    ["/api/clubs/1/nothing", "There is nothing below /api/clubs/1."],
    ["/api", ""],
  ])("GET %s", async (path, hint) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(await answer.json()).toMatchObject({ status: 404, code: "no_route", detail: expect.stringContaining(hint) });
  });
});

describe("a body that is too large", () => {
  const large = Buffer.alloc(5 * 1024 * 1024, " ");

  test("5 MB with its length", async () => {
    const headers = { "content-type": "application/json" };
    const answer = await get("/api/clubs", { method: "POST", headers, body: large });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: "body_too_large" });
  });

  test("5 MB in chunks", async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let at = 0; at < large.length; at += 65_536) controller.enqueue(large.subarray(at, at + 65_536));
        controller.close();
      },
    });
    const headers = { "content-type": "application/json" };
    const answer = await get("/api/clubs", { method: "POST", headers, body, duplex: "half" } as RequestInit);
    expect(answer.status).toBe(413);
  });

  test("is answered before the upload, to a client that asks first or does not", async () => {
    const head = `POST /api/clubs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${large.length}\r\n`;
    expect(await send(server.port, `${head}expect: 100-continue\r\n\r\n`, /\r\n\r\n\{.*\}$/s)).toMatch(
      /^HTTP\/1\.1 413 /,
    );
    expect(await send(server.port, `${head}\r\n{"name":`, /\r\n\r\n\{.*\}$/s)).toMatch(/^HTTP\/1\.1 413 /);
  });
});

describe("broken requests", () => {
  test("no HTTP at all", async () => {
    const raw = await send(server.port, "hello\r\n\r\n");
    expect(raw).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(raw).toContain("application/problem+json");
  });

  test("headers of 20 kB", async () => {
    // Short enough to be read at once: what is left unread resets the connection.
    const raw = await send(server.port, `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${"x".repeat(20_000)}\r\n\r\n`);
    expect(raw).toMatch(/^HTTP\/1\.1 431 /);
  });

  test("a client that leaves in the middle of its body does no harm", async () => {
    const socket = connect(server.port, "127.0.0.1");
    const head =
      "POST /api/clubs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n";
    await new Promise<void>((resolve) => socket.write(`${head}{"name":`, () => resolve()));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await get("/api/clubs/1")).status).toBe(200);
  });
});

describe("settings", () => {
  test("another prefix, and a smaller limit", async () => {
    const other = await serve(database.url, { port: 0, prefix: "v1/", bodyLimit: 10 });
    try {
      expect((await fetch(`${other.url}/v1/clubs/1`)).status).toBe(200);
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${other.api}/clubs`, { method: "POST", headers, body: '{"name":"too long"}' });
      expect(answer.status).toBe(413);
    } finally {
      await other.close();
    }
  });

  test("no prefix: the resources are at the top, beside the pages", async () => {
    const other = await serve(database.url, { port: 0, prefix: "/" });
    try {
      expect((await fetch(`${other.url}/clubs/1`)).status).toBe(200);
      expect((await fetch(`${other.url}/health`)).status).toBe(200);
      expect((await fetch(`${other.url}/nothing`)).status).toBe(404);
    } finally {
      await other.close();
    }
  });

  test("a table called health needs a prefix", async () => {
    const clash = await create("CREATE TABLE health (id INTEGER PRIMARY KEY)");
    try {
      await expect(serve(clash.url, { port: 0, prefix: "/" })).rejects.toThrow(/choose a prefix/);
    } finally {
      await clash.drop();
    }
  });
});
