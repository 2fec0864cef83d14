// What the server tells of its requests: a line each, a name each, /metrics.
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { watchRequests } from "../../src/server/requests.js";
import { type RunningServer, type ServeSettings, serve } from "../../src/server/serve.js";
import { keepLines, type Line } from "../observe/lines.js";
import { type Created, sqlite } from "../support/databases.js";
import { listen } from "../support/http.js";
import { send } from "./wire.js";

const ddl = "CREATE TABLE clubs (id INTEGER PRIMARY KEY, name VARCHAR(100)); INSERT INTO clubs VALUES (1, 'Rowing');";
const { create } = sqlite;
const { logger, lines } = keepLines();
let database: Created;
let server: RunningServer;

const broken: ServeSettings = {
  overrides: [
    {
      name: "clubs",
      preDelete: () => {
        throw new TypeError("at postgres://app:hunter2@db/shop");
      },
    },
  ],
};

beforeAll(async () => {
  database = await create(ddl);
  server = await serve(database.url, { port: 0, logger, metrics: true, ...broken });
});
afterAll(async () => {
  await server?.close();
  await database?.drop();
});

/** Sends a request, and waits for its lines: they come when the connection has all of the answer. */
async function asked(path: string, init: RequestInit = {}): Promise<{ answer: Response; text: string; told: Line[] }> {
  lines.length = 0;
  const answer = await fetch(server.url + path, init);
  const text = await answer.text();
  await vi.waitFor(() => expect(lines.map(({ text }) => text)).toContain("request"));
  return { answer, text, told: [...lines] };
}

test("bytes are those of one answer, where those before it on the connection had no line (--log-level warn)", async () => {
  const own = keepLines();
  const watch = watchRequests(own.logger, false);
  const listening = await listen((req, res) => {
    watch(req, res, () => res.writeHead(req.url === "/broken" ? 500 : 200).end("x".repeat(1_000)));
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (path: string) =>
    new Promise<void>((resolve, reject) => {
      const asking = get(listening.base + path, { agent }, (answer) => void answer.resume().once("end", resolve));
      asking.once("error", reject);
    });
  for (const path of ["/broken", "/", "/", "/", "/broken"]) await ask(path);
  await vi.waitFor(() => expect(own.lines).toHaveLength(2));
  agent.destroy();
  await listening.close();
  const [alone, behind] = own.lines.map(({ fields }) => fields.bytes as number);
  expect(alone).toBeGreaterThan(1_000);
  expect(behind).toBe(alone);
});

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

describe("the log", () => {
  test("GET /api/clubs/:id", async () => {
    const { answer, told } = await asked("/api/clubs/1?select=name");
    const requestId = answer.headers.get("x-request-id");
    expect(requestId).toMatch(uuid);
    expect(told).toEqual([
      {
        level: "info",
        text: "request",
        fields: {
          ...{ requestId, method: "GET", route: "/api/clubs/:id", path: "/api/clubs/1", query: ["select"] },
          ...{ status: 200, ms: expect.any(Number), bytes: expect.any(Number) },
        },
      },
    ]);
    expect(told[0]?.fields.bytes).toBeGreaterThan('{"name":"Rowing"}'.length);
  });

  test("the client's own name for it, where it is sane", async () => {
    for (const name of ["trace-7:a/b=", "x".repeat(128)]) {
      const { answer, told } = await asked("/health", { headers: { "x-request-id": name } });
      expect(answer.headers.get("x-request-id")).toBe(name);
      expect(told[0]?.fields).toMatchObject({ requestId: name, route: "/health" });
    }
    for (const name of ["a b", "x".repeat(129), "é"]) {
      const { answer, told } = await asked("/health", { headers: { "x-request-id": name } });
      expect(answer.headers.get("x-request-id")).toMatch(uuid);
      expect(told[0]?.fields.requestId).toBe(answer.headers.get("x-request-id"));
    }
  });

  test("no value of a query, no body, no credentials", async () => {
    const headers = { authorization: "Bearer hunter2", cookie: "session=hunter2", "content-type": "application/json" };
    const { told: read } = await asked("/api/clubs?name=eq:hunter2&or=(name=hunter2,id=lt:1)&hunter2&limit=1", {
      headers,
    });
    expect(read[0]?.fields).toMatchObject({ status: 400, query: ["name", "or", "limit"] });
    const { told: written } = await asked("/api/clubs?nmae=x", { method: "POST", headers, body: '{"name":"hunter2"}' });
    expect(JSON.stringify([read, written])).not.toContain("hunter2");
  });

  test("what has no route, and what never ends its path", async () => {
    const { told } = await asked("/api/nothing/1");
    expect(told[0]?.fields).toMatchObject({ status: 404, path: "/api/nothing/1" });
    expect(told[0]?.fields).not.toHaveProperty("route");
    const { told: long } = await asked(`/api/${"x".repeat(5_000)}`);
    expect(long[0]?.fields.path).toHaveLength(1_000);
  });

  test("an error that no client caused: its stack, and the name by which support finds it", async () => {
    const { answer, text, told } = await asked("/api/clubs/1?name=1", { method: "DELETE" });
    const refused = await asked("/api/clubs/1", { method: "DELETE" });
    expect([answer.status, refused.answer.status]).toEqual([400, 500]);
    expect(told.map(({ level }) => level)).toEqual(["info"]);
    expect(text).not.toContain("requestId");
    const { requestId } = JSON.parse(refused.text);
    expect(requestId).toBe(refused.answer.headers.get("x-request-id"));
    expect(refused.told).toMatchObject([
      { level: "error", text: "unforeseen error", fields: { requestId, method: "DELETE", path: "/api/clubs/1" } },
      { level: "error", text: "request", fields: { requestId, status: 500 } },
    ]);
    expect(refused.told[0]?.fields.err.stack).toContain("watching.test");
  });

  test("a client that leaves before its answer", async () => {
    lines.length = 0;
    const socket = connect(server.port, "127.0.0.1");
    const head =
      "POST /api/clubs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n";
    await new Promise<void>((resolve) => socket.write(`${head}{"name":`, () => resolve()));
    await vi.waitFor(async () => expect((await fetch(`${server.url}/health`)).status).toBe(200));
    socket.destroy();
    const left = () => lines.find(({ fields }) => fields.method === "POST")?.fields;
    await vi.waitFor(() => expect(left()).toMatchObject({ aborted: true, route: "/api/clubs" }));
  });

  test("the bytes of requests on one connection are counted once", async () => {
    lines.length = 0;
    const one = "GET /api/clubs/1 HTTP/1.1\r\nhost: localhost\r\n\r\n";
    const raw = await send(server.port, one + one.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"));
    await vi.waitFor(() => expect(lines).toHaveLength(2));
    expect(lines.reduce((sum, { fields }) => sum + fields.bytes, 0)).toBe(Buffer.byteLength(raw));
  });
});

describe("/metrics", () => {
  test("is not there unless it is asked for", async () => {
    const plain = await serve(database.url, { port: 0, logger });
    try {
      expect((await fetch(`${plain.url}/metrics`)).status).toBe(404);
      expect(await (await fetch(plain.url)).json()).not.toHaveProperty("metrics");
    } finally {
      await plain.close();
    }
  });

  test("tells of requests, of those that no route has together, and of the process", async () => {
    await asked("/api/clubs/1");
    for (const path of ["/nothing/1", "/nothing/2", "/api/clubs/1/nothing"]) await asked(path);
    const { answer, text } = await asked("/metrics");
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=/);
    const name = "sapwood_http_request_duration_seconds_count";
    expect(text).toMatch(
      new RegExp(`^${name}\\{database="main",method="GET",route="/clubs/:id",status="200"\\} \\d+$`, "m"),
    );
    expect(text).toMatch(
      new RegExp(`^${name}\\{database="",method="GET",route="\\(none\\)",status="404"\\} \\d+$`, "m"),
    );
    expect(text).toMatch(new RegExp(`^${name}\\{database="",method="GET",route="/health",status="200"\\} \\d+$`, "m"));
    expect(text).toMatch(/^sapwood_statement_duration_seconds_sum\{database="main",operation="read",table="clubs"\} /m);
    expect(text).toMatch(/^process_cpu_seconds_total /m);
    expect(text).not.toMatch(/nothing|clubs\/1/);
    expect(await (await fetch(server.url)).json()).toMatchObject({ metrics: "/metrics" });
  });

  test("several databases by their names, in the log too", async () => {
    const told = keepLines();
    const both = { databases: { main: database.url, legacy: database.url } };
    const several = await serve(both, { port: 0, logger: told.logger, metrics: true, slowQuery: 0 });
    try {
      await fetch(`${several.url}/api/legacy/clubs/1`);
      expect(told.lines[0]).toMatchObject({ text: "slow query", fields: { database: "legacy", table: "clubs" } });
      const text = await (await fetch(`${several.url}/metrics`)).text();
      expect(text).toContain('_count{database="legacy",method="GET",route="/clubs/:id",status="200"} 1');
      expect(text).toContain('sapwood_pool_waiting{database="main"} 0');
    } finally {
      await several.close();
    }
  });
});
