// `/schema/databases` and `/schema/users` on real servers: made, used, shown and dropped. What is the server's own stays, and passwords
// are nowhere to be read.
import { randomBytes } from "node:crypto";
import knex from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Administering, administeringOf } from "../../src/database/administering.js";
import { knownDatabase, openDatabase } from "../../src/database/database.js";
import { dialectOfUrl } from "../../src/dialect/index.js";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { isProblem } from "../conformance/case.js";
import { type Created, mariadb, mysql, postgres, sqlite } from "../support/databases.js";
import { request } from "../support/http.js";
import { startTap, type Tap } from "../support/tap.js";

const DATABASES = "/schema/databases";
const USERS = "/schema/users";
const PASSWORD = 'it\'s a (%) "long" one?';

/** What the server has for itself. */
const reserved = {
  postgres: { databases: ["postgres", "template0", "template1"], user: "pg_monitor" },
  mariadb: { databases: ["mysql", "sys", "information_schema"], user: "mysql.sys" },
};
const id = { postgres: "serial", mariadb: "int AUTO_INCREMENT" };

for (const [database, kind] of [
  [postgres, "postgres"],
  [mariadb, "mariadb"],
  [mysql, "mariadb"],
] as const) {
  describe.skipIf(database.skip)(`/schema/databases and /schema/users on ${database.name}`, () => {
    const unique = randomBytes(4).toString("hex");
    const shop = `shop-${unique} $1`;
    const user = `app_${unique}`;
    let created: Created;
    let tap: Tap;
    let server: RunningServer;
    const told: unknown[] = [];
    const tell = (fields: unknown) => void told.push(fields);
    const logger = { debug: tell, info: tell, warn: tell, error: tell };
    const quote = (name: string) => dialectOfUrl(created.url).quote(name);
    const own = () => new URL(created.url).pathname.slice(1);

    beforeAll(async () => {
      created = await database.create(
        `CREATE TABLE clubs (id ${id[kind]} PRIMARY KEY, name varchar(40)); CREATE VIEW named AS SELECT id, name FROM clubs;
          CREATE TABLE vaults (id int PRIMARY KEY);`,
      );
      tap = await startTap(created.url);
      server = await serve(tap.url, { port: 0, schemaRoutes: true, logger, exclude: ["vaults"] });
    });
    afterAll(async () => {
      await server?.close();
      await tap?.close();
      await created?.drop();
    });
    const send = (line: string, body?: unknown, headers = {}) => {
      const [, method = "", path = ""] = /^(\S+) (.*)$/.exec(line) ?? [];
      return request(server.url, method, path, { body, headers });
    };
    const named = async (path: string) => (await send(`GET ${path}`)).json.map(({ name }: { name: string }) => name);
    const as = (name: string, inDatabase = own()) => {
      const url = new URL(created.url);
      url.username = name;
      url.password = encodeURIComponent(PASSWORD);
      url.pathname = `/${encodeURI(inDatabase)}`;
      const config = dialectOfUrl(url.href).configure(url.href);
      return knex({ ...config, pool: { min: 0, max: 1 } });
    };

    test("a dry run says the statement and does nothing", async () => {
      const dry = await send(`POST ${DATABASES}?dry-run=true`, { name: shop });
      expect(dry).toMatchObject({ status: 200, json: { notes: [], changes: [], severity: null } });
      expect(dry.json.statements).toEqual([expect.stringContaining(`CREATE DATABASE ${quote(shop)}`)]);
      const preferred = await send(`POST ${DATABASES}`, { name: shop }, { prefer: "tx=rollback" });
      expect(preferred.headers["preference-applied"]).toBe("tx=rollback");
      expect(await named(DATABASES)).not.toContain(shop);
    });

    test("a database is made, shown and found", async () => {
      const made = await send(`POST ${DATABASES}`, { name: shop });
      expect(made).toMatchObject({ status: 201, json: { name: shop } });
      expect((await send(`GET ${made.headers.location}`)).json).toEqual({ name: shop });
      expect(await named(DATABASES)).toEqual(expect.arrayContaining([shop, own()]));
      isProblem(await send(`POST ${DATABASES}`, { name: shop }), 409, "name_taken");
    });

    test("one that holds tables is dropped with ?rows=delete alone", async () => {
      const url = new URL(created.url);
      url.pathname = `/${encodeURI(shop)}`;
      const there = knex(dialectOfUrl(url.href).configure(url.href));
      await there.schema.createTable("goods", (table) => void table.increments());
      await there.destroy();
      const path = `${DATABASES}/${encodeURIComponent(shop)}`;
      const full = await send(`DELETE ${path}`);
      isProblem(full, 409, "still_in_use");
      expect(full.json.detail).toContain("?rows=delete");
      isProblem(await send(`DELETE ${path}?dry-run=true`), 409, "still_in_use");
      expect((await send(`DELETE ${path}?rows=delete&dry-run=true`)).json.statements).toHaveLength(1);
      expect(await named(DATABASES)).toContain(shop);
      expect((await send(`DELETE ${path}?rows=delete`)).status).toBe(204);
      expect(await named(DATABASES)).not.toContain(shop);
      isProblem(await send(`DELETE ${path}?rows=delete`), 404, "no_route");
    });

    test("an empty one is dropped as it is", async () => {
      await send(`POST ${DATABASES}`, { name: shop });
      expect((await send(`DELETE ${DATABASES}/${encodeURIComponent(shop)}`)).status).toBe(204);
      expect(await named(DATABASES)).not.toContain(shop);
    });

    test.runIf(database.can.keepBusyDatabases)("one that others are connected to stays", async () => {
      await send(`POST ${DATABASES}`, { name: shop });
      const url = new URL(created.url);
      url.pathname = `/${encodeURI(shop)}`;
      const there = knex(dialectOfUrl(url.href).configure(url.href));
      await there.raw("SELECT 1");
      const path = `${DATABASES}/${encodeURIComponent(shop)}`;
      const busy = await send(`DELETE ${path}?rows=delete`);
      isProblem(busy, 409, "still_in_use");
      expect(told).toContainEqual(expect.objectContaining({ code: "still_in_use", requestId: expect.any(String) }));
      await there.destroy();
      // The server sees a connection's end a moment later.
      await expect.poll(async () => (await send(`DELETE ${path}`)).status, { timeout: 30_000 }).toBe(204);
    });

    test("what the servers need stays", async () => {
      for (const name of reserved[kind].databases) {
        isProblem(await send(`DELETE ${DATABASES}/${name}?rows=delete`), 403, "forbidden", name);
        isProblem(await send(`POST ${DATABASES}`, { name: name.toUpperCase() }), 403, "forbidden");
        expect(await named(DATABASES)).not.toContain(name);
      }
      isProblem(await send(`DELETE ${DATABASES}/${own()}?rows=delete`), 409, "still_in_use");
      const account = decodeURIComponent(new URL(created.url).username);
      for (const name of [account, reserved[kind].user]) {
        const answer = await send(`DELETE ${USERS}/${name}`);
        expect([403, 409], name).toContain(answer.status);
      }
      expect(await created.knex.raw("SELECT 1")).toBeDefined();
    });

    test("a user is made, signs in, and may do what was granted", async () => {
      const made = await send(`POST ${USERS}`, {
        name: user,
        password: PASSWORD,
        grants: { clubs: ["read", "create"], "*": "read" },
      });
      const grants = { clubs: ["read", "create"], named: ["read"] };
      expect(made).toMatchObject({ status: 201, json: { name: user, grants } });
      expect(made.headers.location).toBe(`${USERS}/${user}`);
      expect((await send(`GET ${USERS}/${user}`)).json).toEqual(made.json);
      expect((await send(`GET ${USERS}`)).json).toContainEqual(made.json);
      const there = as(user);
      try {
        await there("clubs").insert({ name: "Rowing" });
        expect(await there("named").select("name")).toEqual([{ name: "Rowing" }]);
        await expect(there("clubs").delete()).rejects.toThrow(/denied/);
        await expect(there("vaults").select()).rejects.toThrow(/denied/);
      } finally {
        await there.destroy();
      }
      isProblem(await send(`POST ${USERS}`, { name: user, password: PASSWORD }), 409, "name_taken");
    });

    test("a password is in no answer and no log", async () => {
      const dry = await send(`POST ${USERS}?dry-run=true`, {
        name: `${user}x`,
        password: PASSWORD,
        grants: { clubs: "*" },
      });
      expect(dry.json.statements[0]).toContain("***");
      expect(dry.json.statements[1]).toMatch(/GRANT SELECT, INSERT, UPDATE, DELETE ON .*clubs/);
      expect(await named(USERS)).not.toContain(`${user}x`);
      const everything = dry.text + JSON.stringify(told);
      expect(everything).not.toContain(PASSWORD);
      expect(everything).not.toContain(PASSWORD.replaceAll("'", "''"));
      expect(everything).not.toContain("SCRAM-SHA-256$4096:");
    });

    test.runIf(database.can.takeHashedPasswords)("a password never goes to the server", () => {
      expect(tap.said()).toContain(user);
      expect(tap.said()).not.toContain(PASSWORD.slice(4));
    });

    test.skipIf(database.can.takeHashedPasswords)("the server writes a password to no log of its own", async () => {
      const logged = `${user}l`;
      await created.knex.raw("SET GLOBAL log_output = 'TABLE'");
      await created.knex.raw("SET GLOBAL general_log = ON");
      await send(`POST ${USERS}`, { name: logged, password: PASSWORD });
      await created.knex.raw("SET GLOBAL general_log = OFF");
      const [rows] = await created.knex.raw("SELECT CONVERT(argument USING utf8mb4) AS said FROM mysql.general_log");
      const creating = rows.filter(({ said }: { said: string }) => said.includes(logged) && /^CREATE USER/.test(said));
      expect(creating.map(({ said }: { said: string }) => said)).toEqual([expect.stringContaining("<secret>")]);
      expect(JSON.stringify(rows)).not.toContain(PASSWORD.slice(4, 10));
      await send(`DELETE ${USERS}/${logged}`);
    });

    test.runIf(database.can.haveOwners)("a user who owns something stays, with all rights", async () => {
      await created.knex.raw(`CREATE FUNCTION own_${unique}() RETURNS int LANGUAGE sql AS 'SELECT 1'`);
      await created.knex.raw(`ALTER FUNCTION own_${unique}() OWNER TO ${quote(user)}`);
      const owner = await send(`DELETE ${USERS}/${user}`);
      isProblem(owner, 409, "still_in_use");
      expect((await send(`GET ${USERS}/${user}`)).json.grants).toHaveProperty("clubs");
      await created.knex.raw(`DROP FUNCTION own_${unique}()`);
    });

    test("a user who owns nothing goes", async () => {
      expect((await send(`DELETE ${USERS}/${user}?dry-run=true`)).json.statements.at(-1)).toMatch(/^DROP (ROLE|USER)/);
      expect((await send(`DELETE ${USERS}/${user}`)).status).toBe(204);
      expect(await named(USERS)).not.toContain(user);
      isProblem(await send(`GET ${USERS}/${user}`), 404, "no_route");
      const there = as(user);
      await expect(there.raw("SELECT 1")).rejects.toThrow(/authentication failed|denied/);
      await there.destroy();
    });

    test("a grant that fails leaves no user", async () => {
      const half = { name: `${user}h`, ...(database.can.haveUsersByHost && { host: "%" }) };
      const opened = await knownDatabase(openDatabase(created.url));
      try {
        const { administration, ask, say, users } = administeringOf(opened) as Administering;
        const grants = [{ schema: null, table: "gone", rights: ["SELECT"] as const }];
        const statements = await administration.createUser({ ...half, password: PASSWORD, grants }, ask);
        const undo = await administration.dropUser(half, ask);
        await expect(say(statements, undo)).rejects.toThrow("the server refuses it");
        expect(await users()).not.toContainEqual(half);
        // What was there before is not undone.
        await say(statements.slice(0, 1));
        await expect(say(statements, undo)).rejects.toMatchObject({ fault: "exists" });
        expect(await users()).toContainEqual(half);
        await say(undo);
      } finally {
        await opened.close();
      }
    });

    test.each([
      ["no name", {}, "name", /is a name/],
      ["SQL for a name", { name: 'x"; DROP DATABASE y; --' }, "name", /is no name/],
      ["a long name", { name: "x".repeat(61) }, "name", /60 bytes at most/],
      ["an unknown word", { name: "x", owner: "y" }, "owner", /no such option/],
    ])("a database with %s", async (_, body, field, message) => {
      const answer = await send(`POST ${DATABASES}`, body);
      isProblem(answer, 400, "invalid_body", JSON.stringify(body));
      expect(answer.json.errors[0].field).toBe(field);
      expect(answer.json.detail).toMatch(message);
    });

    test.each([
      ["no password", { name: "x" }, "password", /is a text/],
      ["a short one", { name: "x", password: "short" }, "password", /12 to 128/],
      ["a long one", { name: "x", password: "y".repeat(129) }, "password", /12 to 128/],
      ["a backslash", { name: "x", password: "backslash\\backslash" }, "password", /no backslash/],
      ["a letter beyond ASCII", { name: "x", password: "müde müde müde" }, "password", /ASCII/],
      ["its own name", { name: "henry", password: "HENRY the eighth" }, "password", /the user's name/],
      ["a table's slip", { name: "x", password: PASSWORD, grants: { club: "read" } }, "grants.club", /meant 'clubs'/],
      [
        "a table that is hidden",
        { name: "x", password: PASSWORD, grants: { vaults: "read" } },
        "grants.vaults",
        /no such/,
      ],
      ["a right's slip", { name: "x", password: PASSWORD, grants: { clubs: "raed" } }, "grants.clubs", /meant 'read'/],
      ["no rights", { name: "x", password: PASSWORD, grants: { clubs: [] } }, "grants.clubs", /one or several/],
      ["a list of grants", { name: "x", password: PASSWORD, grants: ["clubs"] }, "grants", /is an object/],
      ["SQL for a name", { name: "x'@'%' IDENTIFIED BY 'y", password: PASSWORD }, "name", /is no name/],
      ["SQL for a host", { name: "x", password: PASSWORD, host: "%' --" }, "host", /host|no such option/],
    ])("a user with %s", async (_, body, field, message) => {
      const answer = await send(`POST ${USERS}`, body);
      isProblem(answer, 400, "invalid_body", JSON.stringify(body));
      expect(answer.json.errors[0].field).toBe(field);
      expect(answer.json.detail).toMatch(message);
      expect(answer.text).not.toContain(PASSWORD);
    });

    test("parameters that are not there", async () => {
      isProblem(await send(`POST ${DATABASES}?rows=delete`, { name: "x" }), 400, "unknown_parameter");
      isProblem(await send(`GET ${USERS}?limit=5`), 400, "unknown_parameter");
      isProblem(await send(`PATCH ${USERS}/x`, {}), 405, "method_not_allowed");
    });

    test.runIf(database.can.haveUsersByHost)("users of one host are told apart", async () => {
      const one = `${user}h`;
      const made = await send(`POST ${USERS}`, { name: one, host: "10.0.0.7", password: PASSWORD });
      expect(made).toMatchObject({ status: 201, json: { name: one, host: "10.0.0.7", grants: {} } });
      expect(made.headers.location).toBe(`${USERS}/${one}%4010.0.0.7`);
      isProblem(await send(`DELETE ${USERS}/${one}`), 404, "no_route");
      expect((await send(`DELETE ${made.headers.location}`)).status).toBe(204);
    });
  });
}

describe("without a server of databases", () => {
  test.skipIf(sqlite.skip)("the answer says what there is instead", async () => {
    const created = await sqlite.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY);");
    const server = await serve(created.url, { port: 0, schemaRoutes: true });
    for (const [method, path] of [
      ["GET", DATABASES],
      ["POST", DATABASES],
      ["DELETE", `${DATABASES}/shop`],
      ["GET", USERS],
      ["POST", USERS],
      ["DELETE", `${USERS}/app`],
    ] as const) {
      const answer = await request(server.url, method, path, method === "POST" ? { body: { name: "shop" } } : {});
      isProblem(answer, 404, "no_route");
      expect(answer.json.detail).toMatch(/This database is a file, .* Make another file/);
    }
    await server.close();
    await created.drop();
  });
});
