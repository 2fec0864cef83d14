// A database that is not up when the server starts, and one that takes no more connections.
import { setTimeout as sleep } from "node:timers/promises";
import knexPackage, { type Knex } from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explain } from "../../src/cli/failure.js";
import { whenThere } from "../../src/database/awaiting.js";
import { refusal } from "../../src/dialect/mysql/refusal.js";
import { serve } from "../../src/server/serve.js";
import { run } from "../cli/cli.js";
import { type Created, type DatabaseName, databases } from "../support/databases.js";
import { type LimitedUser, limitedUser } from "../support/limited-user.js";
import { startRelay } from "./relay.js";

/** A logger that keeps what is said. */
function keeping() {
  const said: string[] = [];
  const say = (_: object, text: string) => void said.push(text);
  return { said, logger: { debug: say, info: say, warn: say, error: say } };
}

const withPassword = (url: string, password: string): string => {
  const changed = new URL(url);
  changed.password = password;
  return changed.href;
};

const twoConnections: Readonly<Record<DatabaseName, string>> = {
  sqlite: "",
  postgres: "ALTER ROLE {user} CONNECTION LIMIT 2",
  mariadb: "ALTER USER {user} WITH MAX_USER_CONNECTIONS 2",
};

for (const database of databases.filter(({ can }) => can.haveUsers)) {
  describe.skipIf(database.skip)(database.name, () => {
    let created: Created;
    let user: LimitedUser;
    beforeAll(async () => {
      created = await database.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY); INSERT INTO clubs VALUES (1)");
      user = await limitedUser(database, created, ["GRANT SELECT ON clubs TO {user}", twoConnections[database.name]]);
    });
    afterAll(async () => {
      await user?.drop();
      await created?.drop();
    });

    test("that is started later is waited for, and the log says so once", async () => {
      const relay = await startRelay(created.url);
      await relay.down();
      const { said, logger } = keeping();
      const starting = serve(relay.url, { port: 0, connectTimeout: 30, logger });
      await expect.poll(() => said).toHaveLength(1);
      expect(said[0]).toMatch(/^the database is not there yet, and is tried again for 30 seconds: .*ECONNREFUSED/);
      await sleep(600);
      await relay.up();
      const server = await starting;
      expect(said.filter((text) => text.includes("not there yet"))).toHaveLength(1);
      expect((await fetch(`${server.api}/clubs/1`)).status).toBe(200);
      await server.close();
      await relay.down();
    });

    test("that never comes ends the start, in words", async () => {
      const relay = await startRelay(created.url);
      await relay.down();
      const { code, stdout, stderr } = await run(["serve", relay.url, "--connect-timeout", "1"]);
      expect(stderr).toMatch(/^sapwood: nothing listens at 127\.0\.0\.1:\d+ .* It was tried for 1 seconds .*\n$/);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    });

    test("a wrong password is not waited for, with auth neither", async () => {
      const { said, logger } = keeping();
      const wrong = withPassword(created.url, "wrong");
      const began = Date.now();
      for (const more of [{}, { auth: { keys: {} }, roles: { member: "*" } as const }]) {
        const failed = await serve(wrong, { port: 0, connectTimeout: 30, logger, ...more }).catch((error) => error);
        expect(explain(failed, { db: wrong })).toContain("does not accept this user and password");
      }
      expect(said).toEqual([]);
      expect(Date.now() - began).toBeLessThan(10_000);
    });

    test("with too many connections says so at the start and to requests, and goes on when there are fewer", async () => {
      const options = { port: 0, poolMin: 0, poolMax: 2, listenForChanges: false, connectTimeout: 1 } as const;
      const server = await serve(user.url, { ...options, poolIdleTimeout: 0.2 });
      expect((await fetch(`${server.api}/clubs/1`)).status).toBe(200);
      // The pool's own connections go when nobody uses them.
      const others = await occupied(user.url);
      try {
        const response = await fetch(`${server.api}/clubs/1`);
        expect(response.status).toBe(503);
        expect(response.headers.get("retry-after")).toBe("5");
        expect(await response.json()).toMatchObject({
          code: "database_away",
          detail: expect.stringMatching(/too many connections.*poolMax lower/),
        });
        const failed = await serve(user.url, options).catch((error) => error);
        expect(explain(failed, { db: user.url })).toMatch(
          /^the database at \S+ takes no more connections \(too many connections\)\. Set --pool-max lower.* It was tried for 1 seconds/,
        );
      } finally {
        await Promise.all(others.map((other) => other.destroy()));
      }
      await expect.poll(async () => (await fetch(`${server.api}/clubs/1`)).status, { timeout: 10_000 }).toBe(200);
      await server.close();
    });
  });
}

/** Takes both connections that the user may have. */
async function occupied(url: string): Promise<readonly Knex[]> {
  const { protocol } = new URL(url);
  const client = protocol.startsWith("p") ? "pg" : "mysql2";
  const taken: Knex[] = [];
  while (taken.length < 2) {
    const one = knexPackage({ client, connection: url, pool: { min: 0, max: 1, idleTimeoutMillis: 60_000 } });
    await one.raw("SELECT 1").then(
      () => taken.push(one),
      () => one.destroy(),
    );
    await sleep(100);
  }
  return taken;
}

test("MySQL's own limit of all connections is one too", () => {
  const error = Object.assign(new Error("Too many connections"), { errno: 1040, sqlState: "08004" });
  expect(refusal(error)).toEqual({ code: "database_away", full: true });
});

test("a file that is not there is not waited for", async () => {
  const told: string[] = [];
  const patience = { patience: 30_000, tell: (why: string) => void told.push(why) };
  const failed = Object.assign(new Error("unable to open database file"), { code: "SQLITE_CANTOPEN" });
  await expect(whenThere("sqlite:no.db", () => Promise.reject(failed), patience)).rejects.toBe(failed);
  expect(told).toEqual([]);
});
