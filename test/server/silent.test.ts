// A database that falls silent and closes nothing: its processes stand still, or the network passes nothing on. Requests are
// answered in time, connections that do not answer are thrown away, and all is well soon after it speaks again.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import knexPackage, { type Knex } from "knex";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ServeSettings, serve } from "../../src/server/serve.js";
import { start } from "../cli/cli.js";
import { endAll } from "../support/daemon.js";
import { freeze } from "../support/freeze.js";
import { startMariadb } from "../support/mariadb.js";
import { startPostgres } from "../support/postgres.js";
import { type Relay, startRelay } from "./relay.js";

/** Servers of the test's own: others are not to stand still. */
const servers = [
  {
    name: "postgres",
    start: startPostgres,
    client: "pg",
    sleep: "pg_sleep(5) IS NULL",
    limit: "ALTER DATABASE quiet SET statement_timeout = '60s'",
    pid: async (knex: Knex) => {
      const { rows } = await knex.raw("SHOW data_directory");
      return Number(readFileSync(`${rows[0].data_directory}/postmaster.pid`, "utf8").split("\n")[0]);
    },
  },
  {
    name: "mariadb",
    start: () => startMariadb(),
    client: "mysql2",
    sleep: "sleep(5)",
    limit: "SET GLOBAL max_statement_time = 60",
    pid: async (knex: Knex) => {
      const [rows] = await knex.raw("SELECT @@datadir AS folder, @@pid_file AS file");
      const { folder, file } = rows[0];
      return Number(readFileSync(file.startsWith("/") ? file : `${folder}${file}`, "utf8"));
    },
  },
] as const;

/** Far more than the second that a statement has, and far less than nobody answering. */
const SOON = 25_000;

afterAll(endAll);

for (const server of servers) {
  describe(server.name, () => {
    let url: string;
    let knex: Knex;
    let relay: Relay;
    beforeAll(async () => {
      const given = await server.start();
      if (given === undefined) throw new Error("MariaDB is not installed");
      const other = new URL(given);
      knex = knexPackage({ client: server.client, connection: given });
      await knex.raw("CREATE DATABASE quiet");
      await knex.destroy();
      other.pathname = "/quiet";
      url = other.href;
      knex = knexPackage({ client: server.client, connection: url });
      await knex.schema.createTable("notes", (table) => {
        table.integer("id").primary();
        table.string("body");
      });
      await knex("notes").insert({ id: 1, body: "a" });
      relay = await startRelay(url);
    }, 60_000);
    afterAll(() => knex?.destroy());

    const ends: (() => unknown)[] = [];
    afterEach(async () => {
      for (const end of ends.splice(0).reverse()) await end();
      await knex("notes").where("id", ">", 1).del();
    });

    const serving = async (at: string, more: ServeSettings = {}) => {
      const running = await serve(at, {
        port: 0,
        statementTimeout: 1,
        poolMin: 0,
        poolMax: 3,
        logLevel: "silent",
        ...more,
      });
      ends.push(() => running.close());
      const ask = async (method: string, path: string, body?: unknown) => {
        const begun = performance.now();
        const answer = await fetch(`${running.api}${path}`, {
          method,
          headers: { "content-type": "application/json" },
          body: body === undefined ? null : JSON.stringify(body),
        });
        const text = await answer.text();
        return {
          status: answer.status,
          took: performance.now() - begun,
          text,
          retry: answer.headers.get("retry-after"),
        };
      };
      return { running, ask };
    };
    type Ask = Awaited<ReturnType<typeof serving>>["ask"];

    const entry = (id: number) => ({ method: "POST", path: "/notes", body: { id, body: "b" } });
    const every = (ask: Ask, id: number) => [
      ask("GET", "/notes/1"),
      ask("GET", "/notes?limit=5"),
      ask("POST", "/notes", { id, body: "b" }),
      ask("POST", "/notes", [{ id: id + 1, body: "b" }]),
      ask("POST", "/batch", [entry(id + 2), { method: "GET", path: "/notes" }]),
      ask("GET", "/notes/1"),
    ];
    const recovered = async (ask: Ask) => {
      const begun = performance.now();
      while ((await ask("GET", "/notes/1")).status !== 200) await sleep(100);
      expect(performance.now() - begun).toBeLessThan(SOON);
      for (const { status } of await Promise.all(every(ask, 100))) expect([200, 201]).toContain(status);
    };
    const allRefused = async (ask: Ask) => {
      for (const { status, took, retry } of await Promise.all(every(ask, 10))) {
        expect([503, 504]).toContain(status);
        if (status === 503) expect(retry).not.toBeNull();
        expect(took).toBeLessThan(SOON);
      }
    };

    test("it stands still, and goes on", async () => {
      const { ask, running } = await serving(url);
      for (const { status } of await Promise.all(every(ask, 50))) expect([200, 201]).toContain(status);
      const thaw = freeze(await server.pid(knex));
      ends.push(thaw);
      await allRefused(ask);
      expect((await fetch(`${running.url}/health`)).status).toBe(503);
      thaw();
      await recovered(ask);
    }, 120_000);

    test("the network passes nothing on, and then new connections only", async () => {
      const { ask, running } = await serving(relay.url);
      for (const { status } of await Promise.all(every(ask, 50))) expect([200, 201]).toContain(status);
      relay.silence();
      await allRefused(ask);
      expect((await fetch(`${running.url}/health`)).status).toBe(503);
      relay.speak();
      await recovered(ask);
      expect((await fetch(`${running.url}/health`)).status).toBe(200);
    }, 120_000);

    test("without a time for statements, the time of the whole request ends it", async () => {
      const { ask } = await serving(relay.url, { answerTimeout: 2, statementTimeout: undefined });
      expect((await ask("GET", "/notes/1")).status).toBe(200);
      relay.silence();
      ends.push(() => relay.speak());
      await allRefused(ask);
      relay.speak();
      await recovered(ask);
    }, 120_000);

    test("the server's own default ends it as well, and leaves alone what the database lets run longer", async () => {
      await knex.raw(`CREATE OR REPLACE VIEW slow AS SELECT 1 AS id, ${server.sleep} AS slept`);
      await knex.raw(server.limit);
      const { ask } = await serving(relay.url, {
        ...{ statementTimeout: undefined, defaultStatementTimeout: 1, answerTimeout: 300 },
      });
      expect((await ask("GET", "/slows?limit=1")).status).toBe(200);
      relay.silence();
      ends.push(() => relay.speak());
      await allRefused(ask);
      relay.speak();
      await recovered(ask);
    }, 120_000);

    test("the time for which the machine stood still is nobody's", async () => {
      const program = await start(["serve", url, "--port", "0", "--statement-timeout", "1", "--answer-timeout", "2"]);
      ends.push(() => program.signal("SIGKILL"));
      expect((await fetch(`${program.url}/api/notes/1`)).status).toBe(200);
      const held = await knex.transaction();
      await held("notes").where({ id: 1 }).update({ body: "held" });
      // The statement begins only when the database goes on, so that its own clock has nothing to count.
      const thawDatabase = freeze(await server.pid(knex));
      ends.push(thawDatabase);
      const headers = { "content-type": "application/json" };
      const waiting = fetch(`${program.url}/api/notes/1`, { method: "PATCH", headers, body: '{"body":"a"}' });
      await sleep(200);
      const thaw = freeze(program.pid);
      await sleep(4_000);
      thaw();
      thawDatabase();
      await sleep(400);
      await held.commit();
      expect((await waiting).status).toBe(200);
    }, 60_000);

    test("a server that is told to stop ends", async () => {
      const program = await start(["serve", relay.url, "--port", "0", "--stop-timeout", "1"]);
      expect((await fetch(`${program.url}/api/notes/1`)).status).toBe(200);
      relay.silence();
      ends.push(() => relay.speak());
      const left = fetch(`${program.url}/api/notes`).catch(() => undefined);
      await sleep(300);
      program.signal("SIGTERM");
      expect((await program.ended).code).toBe(0);
      await left;
    }, 60_000);
  });
}
