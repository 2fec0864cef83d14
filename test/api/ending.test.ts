// Requests that end before their work is done: the client leaves, or the time is over. What was begun is broken off and rolled
// back, on the server too, and the answer says what the database holds.
import { afterEach, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import type { ApiRequest } from "../../src/http/message.js";
import type { HookContext } from "../../src/run/hooks.js";
import { hosts } from "../conformance/hosts.js";
import { onEveryDatabase, type Place } from "../support/matrix.js";

const long = "SELECT MIN(a.seq) AS id, COUNT(*) AS n FROM seq_1_to_20000 a, seq_1_to_20000 b";
const ddl = {
  sqlite: "",
  postgres: `
    CREATE TABLE notes (id INTEGER PRIMARY KEY, body VARCHAR(50));
    CREATE TABLE slow_notes (id INTEGER PRIMARY KEY, body VARCHAR(50));
    CREATE TABLE late_notes (id INTEGER PRIMARY KEY, body VARCHAR(50));
    CREATE TABLE copies (id INTEGER);
    CREATE VIEW delays AS SELECT 1 AS id, pg_sleep(60)::text AS n;
    CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(TG_ARGV[0]::float); RETURN NEW; END';
    CREATE TRIGGER waits BEFORE INSERT ON slow_notes FOR EACH ROW EXECUTE FUNCTION wait(60);
    CREATE FUNCTION copy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO copies VALUES (NEW.id); RETURN NEW; END';
    CREATE TRIGGER copies AFTER INSERT ON late_notes FOR EACH ROW EXECUTE FUNCTION copy();
    CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON copies DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait(3);`,
  mariadb: `
    CREATE TABLE notes (id INTEGER PRIMARY KEY, body VARCHAR(50));
    CREATE TABLE slow_notes (id INTEGER PRIMARY KEY, body VARCHAR(50));
    CREATE VIEW delays AS ${long};
    CREATE TRIGGER waits BEFORE INSERT ON slow_notes FOR EACH ROW SET NEW.body = (SELECT n FROM (${long}) t);`,
};
const withServer = ["postgres", "mariadb"] as const;

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Statements that the database is at, of others than the one who asks. */
const busy = {
  sqlite: "",
  postgres:
    "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()",
  mariadb:
    "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE db = DATABASE() AND command IN ('Query', 'Execute') AND id <> CONNECTION_ID()",
};
async function statements(place: Place): Promise<number> {
  const answer = await place.db().knex.raw(busy[place.name]);
  return Number((answer.rows ?? answer[0])[0].n);
}
const until = async (work: () => Promise<boolean>) => {
  while (!(await work())) await new Promise((resolve) => setTimeout(resolve, 50));
};
const count = async (place: Place, table: string) => Number((await place.db().knex(table).count({ n: "*" }))[0]?.n);

async function open(place: Place, options: ApiOptions = {}) {
  const api = await createApi(place.db().url, { poolMin: 0, poolMax: 1, ...options });
  ends.push(() => api.close());
  const ask = async (line: string, body?: unknown, more: Partial<ApiRequest> = {}) => {
    const [method = "", path = ""] = line.split(" ");
    const answer = await api.handle({
      ...{ method, path, query: "", prefix: "", raw: undefined },
      header: () => undefined,
      body: async () => ({ kind: "parsed", value: body }),
      ...more,
    });
    const { status, body: text = "" } = answer ?? { status: 0 };
    return { status, json: text === "" ? undefined : JSON.parse(text) };
  };
  return { api, ask };
}

const read = ["GET /delays", undefined] as const;
const write = ["POST /slow_notes", { id: 1, body: "a" }] as const;
const batch = [
  "POST /batch",
  [
    { method: "POST", path: "/notes", body: { id: 1, body: "a" } },
    ...Array(50).fill({ method: "GET", path: "/delays" }),
  ],
] as const;
const kinds = [
  ["a read", read],
  ["a write", write],
  ["a batch", batch],
] as const;

onEveryDatabase(
  ddl,
  (place) => {
    for (const host of hosts) {
      test(`the client leaves, through ${host.name}`, async () => {
        const { base, close } = await host.start(place.db().url, { poolMin: 0, poolMax: 1 });
        ends.push(close);
        for (const [, [line, body]] of kinds) {
          const [method = "", path = ""] = line.split(" ");
          const leaving = new AbortController();
          const headers = { "content-type": "application/json" };
          const asked = fetch(base + path, {
            method,
            headers,
            signal: leaving.signal,
            body: body && JSON.stringify(body),
          });
          await until(async () => (await statements(place)) > 0);
          leaving.abort();
          await expect(asked).rejects.toThrow(/abort/i);
          await until(async () => (await statements(place)) === 0);
          // The only connection is free again, and nothing of the batch goes on.
          expect(await (await fetch(`${base}/notes`)).json()).toEqual([]);
          await until(async () => (await statements(place)) === 0);
        }
        expect(await count(place, "slow_notes")).toBe(0);
      });
    }

    test.each(kinds)("%s that is not done in time is a 504, and nothing is kept", async (_name, [line, body]) => {
      const { ask } = await open(place, { answerTimeout: 1 });
      const { status, json } = await ask(line, body);
      expect({ status, code: json.code }).toEqual({ status: 504, code: "timeout" });
      expect(json.detail).toMatch(line === read[0] ? /later\.$/ : /Nothing was changed\.$/);
      await until(async () => (await statements(place)) === 0);
      expect(await ask("GET /notes")).toEqual({ status: 200, json: [] });
      expect(await count(place, "slow_notes")).toBe(0);
    });

    test("a statement past its own time is a 504 on the client's side too", async () => {
      const { ask } = await open(place, { statementTimeout: 1 });
      for (const [, [line, body]] of kinds) expect((await ask(line, body)).status).toBe(504);
      await until(async () => (await statements(place)) === 0);
      expect([await count(place, "notes"), await count(place, "slow_notes")]).toEqual([0, 0]);
    });

    test("a signal of the host's own", async () => {
      const { ask } = await open(place);
      const leaving = new AbortController();
      const asked = ask(...write, { signal: leaving.signal });
      await until(async () => (await statements(place)) > 0);
      leaving.abort();
      expect(await asked).toMatchObject({ status: 499, json: { code: "client_left" } });
      expect(await count(place, "slow_notes")).toBe(0);
    });

    test("hooks hear of it, and one that never ends holds nothing", async () => {
      const heard: unknown[] = [];
      const waits = ({ request: { signal } }: HookContext) =>
        new Promise((_, reject) => {
          signal?.addEventListener("abort", () => {
            heard.push(signal.aborted);
            reject(new Error("left"));
          });
        });
      const overrides = [
        { name: "notes", preSave: waits },
        { name: "slow_notes", preSave: () => new Promise(() => {}) },
      ];
      const { ask } = await open(place, { answerTimeout: 1, overrides });
      for (const table of ["notes", "slow_notes"]) {
        const answer = await ask(`POST /${table}`, { id: 1, body: "a" });
        expect(answer).toMatchObject({
          status: 504,
          json: { detail: expect.stringMatching(/Nothing was changed\.$/) },
        });
      }
      expect(heard).toEqual([true]);
      expect(await ask("GET /notes")).toEqual({ status: 200, json: [] });
    });

    test("the hooks of many rows may all listen", async () => {
      const warnings: Error[] = [];
      const warned = (warning: Error) => void warnings.push(warning);
      process.on("warning", warned);
      ends.push(async () => process.off("warning", warned));
      const preSave = ({ request: { signal } }: HookContext) => void signal?.addEventListener("abort", () => {});
      const leaving = new AbortController();
      const { ask } = await open(place, { overrides: [{ name: "notes", preSave }] });
      const rows = Array.from({ length: 30 }, (_, id) => ({ id, body: "a" }));
      expect((await ask("POST /notes", rows, { signal: leaving.signal })).status).toBe(201);
      await new Promise(setImmediate);
      expect(warnings).toEqual([]);
      await place.db().knex("notes").del();
    });

    test("what is committed is answered as that, whatever comes after it", async () => {
      const { ask } = await open(place, {
        answerTimeout: 1,
        overrides: [{ name: "notes", afterCommit: () => new Promise(() => {}) }],
      });
      expect(await ask("POST /notes", { id: 1, body: "a" })).toMatchObject({ status: 201, json: { id: 1 } });
      expect(await count(place, "notes")).toBe(1);
      await place.db().knex("notes").del();
    });

    test("the wait for a connection ends with the request", async () => {
      const { ask } = await open(place, { answerTimeout: 1 });
      const answers = await Promise.all(Array.from({ length: 5 }, () => ask(...read)));
      expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(504));
      expect((await ask("GET /notes")).status).toBe(200);
    });
  },
  withServer,
);

onEveryDatabase(
  ddl,
  (place) => {
    test.each([[{}], [{ overrides: [{ name: "late_notes", preSave: () => {} }] }]])(
      "a commit is not broken off: %j",
      async (options) => {
        const { ask } = await open(place, { answerTimeout: 1, ...options });
        const entries = [{ method: "POST", path: "/late_notes", body: { id: 1, body: "a" } }];
        expect(await ask("POST /batch", entries)).toMatchObject({ status: 200 });
        expect(await count(place, "late_notes")).toBe(1);
        await place.db().knex.raw("TRUNCATE late_notes");
      },
    );
  },
  ["postgres"],
);
