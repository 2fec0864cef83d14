// `sapwood serve --workers`: one port and several processes, which are killed, renewed and ended while clients ask.
import { readFileSync } from "node:fs";
import { Agent, request as send } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Running, run, start } from "../cli/cli.js";
import { type Ask, hammer, type Tally } from "../server/clients.js";
import { type Created, databases } from "../support/databases.js";

/** The processes that a process has started. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(50);
}

/** On a connection of its own, so that any worker may have it. */
function ask(base: string, method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
  const agent = new Agent({ keepAlive: false });
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const sent = send(base + path, { method, agent, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => (text += part));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text })).on("error", reject);
    });
    sent.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

for (const database of databases) {
  describe.skipIf(database.skip)(database.name, () => {
    let created: Created;
    const running: Running[] = [];
    beforeAll(async () => {
      created = await database.create(`
        CREATE TABLE notes (id INTEGER PRIMARY KEY, body VARCHAR(200));
        INSERT INTO notes (id, body) VALUES (1, 'a'), (2, 'b'), (3, 'c')`);
    });
    afterEach(() => {
      for (const one of running.splice(0)) one.signal("SIGKILL");
    });
    afterAll(() => created?.drop());

    async function serving(...args: string[]): Promise<Running> {
      const server = await start(["serve", created.url, "--port", "0", "--workers", "2", ...args]);
      running.push(server);
      return server;
    }

    const count = async () => Number((await created.knex("notes").count({ n: "*" }))[0]?.n);
    let id = 1_000;
    const asks: (() => Ask)[] = [
      () => ({ path: "/api/notes/1" }),
      () => ({ path: "/api/notes?limit=5" }),
      () => ({ method: "POST", path: "/api/notes", body: JSON.stringify({ id: ++id, body: "new" }) }),
    ];
    let turn = 0;
    const next = () => (asks[turn++ % asks.length] as () => Ask)();

    test("SIGUSR2 puts new workers in the place of all, and no request is lost", async () => {
      const server = await serving();
      const before = await count();
      const tally: Tally = { answered: 0, lost: [], created: 0 };
      const hammering = hammer(server.url, 12, next, tally);
      await until(() => tally.answered > 200);
      for (let round = 0; round < 2; round++) {
        const old = childrenOf(server.pid);
        expect(old).toHaveLength(2);
        server.signal("SIGUSR2");
        await until(() => childrenOf(server.pid).every((pid) => !old.includes(pid)));
      }
      const answered = tally.answered;
      await until(() => tally.answered > answered + 200);
      expect(tally.lost).toEqual([]);
      server.signal("SIGTERM");
      expect(await server.ended).toMatchObject({ code: 0, stderr: "" });
      await hammering;
      expect((await count()) - before).toBeGreaterThanOrEqual(tally.created);
    }, 120_000);

    test("one that is killed is replaced, and what was answered stands", async () => {
      const server = await serving();
      const before = await count();
      const tally: Tally = { answered: 0, lost: [], created: 0 };
      const hammering = hammer(server.url, 6, next, tally);
      await until(() => tally.answered > 100);
      const [first = 0, second] = childrenOf(server.pid);
      process.kill(first, "SIGKILL");
      await until(() => childrenOf(server.pid).length === 2 && !childrenOf(server.pid).includes(first));
      expect(childrenOf(server.pid)).toContain(second);
      for (let i = 0; i < 20; i++) expect((await ask(server.url, "GET", "/api/notes/1")).status).toBe(200);
      server.signal("SIGTERM");
      const { code, stderr } = await server.ended;
      expect([code, JSON.parse(stderr.trim().split("\n")[0] as string)]).toMatchObject([
        0,
        { signal: "SIGKILL", msg: "a worker ended, and another one is started" },
      ]);
      await hammering;
      // Connections of the one that was killed end; nothing is a fault of the server.
      expect(tally.lost.filter((what) => !/^(ECONNRESET|EPIPE|half an answer|socket hang up)/.test(what))).toEqual([]);
      expect((await count()) - before).toBeGreaterThanOrEqual(tally.created);
    }, 120_000);

    test("a rate limit is one for all of them", async () => {
      const server = await serving("--rate-limit", "30", "--rate-period", "1000");
      const statuses: number[] = [];
      for (let i = 0; i < 50; i++) statuses.push((await ask(server.url, "GET", "/api/notes/1")).status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(30);
      expect(statuses.filter((status) => status === 429)).toHaveLength(20);
    }, 60_000);

    test("what one has written none of them answers otherwise", async () => {
      const server = await serving("--cache-ttl", "600");
      for (let i = 0; i < 15; i++) {
        for (let n = 0; n < 4; n++) await ask(server.url, "GET", "/api/notes/2");
        expect((await ask(server.url, "PATCH", "/api/notes/2", { body: `b${i}` })).status).toBe(200);
        for (let n = 0; n < 4; n++)
          expect(JSON.parse((await ask(server.url, "GET", "/api/notes/2")).text)).toEqual({ id: 2, body: `b${i}` });
      }
    }, 60_000);

    test("/metrics is of all, with memory and event loop of each; POST /admin/refresh reaches all", async () => {
      const server = await serving("--metrics");
      for (let i = 0; i < 20; i++) await ask(server.url, "GET", "/api/notes/1");
      const { text } = await ask(server.url, "GET", "/metrics");
      expect(text).toMatch(/^sapwood_http_request_duration_seconds_count\{.*route="\/notes\/:id".*\} 20$/m);
      for (const worker of ["1", "2"])
        for (const name of ["process_resident_memory_bytes", "nodejs_eventloop_lag_p99_seconds"])
          expect(text).toMatch(new RegExp(`^${name}\\{worker="${worker}"\\} `, "m"));
      await created.knex.schema.alterTable("notes", (table) => void table.integer("extra"));
      expect((await ask(server.url, "POST", "/admin/refresh")).status).toBe(200);
      for (let i = 0; i < 8; i++)
        expect(JSON.parse((await ask(server.url, "GET", "/api/notes/3")).text)).toHaveProperty("extra", null);
      await created.knex.schema.alterTable("notes", (table) => void table.dropColumn("extra"));
    }, 60_000);

    test("what keeps one from starting is said once, and ends all", async () => {
      const { code, stderr, stdout } = await run(["serve", created.url, "--workers", "2", "--include", "nothing"]);
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stderr).toContain("there is no table");
      const few = await run(["serve", created.url, "--workers", "3", "--pool-max", "2"]);
      expect(few).toMatchObject({ code: 1, stderr: expect.stringContaining("fewer than the 3 workers") });
    }, 60_000);
  });
}

test("a database in memory is one process's own", async () => {
  const { code, stderr } = await run(["serve", "sqlite::memory:", "--workers", "2"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("Leave workers out, or name a file.")]);
});
