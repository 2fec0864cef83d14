// Sessions that pgbouncer lends for a transaction at a time: what an API sets holds for what it says, and nobody else finds it.
import { randomBytes } from "node:crypto";
import type { Knex } from "knex";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { asLocal } from "../../src/dialect/postgres/session.js";
import type { Claims } from "../../src/http/caller.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { type Pgbouncer, poolers, startPgbouncer, stopPgbouncer } from "../support/pgbouncer.js";

const [, postgres] = databases as [TestDatabase, TestDatabase];

const id = randomBytes(4).toString("hex");
const [member, anonymous] = [`sapwood_member_${id}`, `sapwood_anonymous_${id}`];

const ddl = `
  CREATE TABLE pubs (id integer PRIMARY KEY, name text NOT NULL);
  INSERT INTO pubs SELECT n, 'pub ' || n FROM generate_series(1, 20) n;
  CREATE SCHEMA shop;
  CREATE TABLE shop.pubs (id integer PRIMARY KEY, name text NOT NULL);
  INSERT INTO shop.pubs SELECT n, 'shop ' || n FROM generate_series(1, 20) n;
  CREATE FUNCTION wrote() RETURNS integer LANGUAGE sql AS 'INSERT INTO pubs VALUES (999, ''no'') RETURNING id';
  CREATE VIEW writes AS SELECT 1 AS id, wrote() AS n;
  CREATE FUNCTION declared_as_reading() RETURNS integer LANGUAGE sql STABLE AS 'SELECT public.wrote()';
  CREATE FUNCTION name_of(pub integer) RETURNS text LANGUAGE sql STABLE AS 'SELECT name FROM pubs WHERE id = pub';
  CREATE VIEW naps AS SELECT 1 AS id, pg_sleep(3)::text AS nap;
  CREATE TABLE notes (id integer PRIMARY KEY, owner text NOT NULL, text text);
  INSERT INTO notes SELECT n, (ARRAY['bob', 'ada'])[1 + n % 2], 'note ' || n FROM generate_series(1, 20) n;
  CREATE ROLE ${member};
  CREATE ROLE ${anonymous};
  GRANT ALL ON notes TO ${member};
  ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON notes USING (owner = current_setting('request.jwt.claims')::json ->> 'sub');
`;

for (const { name, program, skip } of poolers) {
  describe.skipIf(skip ?? postgres.skip)(`behind ${name}`, () => {
    let created: Created;
    let pooler: Pgbouncer;
    const ends: (() => Promise<unknown>)[] = [];
    beforeAll(async () => {
      created = await postgres.create(ddl);
      pooler = await startPgbouncer({ pool_mode: "transaction", default_pool_size: "3" }, program);
    });
    afterEach(async () => {
      for (const end of ends.splice(0)) await end();
    });
    afterAll(async () => {
      await stopPgbouncer();
      await created?.knex.raw(`DROP OWNED BY ${member}, ${anonymous}; DROP ROLE ${member}; DROP ROLE ${anonymous}`);
      await created?.drop();
    });

    /** What clients of the pooler find, on all its connections at once, who are nobody of sapwood's. */
    async function strangers(sql: string): Promise<unknown[]> {
      const clients = await Promise.all(
        Array.from({ length: 3 }, async () => {
          const client = new pg.Client(pooler.through(created.url));
          await client.connect();
          await client.query("BEGIN");
          return client;
        }),
      );
      const found: unknown[] = [];
      for (const client of clients) {
        found.push((await client.query({ text: sql, rowMode: "array" })).rows[0]?.[0]);
        await client.end();
      }
      return found;
    }

    /** An API, what it logged, and requests of the callers that they name. */
    async function open(options: object = {}, through = pooler) {
      const lines: string[] = [];
      const tell = (level: string) => (_: object, text: string) => void lines.push(`${level}: ${text}`);
      const logger = { debug: tell("debug"), info: tell("info"), warn: tell("warn"), error: tell("error") };
      const api = await createApi(through.through(created.url), { logger, ...options } as ApiOptions);
      ends.push(() => api.close());
      const ask = async (line: string, body?: unknown, as?: Claims) => {
        const [method = "", target = ""] = line.split(" ");
        const [path = "", query = ""] = target.split("?");
        const read = async () => ({ kind: "parsed", value: body }) as const;
        const asked = { method, path, query, prefix: "", raw: { as }, header: () => undefined, body: read };
        const answer = await api.handle(asked);
        return { status: answer?.status, json: JSON.parse(answer?.body ?? "null") };
      };
      return { api, ask, lines };
    }

    /** So many requests at once that all of the pooler's connections are taken. */
    const atOnce = <T>(work: (n: number) => Promise<T>): Promise<T[]> =>
      Promise.all(Array.from({ length: 12 }, (_, i) => work(i + 1)));

    test("readOnly holds for each statement, and for nobody else", async () => {
      const { api, ask, lines } = await open({ readOnly: true });
      expect(lines).toContainEqual(expect.stringMatching(/^info: a pooler stands before the database/));
      const wrote = await atOnce(() => ask("GET /writes"));
      expect(wrote.map(({ status, json }) => [status, json.code])).toEqual(Array(12).fill([403, "read_refused"]));
      const byHook = api.knex("pubs").insert({ id: 999, name: "no" });
      await expect(byHook).rejects.toMatchObject({ code: "25006" });
      const inTransaction = api.knex.transaction((trx) => trx("pubs").insert({ id: 999, name: "no" }));
      await expect(inTransaction).rejects.toMatchObject({ code: "25006" });
      expect((await ask("GET /pubs/1")).json).toEqual({ id: 1, name: "pub 1" });
      expect(await strangers("SHOW transaction_read_only")).toEqual(["off", "off", "off"]);
      const { ask: other } = await open();
      const made = await atOnce((n) => other("POST /pubs", { id: 100 + n, name: "new" }));
      expect(made.map(({ status }) => status)).toEqual(Array(12).fill(201));
      expect((await other("DELETE /pubs?id=gt:100")).status).toBe(204);
    });

    test("a GET of a function only reads, with the API's own settings, and nobody else has them", async () => {
      const { ask } = await open({ onConnect: ["SET search_path = shop"], schema: "public" });
      const names = await atOnce((n) => ask(`GET /rpc/name_of?pub=${n}`));
      expect(names.map(({ json }) => json)).toEqual(Array.from({ length: 12 }, (_, i) => `shop ${i + 1}`));
      const wrote = await atOnce(() => ask("GET /rpc/declared_as_reading"));
      expect(wrote.map(({ status, json }) => [status, json.code])).toEqual(Array(12).fill([403, "read_refused"]));
      expect((await ask("GET /rpc/name_of?pub=1")).json).toBe("shop 1");
      expect(await strangers("SHOW transaction_read_only")).toEqual(["off", "off", "off"]);
      expect(await strangers("SHOW search_path")).not.toContain("shop");
    });

    test("statementTimeout holds for each statement, and for nobody else", async () => {
      const { api, ask } = await open({ statementTimeout: 0.4 });
      const naps = await atOnce(() => ask("GET /naps"));
      expect(naps.map(({ status }) => status)).toEqual(Array(12).fill(504));
      await expect(api.knex.transaction((trx) => trx.raw("SELECT pg_sleep(3)"))).rejects.toMatchObject({
        code: "57014",
      });
      expect(await strangers("SHOW statement_timeout")).toEqual(["0", "0", "0"]);
      const { ask: patient } = await open({ defaultStatementTimeout: 30 });
      expect((await patient("GET /naps")).status).toBe(200);
    });

    test("onConnect: each API has its own, whatever else runs on the connection, and what cannot be said so is told", async () => {
      const shop = await open({
        onConnect: ["SET search_path TO shop, public", "SET SESSION work_mem = '5MB'", "SELECT 1 AS one"],
      });
      const own = await open();
      const found = await atOnce(async (n) => [
        (await shop.ask(`GET /pubs/${n}`)).json.name,
        (await own.ask(`GET /pubs/${n}`)).json.name,
        (await shop.ask(`PATCH /pubs/${n}`, { name: `shop ${n}` })).json.name,
      ]);
      expect(found).toEqual(Array.from({ length: 12 }, (_, i) => [`shop ${i + 1}`, `pub ${i + 1}`, `shop ${i + 1}`]));
      expect(shop.api.schema.tables.map(({ schema, name }) => [schema, name])).toEqual([["shop", "pubs"]]);
      expect((await shop.api.knex.raw("SHOW work_mem")).rows).toEqual([{ work_mem: "5MB" }]);
      expect(await strangers("SHOW search_path")).toEqual(Array(3).fill('"$user", public'));
      expect(await strangers("SHOW work_mem")).not.toContain("5MB");
      expect(shop.lines).toContainEqual(expect.stringMatching(/^warn: onConnect \(SELECT 1 …\) .* it is lost/));
      expect(own.lines.join()).not.toContain("onConnect");
      const failing = open({ onConnect: "SET no_such_setting = 1" });
      await expect(failing).rejects.toThrow(/onConnect\[0\] \(SET no_such_setting …\) failed/);
    });

    test("roles in the database: each caller has their own rows, however many ask at once", async () => {
      const claims = ["ada", "bob"].map((sub): Claims => ({ sub, role: "member" }));
      const seen: unknown[] = [];
      const look = async ({ trx, user }: { trx: Knex.Transaction; user: Claims }) => {
        const told = "SELECT current_user::text AS role, current_setting('request.jwt.claims')::json ->> 'sub' AS sub";
        const { rows } = await trx.raw(told);
        seen.push([rows[0].role, rows[0].sub === user.sub]);
      };
      const { ask } = await open({
        include: ["notes"],
        roles: { member: "*", anonymous: "*" },
        user: ({ as }: { as: Claims }) => as,
        inDatabase: { claims: true, readOnly: true, roles: { member, anonymous } },
        hooks: { preSave: look },
      });
      await atOnce(async (n) => {
        const as = claims[n % 2] as Claims;
        const [mine, theirs] = n % 2 === 0 ? [1, 2] : [2, 1];
        for (let round = 0; round < 5; round++) {
          const list = await ask("GET /notes", undefined, as);
          expect(list.json.map(({ owner }: { owner: string }) => owner)).toEqual(Array(10).fill(as.sub));
          expect((await ask(`GET /notes/${theirs}`, undefined, as)).status).toBe(404);
          const patched = await ask(`PATCH /notes/${mine}`, { text: `by ${n}` }, as);
          expect(patched.json).toEqual({ id: mine, owner: as.sub, text: `by ${n}` });
          const batch = [{ method: "GET", path: `/notes/${theirs}` }];
          expect((await ask("POST /batch", batch, as)).json).toMatchObject({ status: 404 });
        }
      });
      expect(seen).toEqual(Array(60).fill([member, true]));
      expect(await strangers("SHOW role")).toEqual(["none", "none", "none"]);
    });

    test("a column of another type is noticed, though its statements are not kept", async () => {
      const { ask } = await open({ include: ["pubs"] });
      await created.knex.raw("ALTER TABLE pubs ADD rank integer DEFAULT 7");
      await ask("GET /pubs?rank=7");
      expect((await ask("GET /pubs/1")).json).toEqual({ id: 1, name: "pub 1", rank: 7 });
      await created.knex.raw("ALTER TABLE pubs ALTER rank TYPE text");
      for (const line of ["GET /pubs/1", "GET /pubs/1", "GET /pubs?limit=1&offset=0"])
        expect([(await ask(line)).json].flat(), line).toEqual([{ id: 1, name: "pub 1", rank: "7" }]);
      await created.knex.raw("ALTER TABLE pubs DROP rank");
    });

    test("NOTIFY cannot be heard: the log says so, and what to do", async () => {
      const { api, lines } = await open();
      expect(api.schemaState.listening).toBe(false);
      expect(lines).toContainEqual(expect.stringMatching(/^warn: NOTIFY cannot be heard.* schemaPoll/));
      expect(await strangers("SELECT count(*)::int FROM pg_listening_channels()")).toEqual([0, 0, 0]);
    });

    test("where the pooler keeps a session for each client, it is heard", async () => {
      const keeping = await startPgbouncer({ pool_mode: "session", default_pool_size: "20" }, program);
      const { api, ask, lines } = await open({ include: ["pubs"] }, keeping);
      expect(api.schemaState.listening).toBe(true);
      expect(lines.join()).not.toContain("NOTIFY");
      const changed = new Promise((resolve) => api.onChange(resolve));
      await created.knex.raw("ALTER TABLE pubs ADD heard integer");
      await created.knex.raw("NOTIFY sapwood");
      await changed;
      expect((await ask("GET /pubs/1")).json).toHaveProperty("heard");
      await created.knex.raw("ALTER TABLE pubs DROP heard");
    });
  });
}

test.each([
  ["SET search_path TO shop, public", "search_path", "SET LOCAL search_path TO shop, public"],
  ["set session statement_timeout='5s';", "statement_timeout", "SET LOCAL statement_timeout='5s'"],
  ["SET my.setting = 'a;'", undefined, undefined],
  ["SET my.setting = 'a'", "my.setting", "SET LOCAL my.setting = 'a'"],
  ["SET ROLE reader", "role", "SET LOCAL ROLE reader"],
  ["SET SESSION AUTHORIZATION reader", "session_authorization", "SET LOCAL SESSION AUTHORIZATION reader"],
  ["SET TIME ZONE 'Europe/Berlin'", "TimeZone", "SET LOCAL TIME ZONE 'Europe/Berlin'"],
  ["SELECT set_config('role', 'reader', false)", "role", "SELECT set_config('role', 'reader', true)"],
  ["SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", undefined, undefined],
  ["SET default_transaction_isolation TO serializable", undefined, undefined],
  ["SET LOCAL x TO 1", undefined, undefined],
  ["SET a TO 1; SET b TO 2", undefined, undefined],
  ["CREATE TEMP TABLE t (id int)", undefined, undefined],
])("%s, said in each transaction", (statement, name, text) => {
  expect(asLocal(statement)).toEqual(name === undefined ? undefined : { name, text });
});
