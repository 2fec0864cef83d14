// Long queries on a SQLite file run in processes of their own. Here it is the built package that is asked: the sources have no
// file that a process could run. The same file opened by a config has no such processes, and shows what is right.
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Readers } from "../../src/dialect/readers.js";
import type { Api } from "../../src/index.js";
import type { Created } from "../support/databases.js";
import { askJson as ask } from "../support/json-request.js";
import { startedProcesses } from "../support/started-processes.js";
import { create, createApi, using } from "./built-api.js";
import { start } from "./cli.js";

const builtSqlite = fileURLToPath(new URL("../../dist/src/dialect/sqlite/sqlite.js", import.meta.url));

const counting = (name: string, most: number) => `CREATE VIEW ${name} AS
  WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ${most}) SELECT count(*) AS count FROM n;`;
/** `slow` takes a second or more, `middling` some tens of milliseconds. */
const small = `CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL, weight DECIMAL(6, 2), file BLOB, big BIGINT);
  CREATE TABLE drifting (id INTEGER PRIMARY KEY, gone INTEGER);
  INSERT INTO notes VALUES (1, 'Ärger ☂', 0.1, x'00ff', 9007199254740993), (2, 'second', 0.2, NULL, NULL);
  CREATE VIEW broken AS SELECT id, json_extract(text, '$') AS value FROM notes;
  ${counting("slow", 4_000_000)} ${counting("middling", 300_000)}`;
/** So large that what is not known yet is tried in a reader first. */
const large = `${small}
  WITH RECURSIVE n (id) AS (SELECT 3 UNION ALL SELECT id + 1 FROM n WHERE id < 20000)
  INSERT INTO notes SELECT id, printf('%.300c', 'x'), id % 7, NULL, NULL FROM n;`;

const started = startedProcesses();

describe("answers", () => {
  let database: Created;
  let api: Api;
  let right: Api;
  beforeAll(async () => {
    database = await create(large);
    api = await createApi(database.url);
    const connection = { filename: database.url.replace("sqlite:", "") };
    right = await createApi({ client: "better-sqlite3", connection, useNullAsDefault: true });
  });
  afterAll(async () => {
    await Promise.all([api?.close(), right?.close()]);
    await database?.drop();
  });

  test.each([
    "GET /notes?limit=3",
    "GET /notes?text=contains:%C3%84rger",
    "GET /notes?text=ilike:%C3%A4RGER%25&select=id,text,big",
    "GET /notes?file=AP8=&select=id,file",
    "GET /notes?big=9007199254740993&weight=0.1",
    "GET /notes?select=weight.sum(),weight.avg(),big.sum(),count()&id=lt:3",
    "GET /notes?select=weight,count()&order-by=weight:asc",
    "GET /notes?order-by=text:asc,weight:desc&limit=5&offset=100",
    "GET /notes?text=contains:zzz&count=exact&envelope=true",
    "GET /notes/1?select=id,weight",
    "GET /notes?text=nothing",
    "GET /notes?nothing=1",
    "GET /middlings",
  ])("%s", async (request) => {
    const wanted = await ask(right, request);
    expect(started).toEqual([]);
    for (const _ of [1, 2, 3]) expect(await ask(api, request)).toEqual(wanted);
  });

  test("what fails in a view is told as on the main thread", async () => {
    const told = async (of: Api) => {
      const { status, json } = await ask(of, "GET /brokens");
      return { status, code: json.code, detail: json.detail };
    };
    expect(await told(api)).toMatchObject({ status: 500, code: "database_error" });
    expect(await told(api)).toEqual(await told(right));
  });

  test("what a table lost since the start is told as on the main thread", async () => {
    const other = new Database(database.url.replace("sqlite:", ""));
    other.exec("ALTER TABLE drifting DROP COLUMN gone");
    other.close();
    const answer = await ask(api, "GET /driftings?gone=1");
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer).toEqual(await ask(right, "GET /driftings?gone=1"));
  });
});

test("what was written is seen by the next one to read", () =>
  using(large, async (api) => {
    for (let i = 0; i < 200; i++) {
      expect((await ask(api, "PATCH /notes/2", { text: `second-${i}.` })).status).toBe(200);
      const found = await ask(api, `GET /notes?text=contains:-${i}.&select=id`);
      expect(found.json).toEqual([{ id: 2 }]);
    }
    expect(started.length).toBeGreaterThan(0);
  }));

test("small requests are answered while a long one runs, and lists that are new as well", () =>
  using(large, async (api) => {
    let done = 0;
    const slow = [1, 2, 3].map(() => ask(api, "GET /slows").finally(() => done++));
    for (let i = 1; i <= 20; i++) expect((await ask(api, `GET /notes/${i}`)).status).toBe(200);
    expect(done).toBe(0);
    await slow[0];
    // It is known by now.
    slow.push(ask(api, "GET /slows"), ask(api, "GET /slows"));
    await Promise.all(slow);
    done = 0;
    const again = [1, 2, 3].map(() => ask(api, "GET /slows").finally(() => done++));
    for (let i = 1; i <= 20; i++) expect((await ask(api, `GET /notes?text=contains:x&limit=${i}`)).status).toBe(200);
    expect(done).toBe(0);
    for (const answer of await Promise.all([...slow, ...again])) expect(answer.json).toEqual([{ count: 4_000_000 }]);
  }));

test("a small file is read on the main thread, but for what goes through it more than once, or recurs", () =>
  using(small, async (api) => {
    for (const path of ["/notes", "/notes?text=contains:s", "/notes?select=count()"]) {
      expect((await ask(api, `GET ${path}`)).status).toBe(200);
    }
    expect(started).toHaveLength(0);
    expect((await ask(api, "GET /middlings")).json).toEqual([{ count: 300_000 }]);
    expect(started).toHaveLength(1);
  }));

const endless = large.replace("4000000", "4000000000");

test("a statement that runs past its time is ended, and others are answered", () =>
  using(
    endless,
    async (api) => {
      expect(await ask(api, "GET /slows")).toMatchObject({ status: 504, json: { code: "timeout" } });
      expect((await ask(api, "GET /notes?text=contains:second&select=id")).json).toEqual([{ id: 2 }]);
      expect(started[0]?.killed).toBe(true);
    },
    { statementTimeout: 3 },
  ));

test("a read whose client leaves ends its process", () =>
  using(endless, async (api) => {
    const leaving = new AbortController();
    const left = ask(api, "GET /slows", undefined, { signal: leaving.signal });
    while (started.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    leaving.abort();
    await left;
    expect(started[0]?.killed).toBe(true);
  }));

test("a read that is called off ends its process, or waits no longer", async () => {
  const database = await create(endless);
  const { sqlite } = (await import(builtSqlite)) as typeof import("../../src/dialect/sqlite/sqlite.js");
  const readers = sqlite.readers?.(database.url, { onConnect: [] }) as Readers;
  new Database(database.url.replace("sqlite:", "")).pragma("journal_mode = WAL");
  const lend = () => Promise.reject(new Error("not on the main thread"));
  const read = (text: string, signal?: AbortSignal) =>
    readers.read(text, [], lend, { elsewhere: true, ...(signal && { signal }) });
  try {
    await read("SELECT 1");
    const aborting = new AbortController();
    const all = [1, 2, 3, 4, 5, 6].map((n) => read(`SELECT count, ${n} FROM slow`, aborting.signal));
    aborting.abort(new Error("called off"));
    for (const one of all) await expect(one).rejects.toThrow("called off");
    expect(started.every(({ killed }) => killed)).toBe(true);
    expect(await read("SELECT 1")).toMatchObject({ rows: [["1"]] });
  } finally {
    await readers.close();
    await database.drop();
  }
});

test("what a transaction reads behind its first write is seen there, in whatever process", () =>
  using(
    large,
    async (api) => {
      const batch = (text: string) => [
        { method: "PATCH", path: "/notes/2", body: { text } },
        { method: "GET", path: `/notes?text=contains:${text}&select=id` },
      ];
      for (const text of ["first", "second", "third"]) {
        const { json } = await ask(api, "POST /batch", batch(text));
        expect(json).toMatchObject([{}, { body: [{ id: 2 }] }]);
      }
    },
    { batch: true },
  ));

const batching = { batch: true };
const reads = (...paths: readonly string[]) => paths.map((path) => ({ method: "GET", path }));
const bodies = ({ json }: { json: unknown }) => (json as { body: unknown }[]).map(({ body }) => body);

describe("a batch that only reads", () => {
  test("leaves the main thread, once it has more than short reads", () =>
    using(
      small,
      async (api) => {
        await ask(api, "POST /batch", reads("/notes/1", "/notes?limit=1"));
        expect(started).toHaveLength(0);
        let done = false;
        const slow = ask(api, "POST /batch", reads("/notes/1?select=id", "/slows", "/notes?select=id")).finally(() => {
          done = true;
        });
        for (let i = 0; i < 20; i++) expect((await ask(api, "GET /notes/1")).status).toBe(200);
        // One that writes has the connection, too.
        expect((await ask(api, "PATCH /notes/2", { text: "changed" })).status).toBe(200);
        expect(done).toBe(false);
        expect(bodies(await slow)).toEqual([{ id: 1 }, [{ count: 4_000_000 }], [{ id: 1 }, { id: 2 }]]);
        expect(started).toHaveLength(1);
      },
      batching,
    ));

  test("sees one state of the database, wherever it reads", () =>
    using(
      small,
      async (api) => {
        const batch = ask(
          api,
          "POST /batch",
          reads("/notes?text=contains:e&select=text", "/slows", "/notes?select=text"),
        );
        let done = false;
        batch.finally(() => {
          done = true;
        });
        for (let i = 0; !done; i++) {
          expect((await ask(api, "PATCH /notes/2", { text: `more ${i}` })).status).toBe(200);
          await new Promise(setImmediate);
        }
        const [before, , behind] = bodies(await batch);
        expect(behind).toEqual(before);
      },
      batching,
    ));

  test("is refused at its place, and leaves its reader to others", () =>
    using(
      small,
      async (api) => {
        for (let i = 0; i < 6; i++)
          expect(await ask(api, "POST /batch", reads("/slows?limit=1", "/notes/9"))).toMatchObject({
            status: 404,
            json: { code: "not_found", index: 1 },
          });
        expect(bodies(await ask(api, "POST /batch", reads("/middlings", "/notes/2?select=id")))).toEqual([
          [{ count: 300_000 }],
          { id: 2 },
        ]);
        expect(started.length).toBeLessThan(4);
      },
      batching,
    ));

  test("ends with its client, in the midst of a statement", () =>
    using(
      endless,
      async (api) => {
        const leaving = new AbortController();
        const both = reads("/notes?text=contains:x&limit=1", "/slows");
        const left = ask(api, "POST /batch", both, { signal: leaving.signal });
        while (started.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
        leaving.abort();
        await left;
        expect(started[0]?.killed).toBe(true);
        expect((await ask(api, "POST /batch", reads("/notes?text=contains:second&select=id"))).status).toBe(200);
      },
      batching,
    ));

  test("ends at the time that a statement may take", () =>
    using(
      endless,
      async (api) => {
        expect(await ask(api, "POST /batch", reads("/notes/1", "/slows"))).toMatchObject({ status: 504 });
        expect(started[0]?.killed).toBe(true);
      },
      { ...batching, statementTimeout: 2 },
    ));
});

test("what a list's PATCH or DELETE looks for is found off the main thread, while others read", () =>
  using(
    `${small} CREATE TABLE many (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, seen INTEGER);
     WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 1500000)
     INSERT INTO many SELECT id, id, NULL FROM n;`,
    async (api) => {
      // By key it is known to be short.
      expect((await ask(api, "GET /manies/7")).status).toBe(200);
      let done = false;
      const slow = ask(api, "PATCH /manies?n=1499999", { seen: 1 }).finally(() => {
        done = true;
      });
      for (let i = 0; i < 10; i++) expect((await ask(api, "GET /manies/7")).status).toBe(200);
      expect(done).toBe(false);
      expect((await slow).status).toBe(200);
      expect((await ask(api, "GET /manies?seen=1&select=id")).json).toEqual([{ id: 1499999 }]);
      expect((await ask(api, "DELETE /manies?n=1499999")).status).toBe(204);
      expect((await ask(api, "GET /manies/1499999")).status).toBe(404);
      expect(started.length).toBeGreaterThan(0);
    },
  ));

test("a reader that ends refuses what it was asked, and another takes its place", () =>
  using(large, async (api) => {
    await ask(api, "GET /notes?text=contains:x&limit=1");
    const slow = ask(api, "GET /slows");
    started[0]?.kill("SIGKILL");
    expect(await slow).toMatchObject({ status: 503, json: { code: "database_away" } });
    expect((await ask(api, "GET /slows")).status).toBe(200);
    expect(started).toHaveLength(2);
  }));

test("what is being read is answered before the end", () =>
  using(large, async (api) => {
    const slow = ask(api, "GET /slows");
    await api.close();
    expect((await slow).status).toBe(200);
  }));

test("without a write-ahead log everything is read on the main thread", async () => {
  const database = await create(large);
  // Keeps the file from changing its journal.
  const other = new Database(database.url.replace("sqlite:", ""));
  other.exec("BEGIN; SELECT * FROM notes");
  other.prepare("SELECT count(*) FROM notes").get();
  const api = await createApi(database.url);
  try {
    for (const _ of [1, 2, 3])
      expect((await ask(api, "GET /notes?text=contains:second")).json).toMatchObject([{ id: 2 }]);
    expect(started).toHaveLength(1);
  } finally {
    other.close();
    await api.close();
    await database.drop();
  }
});

test("sapwood serve: SIGTERM in the middle of a long query ends with its answer, and with 0", async () => {
  // A schema without a relation is warned of on stderr.
  const database = await create(
    `${large} CREATE TABLE remarks (id INTEGER PRIMARY KEY, note_id INTEGER REFERENCES notes);`,
  );
  const server = await start(["serve", database.url, "--port", "0"]);
  try {
    let done = false;
    const slow = fetch(`${server.url}/api/slows`).then((answer) => {
      done = true;
      return answer.json();
    });
    for (let i = 1; i <= 20; i++) expect((await fetch(`${server.url}/api/notes/${i}`)).status).toBe(200);
    expect(done).toBe(false);
    server.signal("SIGTERM");
    expect(await slow).toEqual([{ count: 4_000_000 }]);
    expect(await server.ended).toMatchObject({ code: 0, stderr: "" });
  } finally {
    server.signal("SIGKILL");
    await database.drop();
  }
});
