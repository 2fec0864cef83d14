import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Created, sqlite } from "../support/databases.js";
import { type Running, start } from "./cli.js";

const { create } = sqlite;
let database: Created;

beforeAll(async () => {
  database = await create(
    "CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO clubs VALUES (1, 'a'), (2, 'b')",
  );
});
afterAll(() => database?.drop());

async function serving(args: readonly string[], env: Record<string, string>, look: (server: Running) => Promise<void>) {
  const server = await start(["serve", ...args], env);
  try {
    await look(server);
  } finally {
    server.signal("SIGTERM");
  }
  expect(await server.ended).toMatchObject({ code: 0, stderr: "" });
}

test("sapwood serve <db> --port 0 prints one line, answers, and ends with 0", async () => {
  await serving([database.url, "--port", "0"], {}, async ({ url, stdout }) => {
    expect(stdout()).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(await (await fetch(`${url}/api/clubs/1`)).json()).toEqual({ id: 1, name: "a" });
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});

test("the environment sets what no flag does", async () => {
  const env = { DATABASE_URL: database.url, SAPWOOD_PORT: "0", SAPWOOD_PREFIX: "/v2", SAPWOOD_DEFAULT_LIMIT: "1" };
  await serving([], env, async ({ url }) => {
    expect(await (await fetch(`${url}/v2/clubs`)).json()).toHaveLength(1);
  });
  await serving(["--prefix", "/v3", "--default-limit", "2"], env, async ({ url }) => {
    expect(await (await fetch(`${url}/v3/clubs`)).json()).toHaveLength(2);
  });
});

test("--max-limit", async () => {
  await serving([database.url, "--port", "0", "--max-limit", "1"], {}, async ({ url }) => {
    expect(await (await fetch(`${url}/api/clubs?limit=50`)).json()).toHaveLength(1);
  });
});

test("limits by flag and by variable", async () => {
  const env = { SAPWOOD_MAX_FILTERS: "1", SAPWOOD_RETRIES: "0", SAPWOOD_BODY_LIMIT: "5" };
  await serving([database.url, "--port", "0", "--max-values", "2"], env, async ({ url }) => {
    const statuses = ["id=1&id=2", "id=in:1,2,3", "id=in:1,2"].map(
      async (query) => (await fetch(`${url}/api/clubs?${query}`)).status,
    );
    expect(await Promise.all(statuses)).toEqual([400, 400, 200]);
    const headers = { "content-type": "application/json" };
    expect((await fetch(`${url}/api/clubs`, { method: "POST", body: '{"id":9}', headers })).status).toBe(413);
  });
});

test("SIGTERM ends the request in flight first", async () => {
  const server = await start(["serve", database.url, "--port", "0"]);
  const headers = { "content-type": "application/json", "content-length": 12 };
  const post = request(`${server.url}/api/clubs`, { method: "POST", headers });
  post.write('{"name":');
  await new Promise((resolve) => setTimeout(resolve, 100));
  server.signal("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 100));
  await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  post.end('"c"}');
  const [answer] = await once(post, "response");
  expect(answer.statusCode).toBe(201);
  expect(answer.headers.connection).toBe("close");
  expect((await server.ended).code).toBe(0);
});

test("SIGTERM does not wait for connections that ask nothing", async () => {
  const server = await start(["serve", database.url, "--port", "0"]);
  const silent = connect(Number(new URL(server.url).port), "127.0.0.1");
  await once(silent, "connect");
  await fetch(`${server.url}/health`);
  const before = Date.now();
  server.signal("SIGTERM");
  expect((await server.ended).code).toBe(0);
  expect(Date.now() - before).toBeLessThan(5_000);
});
