// Failed sign-ins are counted twice: by the server, of each address for a minute, and by the accounts in their database.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type RunningServer, type ServeSettings, serve } from "../../src/server/serve.js";
import { addUsers, bearer, ddl, password } from "../auth/signing-in.js";
import { isProblem } from "../conformance/case.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { request } from "../support/http.js";

const [sqlite] = databases as [TestDatabase];
let database: Created;
let server: RunningServer;
beforeAll(async () => {
  database = await sqlite.create(ddl.sqlite);
  await (await start({})).close();
  await addUsers(database.url, { role: "admin" });
});
afterEach(async () => {
  await server.close();
  await database.knex("sapwood_attempts").del();
});
afterAll(() => database.drop());

/** One failure locks a name, so that ten turn the address away. */
async function start(settings: ServeSettings): Promise<RunningServer> {
  const auth = { accounts: { create: true, lockAfter: 1 } };
  server = await serve(database.url, { port: 0, auth, roles: { admin: "*" }, ...settings });
  return server;
}

const signIn = (username: string, given: string, forwarded = "192.0.2.1") =>
  request(server.url, "POST", "/auth/token", {
    body: { username, password: given },
    headers: { "x-forwarded-for": forwarded },
  });

async function failing(times: number, forwarded?: string): Promise<void> {
  for (let i = 0; i < times; i++) expect((await signIn(`nobody ${i}`, "a wrong one", forwarded)).status).toBe(400);
}

test("accounts know a client behind --proxies as the rate limits do", async () => {
  await start({ rateFailures: 0, trustProxy: true, proxies: 2 });
  await failing(10, "192.0.2.1, 10.0.0.1");
  const refused = await signIn("ada", password, "192.0.2.1, 10.0.0.2");
  expect([refused.status, refused.json.code]).toEqual([429, "too_many_requests"]);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(60);
  expect((await signIn("ada", password, "192.0.2.2, 10.0.0.1")).status).toBe(200);
});

test("what the server turns away is no failure in the database", async () => {
  await start({ rateFailures: 3 });
  await failing(3);
  for (let i = 0; i < 3; i++) isProblem(await signIn("ada", password), 429, "too_many_requests");
  expect(await database.knex("sapwood_attempts").max("failures as most")).toEqual([{ most: 3 }]);
  await server.close();
  await start({});
  expect((await signIn("ada", password)).status).toBe(200);
});

test("what the accounts turn away is no failure for the server", async () => {
  await start({ rateFailures: 12 });
  await failing(10);
  for (let i = 0; i < 5; i++)
    expect((await signIn("ada", password)).json.detail).toContain("sign-ins from your address");
});

test("an admin's mistake is no failed sign-in", async () => {
  await start({ rateFailures: 1 });
  const { json } = await signIn("ada", password);
  const headers = bearer(json.access_token);
  for (const path of ["/auth/users", "/auth/users"])
    expect((await request(server.url, "POST", path, { headers, body: "{" })).status).toBe(400);
  expect((await signIn("ada", password)).status).toBe(200);
});

test("keys in a header of their own are counted as well, and every answer varies by it", async () => {
  const auth = { keys: { header: "X-Shop-Key", create: true } };
  await start({ auth, rateFailures: 2 });
  const ask = (path: string) => request(server.url, "GET", path, { headers: { "x-shop-key": "swk_1" } });
  const { headers } = await request(server.url, "GET", "/health");
  expect(headers.vary).toBe("authorization, x-api-key, x-shop-key, cookie");
  expect([(await ask("/api/notes/1")).status, (await ask("/metadata")).status]).toEqual([401, 401]);
  isProblem(await ask("/api/notes/1"), 429, "too_many_requests");
});
