// The option `inDatabase`: what the database is told of who asks, and that its own rules decide.
import { randomBytes } from "node:crypto";
import type { Knex } from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { dialects } from "../../src/dialect/index.js";
import type { Claims } from "../../src/http/caller.js";
import { mysqlMistakes, tsqlMistakes } from "../sql/grammar.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { askJson } from "../support/json-request.js";
import { sqlite } from "./asked.js";

const [, postgres, mariadb] = databases as [TestDatabase, TestDatabase, TestDatabase];

const roles = { member: "*", anonymous: "*" } as const;

/** Requests of the callers that they name. */
async function asking(url: string, options: ApiOptions) {
  let claims: Claims | undefined;
  const api = await createApi(url, { roles, user: () => claims, ...options });
  const ask = async (line: string, as: Claims | undefined, body?: unknown) => {
    claims = as;
    return askJson(api, line, body);
  };
  return { api, ask };
}

const ada = { sub: "ada", role: "member" };
const bob = { sub: "bob", role: "member" };

describe.skipIf(postgres.skip)("PostgreSQL", () => {
  const id = randomBytes(4).toString("hex");
  const [member, anonymous] = [`sapwood_member_${id}`, `sapwood_anonymous_${id}`];
  let created: Created;
  let api: Api;
  let ask: Awaited<ReturnType<typeof asking>>["ask"];
  const seen: Record<string, unknown>[] = [];
  beforeAll(async () => {
    created = await postgres.create(`
      CREATE TABLE notes (id INTEGER PRIMARY KEY, owner VARCHAR(50) NOT NULL, text VARCHAR(50));
      INSERT INTO notes VALUES (1, 'ada', 'a'), (2, 'bob', 'b');
      CREATE ROLE ${member};
      CREATE ROLE ${anonymous};
      GRANT ALL ON notes TO ${member};
      ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON notes USING (owner = current_setting('request.jwt.claims')::json ->> 'sub');
    `);
    const look = async ({ trx }: { trx: Knex.Transaction | undefined }) => {
      const settings = [
        "request.jwt.claims",
        "request.method",
        "request.path",
        "sapwood.role",
        "transaction_read_only",
      ];
      const columns = settings.map((name) => `current_setting('${name}') AS "${name}"`);
      seen.push((await (trx as Knex).raw(`SELECT current_user::text AS user, ${columns.join(", ")}`)).rows[0]);
    };
    ({ api, ask } = await asking(created.url, {
      poolMin: 1,
      poolMax: 1,
      inDatabase: { claims: true, readOnly: true, roles: { member, anonymous } },
      hooks: { preRead: look, preSave: look },
    }));
  });
  afterAll(async () => {
    await api?.close();
    await created?.knex.raw(`DROP OWNED BY ${member}, ${anonymous}; DROP ROLE ${member}; DROP ROLE ${anonymous}`);
    await created?.drop();
  });

  test("row level security decides, by the caller's claims", async () => {
    expect((await ask("GET /notes", ada)).json).toEqual([{ id: 1, owner: "ada", text: "a" }]);
    expect((await ask("GET /notes?select=count()", bob)).json).toEqual([{ count: 1 }]);
    expect((await ask("GET /notes/2", ada)).status).toBe(404);
    expect((await ask("PATCH /notes/2", ada, { text: "x" })).status).toBe(404);
    expect((await ask("PATCH /notes/1", ada, { text: "x" })).json).toEqual({ id: 1, owner: "ada", text: "x" });
    expect((await ask("DELETE /notes?id=gt:0", ada)).status).toBe(204);
    expect(await created.knex("notes").select("id")).toEqual([{ id: 2 }]);
  });

  test("what it refuses is 403", async () => {
    expect(await ask("POST /notes", ada, { id: 3, owner: "bob", text: "c" })).toMatchObject({
      status: 403,
      json: { code: "write_refused" },
    });
    expect((await ask("GET /notes", undefined)).status).toBe(403);
    expect((await ask("POST /notes", ada, { id: 3, owner: "ada", text: "c" })).status).toBe(201);
  });

  test("it knows who asks and what, and reads in transactions that only read", async () => {
    seen.length = 0;
    await ask("GET /notes/3", ada);
    await ask("PATCH /notes/3", ada, { text: "d" });
    const settings = {
      ...{
        user: member,
        "request.jwt.claims": JSON.stringify(ada),
        "request.path": "/notes/3",
        "sapwood.role": "member",
      },
      ...{ "request.method": "GET", transaction_read_only: "on" },
    };
    expect(seen).toEqual([settings, { ...settings, "request.method": "PATCH", transaction_read_only: "off" }]);
  });

  test("nothing of it stays on the connection", async () => {
    await ask("GET /notes", ada);
    await ask("GET /notes", undefined);
    const after = await api.knex.raw(
      "SELECT current_user::text AS user, current_setting('request.jwt.claims', true) AS claims",
    );
    expect(after.rows[0].user).not.toBe(member);
    expect(after.rows[0].claims ?? "").toBe("");
  });

  test.each([
    [
      { member: "no_such_role", anonymous: "no_such_role" },
      /inDatabase.roles.member: the database has no role 'no_such_role'/,
    ],
    [{ member: "x" }, /inDatabase.roles: says nothing of anonymous/],
    [{ member: "x", anonymous: "x", owner: "x" }, /inDatabase.roles.owner: there is no such role/],
  ])("%j stops the start", async (own, message) => {
    await expect(createApi(created.url, { roles, inDatabase: { roles: own } })).rejects.toThrow(message);
  });
});

describe.skipIf(mariadb.skip)("MariaDB", () => {
  let created: Created;
  beforeAll(async () => {
    created = await mariadb.create(
      "CREATE TABLE notes (id INTEGER PRIMARY KEY, owner VARCHAR(50), text VARCHAR(50)); INSERT INTO notes VALUES (1, 'ada', 'a');",
    );
    await created.knex.raw(
      "CREATE TRIGGER owned BEFORE INSERT ON notes FOR EACH ROW SET NEW.owner = JSON_VALUE(@sapwood_claims, '$.sub')",
    );
  });
  afterAll(() => created?.drop());

  test("triggers know who asks, reads only read, and nothing stays on the connection", async () => {
    const seen: unknown[] = [];
    const { api, ask } = await asking(created.url, {
      poolMin: 1,
      poolMax: 1,
      inDatabase: { claims: true, readOnly: true },
      hooks: {
        preRead: async ({ trx }) => {
          seen.push((await (trx as Knex).raw("SELECT @sapwood_claims AS claims, @sapwood_role AS role"))[0][0]);
          await expect(trx?.raw("DELETE FROM notes")).rejects.toThrow(/READ ONLY/);
        },
      },
    });
    expect((await ask("POST /notes", ada, { id: 2, text: "n" })).json).toEqual({ id: 2, owner: "ada", text: "n" });
    expect((await ask("GET /notes/2", bob)).status).toBe(200);
    expect((await ask("GET /notes/2", undefined)).status).toBe(200);
    expect(seen).toEqual([
      { claims: JSON.stringify(bob), role: "member" },
      { claims: "{}", role: "anonymous" },
    ]);
    expect((await ask("POST /notes", ada, { id: 2, text: "n" })).status).toBe(409);
    const [[after]] = await api.knex.raw("SELECT @sapwood_claims AS claims, @sapwood_role AS role");
    expect(after).toEqual({ claims: null, role: null });
    await api.close();
  });

  test("roles of the database are PostgreSQL's", async () => {
    const inDatabase = { roles: { member: "m", anonymous: "a" } };
    await expect(createApi(created.url, { roles, inDatabase })).rejects.toThrow(/inDatabase.roles: mysql has no roles/);
  });
});

test("to a foreign grammar it is T-SQL, and what MySQL takes", () => {
  const asked = { role: "member", claims: "{}", method: "GET", path: "/" };
  const [tsql, own] = ["mssql", "mysql"].map((name) =>
    dialects.find((one) => one.name === name)?.setSessionVariables?.(asked, undefined),
  );
  for (const one of [tsql?.begin, tsql?.end]) expect(tsqlMistakes(one?.text ?? "")).toEqual([]);
  for (const one of [own?.begin, own?.end]) expect(mysqlMistakes(one?.text ?? "")).toEqual([]);
  expect(tsql?.begin).toEqual({
    text: "EXEC sp_set_session_context @key = N'sapwood_claims', @value = @p1; EXEC sp_set_session_context @key = N'sapwood_role', @value = @p2;",
    values: ["{}", "member"],
  });
});

test("SQLite: views and triggers know who asks, on readers too, and nothing stays on the connection", async () => {
  const created = await sqlite.create(`
    CREATE TABLE notes (id INTEGER PRIMARY KEY, owner TEXT, text TEXT);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
      INSERT INTO notes SELECT i, iif(i % 2, 'ada', 'bob'), 'n' || i FROM n;`);
  const claim = "sapwood_claims() ->> '$.sub'";
  const options = { inDatabase: { claims: true }, maxLimit: 20_000, defaultLimit: 20_000 };
  const before = await createApi(created.url);
  await before.knex.raw(
    `CREATE VIEW own_notes AS SELECT id, owner, text, sapwood_role() AS asker FROM notes WHERE owner = ${claim}`,
  );
  await before.knex.raw(
    `CREATE TRIGGER owned AFTER INSERT ON notes BEGIN UPDATE notes SET owner = ${claim} WHERE id = NEW.id; END`,
  );
  await before.close();
  const { api, ask } = await asking(created.url, options);
  // Long lists are read by another process, short ones on the connection.
  for (const caller of [ada, bob, ada]) {
    const lists = ["/own_notes?limit=2&order-by=id", "/own_notes?order-by=text:desc", "/own_notes?select=count()"];
    const [short, long, count] = await Promise.all(lists.map((path) => ask(`GET ${path}`, caller)));
    expect(short?.json).toMatchObject([{ owner: caller.sub, asker: "member" }, { owner: caller.sub }]);
    expect(long?.json.every(({ owner }: { owner: string }) => owner === caller.sub)).toBe(true);
    expect([long?.json.length, count?.json]).toEqual([15_000, [{ count: 15_000 }]]);
  }
  expect((await ask("GET /own_notes", undefined)).json).toEqual([]);
  expect((await ask("POST /notes", ada, { id: 30_001, text: "n" })).status).toBe(201);
  expect(await api.knex("notes").where({ id: 30_001 }).first()).toMatchObject({ owner: "ada" });
  expect((await ask("POST /notes", bob, { id: 30_001, text: "n" })).status).toBe(409);
  const [after] = await api.knex.raw("SELECT sapwood_claims() AS claims, sapwood_role() AS role");
  expect(after).toEqual({ claims: null, role: null });
  await api.close();
  await created.drop();
});

test("SQLite has no roles and no transactions that only read, and says so at the start", async () => {
  const created = await sqlite.create("CREATE TABLE notes (id INTEGER PRIMARY KEY);");
  for (const inDatabase of [{ readOnly: true }, { roles: { member: "m", anonymous: "a" } }, { claim: true }])
    await expect(createApi(created.url, { roles, inDatabase: inDatabase as never })).rejects.toThrow(
      /options.inDatabase/,
    );
  await created.drop();
});
