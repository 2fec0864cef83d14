// What every answer carries, and what none does.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, type ServeSettings, serve } from "../../src/server/serve.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { exchange, request } from "../support/http.js";

const [sqlite] = databases as [TestDatabase];
let database: Created;
let server: RunningServer;
beforeAll(async () => {
  database = await sqlite.create(
    "CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO clubs VALUES (1, 'Rowing');",
  );
  server = await serve(database.url, { port: 0, metrics: true });
});
afterAll(async () => {
  await server?.close();
  await database?.drop();
});

const always = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": expect.stringMatching(/^default-src 'none';.*frame-ancestors/),
};
const never = ["server", "x-powered-by", "strict-transport-security"];

type Asked = [line: string, status: number, headers?: Record<string, string>, body?: unknown];
const answers: Asked[] = [
  ["GET /", 200],
  ["GET /api/clubs", 200],
  ["HEAD /api/clubs", 200],
  ["GET /api/clubs/1", 200],
  ["OPTIONS /api/clubs/1", 204],
  ["GET /api/clubs/2", 404],
  ["GET /nothing", 404],
  ["GET /api/clubs?nmae=x", 400],
  ["TRACE /api/clubs", 405],
  ["POST /api/clubs", 415, { "content-type": "text/plain" }, "name=x"],
  ["POST /api/clubs", 413, {}, { name: "x".repeat(1_100_000) }],
  ["POST /api/clubs", 201, {}, { name: "Chess" }],
  ["POST /api/clubs", 403, { origin: "https://evil.example" }],
  ["GET /api/clubs", 421, { host: "evil.example" }],
  ["GET /health", 200],
  ["GET /metadata", 200],
  ["GET /metrics", 200],
  ["GET /docs", 200],
  ["GET /docs/start.js", 200],
  ["GET /docs/diagram.svg", 200],
  ["GET /openapi.json", 200],
  ["POST /admin/refresh", 200],
];

describe("security headers", () => {
  test.each(answers)(
    "%s (%i)",
    async (line: string, status: number, headers: Record<string, string> = {}, body?: unknown) => {
      const [method = "", path = ""] = line.split(" ");
      const answer = await request(server.url, method, path, { headers, body });
      expect(answer.status, answer.text).toBe(status);
      expect(answer.headers).toMatchObject(always);
      // The document's pages, and no others, may show something.
      const policy = answer.headers["content-security-policy"];
      if (!/^GET \/docs(\/diagram.svg)?$/.test(line)) expect(policy).toBe("default-src 'none'; frame-ancestors 'none'");
      const names = Object.keys(answer.headers);
      expect(names.filter((name) => never.includes(name) || name.startsWith("access-control-"))).toEqual([]);
    },
  );

  test("304", async () => {
    const { etag } = (await request(server.url, "GET", "/api/clubs/1")).headers;
    const answer = await request(server.url, "GET", "/api/clubs/1", { headers: { "if-none-match": String(etag) } });
    expect(answer.status).toBe(304);
    expect(answer.headers).toMatchObject(always);
  });

  test.each([
    ["no HTTP", "hello\r\n\r\n", 400],
    ["headers that are too large", `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${"x".repeat(20_000)}\r\n\r\n`, 431],
  ])("%s", async (_title, text, status) => {
    const answer = await exchange(server.url, text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    for (const name of Object.keys(always)) expect(answer).toContain(`\r\n${name}: `);
  });

  const serving = async (settings: ServeSettings, look: (url: string) => Promise<void>) => {
    const other = await serve(database.url, { port: 0, ...settings });
    await look(other.url).finally(() => other.close());
  };

  test("a preflight, which CORS answers by itself", () =>
    serving({ corsOrigin: "https://app.example" }, async (url) => {
      const headers = { origin: "https://app.example", "access-control-request-method": "PATCH" };
      const answer = await request(url, "OPTIONS", "/api/clubs/1", { headers });
      expect(answer.status).toBe(204);
      expect(answer.headers).toMatchObject(always);
    }));

  test("Vary keeps what CORS and compression say", () =>
    serving({ corsOrigin: ["https://app.example", "https://b.example"], compression: true }, async (url) => {
      const headers = { origin: "https://app.example", "accept-encoding": "gzip" };
      const varies = async (path: string) =>
        (await request(url, "GET", path, { headers })).headers.vary?.split(/, */).toSorted();
      expect(await varies("/api/clubs?select=id,name,a:name&or=(id=gt:0,id=lt:0)")).toEqual([
        "Accept",
        "Accept-Encoding",
        "Origin",
      ]);
      expect(await varies("/api/clubs/1")).toEqual(expect.arrayContaining(["Origin"]));
    }));
});
