// One place for the accounts and keys of several databases, on another kind of server than they.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explain } from "../../src/cli/failure.js";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { addKey, addUsers, password } from "../auth/signing-in.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { request } from "../support/http.js";
import { startRelay } from "./relay.js";

const clubs = "CREATE TABLE clubs (id INTEGER PRIMARY KEY); INSERT INTO clubs VALUES (1)";
const roles = { admin: "*", member: { "*": "read" } } as const;
const made = { accounts: { create: true }, keys: { create: true } } as const;
const started = { port: 0, listenForChanges: false } as const;

const bearer = ({ access_token: token }: { access_token: string }) => ({ authorization: `Bearer ${token}` });
const tables = async ({ knex }: Created) => {
  const held = ["sapwood_users", "sapwood_tokens", "sapwood_attempts", "sapwood_keys"].map((name) =>
    knex.schema.hasTable(name),
  );
  return (await Promise.all(held)).filter(Boolean).length;
};

for (const [i, database] of databases.entries()) {
  // SQLite's accounts are on PostgreSQL, PostgreSQL's on MariaDB, and MariaDB's on SQLite.
  const keeper = databases[(i + 1) % databases.length] as TestDatabase;
  describe.skipIf(database.skip || keeper.skip)(`${database.name}, accounts on ${keeper.name}`, () => {
    let first: Created;
    let second: Created;
    let kept: Created;
    beforeAll(async () => {
      [first, second] = [await database.create(clubs), await database.create(clubs)];
      kept = await keeper.create("CREATE TABLE others (id INTEGER PRIMARY KEY)");
    });
    afterAll(async () => {
      for (const one of [first, second, kept]) await one?.drop();
    });
    const named = () => ({ databases: { main: first.url, legacy: second.url } });
    const at = (server: RunningServer, headers: Record<string, string>) =>
      Promise.all(
        ["main", "legacy"].map(
          async (name) => (await request(server.url, "GET", `/api/${name}/clubs/1`, { headers })).status,
        ),
      );

    test("a token and a key are good for all, until they end", async () => {
      const server = await serve(named(), { ...started, roles, auth: { ...made, db: kept.url } });
      try {
        expect([await tables(kept), await tables(first), await tables(second)]).toEqual([4, 0, 0]);
        expect(server.authDbs).toHaveLength(1);
        await addUsers(kept.url, { username: "ada", role: "admin" });
        const key = { "x-api-key": await addKey(kept.url, { name: "report", role: "member" }) };
        expect(await at(server, key)).toEqual([200, 200]);
        const body = { username: "ada", password };
        const { status, json } = await request(server.url, "POST", "/api/legacy/auth/token", { body });
        expect(status).toBe(200);
        expect(await at(server, bearer(json))).toEqual([200, 200]);
        const top = await request(server.url, "POST", "/auth/token", { body });
        expect(await at(server, bearer(top.json))).toEqual([200, 200]);
        const ended = await request(server.url, "POST", "/auth/revoke", { body: { token: json.access_token } });
        expect(ended.status).toBe(200);
        expect(await at(server, bearer(json))).toEqual([401, 401]);
        expect(await at(server, bearer(top.json))).toEqual([200, 200]);
      } finally {
        await server.close();
      }
    });

    test("an API that only reads signs in where the accounts are elsewhere", async () => {
      const server = await serve(first.url, {
        ...started,
        roles,
        readOnly: true,
        auth: { accounts: {}, db: kept.url },
      });
      try {
        const { json } = await request(server.url, "POST", "/auth/token", { body: { username: "ada", password } });
        expect((await request(server.url, "GET", "/api/clubs/1", { headers: bearer(json) })).status).toBe(200);
      } finally {
        await server.close();
      }
    });

    test("one of them keeps those of all, by its name", async () => {
      const server = await serve(named(), { ...started, roles, auth: { ...made, db: "legacy" } });
      try {
        expect([await tables(first), await tables(second)]).toEqual([0, 4]);
        const key = { "x-api-key": await addKey(second.url, { name: "report", role: "member" }) };
        expect(await at(server, key)).toEqual([200, 200]);
      } finally {
        await server.close();
      }
    });

    test.skipIf(!keeper.can.haveUsers)("while it is away nobody signs in, and whoever needs not goes on", async () => {
      const relay = await startRelay(kept.url);
      const open = { ...roles, anonymous: { "*": "read" } } as const;
      const server = await serve(first.url, { ...started, roles: open, auth: { ...made, db: relay.url } });
      try {
        const headers = { "x-api-key": await addKey(kept.url, { name: "report", role: "member" }) };
        expect((await request(server.url, "GET", "/api/clubs/1", { headers })).status).toBe(200);
        await relay.down();
        const away = await request(server.url, "GET", "/api/clubs/1", { headers });
        expect(away).toMatchObject({ status: 503, json: { code: "database_away" } });
        const body = { username: "ada", password };
        expect((await request(server.url, "POST", "/auth/token", { body })).status).toBe(503);
        expect((await request(server.url, "GET", "/api/clubs/1")).status).toBe(200);
        const failed = await serve(first.url, {
          connectTimeout: 1,
          ...started,
          roles,
          auth: { ...made, db: relay.url },
        }).catch((e) => e);
        expect(explain(failed, { db: first.url })).toMatch(
          /^auth\.db: nothing listens at 127\.0\.0\.1:\d+ .* It was tried for 1 seconds/,
        );
        await relay.up();
        await expect
          .poll(async () => (await request(server.url, "GET", "/api/clubs/1", { headers })).status, { timeout: 10_000 })
          .toBe(200);
      } finally {
        await server.close();
        await relay.down();
      }
    });
  });
}

describe("mistakes", () => {
  const [sqlite] = databases as [TestDatabase];
  let created: Created;
  beforeAll(async () => {
    created = await sqlite.create(clubs);
  });
  afterAll(() => created?.drop());

  const named = (legacy: object = {}) => ({ databases: { main: created.url, legacy: { db: created.url, ...legacy } } });
  test.each<[string, () => Parameters<typeof serve>, RegExp]>([
    [
      "no such name",
      () => [named(), { roles, auth: { ...made, db: "legcy" } }],
      /auth\.db: .*legcy.*Perhaps you meant 'legacy'/,
    ],
    [
      "one without a name",
      () => [created.url, { roles, auth: { ...made, db: "main" } }],
      /one database, without a name/,
    ],
    [
      "nothing is kept",
      () => [created.url, { roles, auth: { jwt: { secret: "s".repeat(32) }, db: "sqlite:x" } }],
      /no accounts, ldap or keys/,
    ],
    ["authDb alone", () => [created.url, { authDb: "sqlite:x" }], /authDb says where .* set auth/],
    ["no scheme", () => [created.url, { roles, auth: { ...made, db: "./x.db" } }], /^auth\.db: /],
    [
      "no such file",
      () => [created.url, { roles, auth: { ...made, db: "sqlite:/no/such.db" } }],
      /^auth\.db: .*no such file/,
    ],
    [
      "no tables",
      () => [created.url, { roles, auth: { accounts: {}, db: created.url } }],
      /^auth\.db: options\.auth\.accounts: the database has no sapwood_users/,
    ],
    [
      "a place that keeps its own elsewhere",
      () => [named({ auth: { ...made, db: "sqlite:x" } }), { roles, auth: { ...made, db: "legacy" } }],
      /accounts of legacy are kept elsewhere/,
    ],
  ])("%s", async (_, given, message) => {
    const [db, settings] = given();
    const failed = await serve(db, { ...started, ...settings }).catch((error) => error);
    expect(explain(failed)).toMatch(message);
  });
});
