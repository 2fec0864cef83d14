// Writes of which nobody knows how long they take run in a process of their own, on a SQLite file. The same file opened by a config
// has no such process, and shows what is right.
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { askJson as ask } from "../support/json-request.js";
import { startedProcesses } from "../support/started-processes.js";
import { create, createApi, using } from "./built-api.js";

const started = startedProcesses();

const counting = (most: number) =>
  `SELECT count(*) FROM (WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ${most}) SELECT id FROM n);`;

/** Of a club there are members, and notes of them. */
const clubs = (members: number) => `
  CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE members (id INTEGER PRIMARY KEY, club_id INTEGER NOT NULL REFERENCES clubs ON DELETE CASCADE);
  CREATE INDEX members_club ON members (club_id);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, member_id INTEGER NOT NULL REFERENCES members ON DELETE CASCADE);
  CREATE INDEX notes_member ON notes (member_id);
  INSERT INTO clubs VALUES (1, 'large'), (2, 'small'), (3, 'empty');
  WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ${members})
  INSERT INTO members SELECT id, 1 FROM n;
  INSERT INTO notes SELECT id, id FROM members;
  INSERT INTO members VALUES (${members + 1}, 2);`;

/** As a trigger of `clubs` it takes some seconds, or no end. */
const slow = `${clubs(3)} CREATE TRIGGER slow BEFORE DELETE ON clubs WHEN OLD.id = 1 BEGIN ${counting(6_000_000)} END;`;
const endless = slow.replace("6000000", "6000000000");

const counts = async (api: Parameters<typeof ask>[0]) => {
  const lists = ["clubs", "members", "notes"].map((table) => ask(api, `GET /${table}?select=count()`));
  return (await Promise.all(lists)).map(({ json }) => (json as [{ count: number }])[0].count);
};

test("DELETE of a row to which 200,000 others cascade leaves all others to be answered", () =>
  using(clubs(100_000), async (api) => {
    let done = false;
    const slow = ask(api, "DELETE /clubs/1").finally(() => {
      done = true;
    });
    for (let i = 0; i < 20; i++) expect((await ask(api, "GET /clubs/2")).status).toBe(200);
    expect(done).toBe(false);
    expect((await slow).status).toBe(204);
    expect(await counts(api)).toEqual([2, 1, 0]);
    expect(started.length).toBeGreaterThan(0);
  }));

test("a write of one row needs no such process", () =>
  using(clubs(3), async (api) => {
    expect((await ask(api, "POST /clubs", { id: 9, name: "new" })).status).toBe(201);
    expect((await ask(api, "PATCH /clubs/9", { name: "newer" })).status).toBe(200);
    expect((await ask(api, "PUT /clubs/9", { name: "newest" })).status).toBe(200);
    expect((await ask(api, "POST /members", [{ club_id: 9 }, { club_id: 9 }])).status).toBe(201);
    expect((await ask(api, "PATCH /members?club_id=9", { club_id: 2 })).status).toBe(200);
    expect(started).toHaveLength(0);
  }));

test("a trigger that takes long leaves others to be answered, and to write behind it", () =>
  using(slow, async (api) => {
    let done = false;
    const first = ask(api, "DELETE /clubs/1").finally(() => {
      done = true;
    });
    while (started.length === 0) expect((await ask(api, "GET /clubs/2")).status).toBe(200);
    const second = ask(api, "PATCH /clubs/2", { name: "changed" });
    const third = ask(api, "DELETE /clubs/3");
    for (let i = 0; i < 20; i++) expect((await ask(api, "GET /clubs/2")).status).toBe(200);
    expect(done).toBe(false);
    expect((await Promise.all([first, second, third])).map(({ status }) => status)).toEqual([204, 200, 204]);
    expect((await ask(api, "GET /clubs")).json).toEqual([{ id: 2, name: "changed" }]);
  }));

test("what it reads behind its first write is read there too", () =>
  using(
    `${clubs(3)} CREATE VIEW slow AS SELECT (${counting(3_000_000).replace(";", "")}) AS count;`,
    async (api) => {
      const batch = [
        { method: "PATCH", path: "/clubs/2", body: { name: "only here" } },
        { method: "GET", path: "/slows" },
        { method: "GET", path: "/clubs?name=contains:here&select=id" },
      ];
      let done = false;
      const whole = ask(api, "POST /batch", batch).finally(() => {
        done = true;
      });
      while (started.length === 0) expect((await ask(api, "GET /clubs/2")).json).toMatchObject({ name: "small" });
      for (let i = 0; i < 20; i++) expect((await ask(api, "GET /clubs/2")).json).toMatchObject({ name: "small" });
      expect(done).toBe(false);
      expect((await whole).json).toMatchObject([{}, { body: [{ count: 3_000_000 }] }, { body: [{ id: 2 }] }]);
      expect((await ask(api, "GET /clubs/2")).json).toMatchObject({ name: "only here" });
    },
    { batch: true },
  ));

describe("ended in the midst of a statement, nothing was changed", () => {
  const same = async (api: Parameters<typeof ask>[0]) => {
    expect(started[0]?.killed).toBe(true);
    expect(await counts(api)).toEqual([3, 4, 3]);
    // Another process takes its place.
    expect((await ask(api, "DELETE /clubs/2")).status).toBe(204);
    expect(await counts(api)).toEqual([2, 3, 3]);
  };

  test("by the time that a statement may take", () =>
    using(
      endless,
      async (api) => {
        const answer = await ask(api, "DELETE /clubs/1");
        expect(answer).toMatchObject({ status: 504, json: { code: "timeout" } });
        expect(JSON.stringify(answer.json)).toContain("Nothing was changed.");
        await same(api);
      },
      { statementTimeout: 3 },
    ));

  test("in a batch, with what came before", () =>
    using(
      endless,
      async (api) => {
        const batch = [
          { method: "POST", path: "/clubs", body: { id: 8, name: "never" } },
          { method: "DELETE", path: "/clubs/1" },
        ];
        expect(await ask(api, "POST /batch", batch)).toMatchObject({
          status: 504,
          json: { code: "timeout", index: 1 },
        });
        await same(api);
      },
      { batch: true, statementTimeout: 3 },
    ));

  test("by the client, who leaves", () =>
    using(endless, async (api) => {
      const leaving = new AbortController();
      const left = ask(api, "DELETE /clubs/1", undefined, { signal: leaving.signal });
      while (started.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      leaving.abort();
      await left;
      await same(api);
    }));

  test("by the time of the whole request", () =>
    using(
      endless,
      async (api) => {
        expect(await ask(api, "DELETE /clubs/1")).toMatchObject({ status: 504, json: { code: "timeout" } });
        await same(api);
      },
      { answerTimeout: 4 },
    ));
});

test("a rehearsal changes nothing, and answers as the write would", () =>
  using(clubs(3), async (api) => {
    const headers = { prefer: "tx=rollback" };
    expect((await ask(api, "DELETE /clubs/1", undefined, { headers })).status).toBe(204);
    expect(started).toHaveLength(1);
    expect(await counts(api)).toEqual([3, 4, 3]);
  }));

test("a process that is ended from outside refuses its write, and another takes its place", () =>
  using(endless, async (api, database) => {
    const write = ask(api, "DELETE /clubs/1");
    // Once it has the transaction nobody else can begin one.
    const taken = () => {
      try {
        other.exec("BEGIN IMMEDIATE; ROLLBACK");
        return false;
      } catch {
        return true;
      }
    };
    const other = new Database(database.url.replace("sqlite:", ""), { timeout: 0 });
    while (!taken()) await new Promise((resolve) => setTimeout(resolve, 20));
    other.close();
    started[0]?.kill("SIGKILL");
    expect(await write).toMatchObject({ status: 503, json: { code: "database_away" } });
    expect((await ask(api, "DELETE /clubs/2")).status).toBe(204);
  }));

test("what is being written is done before the end", () =>
  using(slow, async (api, database) => {
    const write = ask(api, "DELETE /clubs/1");
    while (started.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await ask(api, "GET /clubs/2")).status).toBe(200);
    expect((await write).status).toBe(204);
    await api.close();
    const file = new Database(database.url.replace("sqlite:", ""), { readonly: true });
    expect(file.prepare("SELECT count(*) FROM clubs").pluck().get()).toBe(2);
    file.close();
  }));

describe("refusals are told as on the main thread", () => {
  const ddl = `${clubs(3)}
    CREATE TABLE rooms (id INTEGER PRIMARY KEY, club_id INTEGER REFERENCES clubs);
    INSERT INTO rooms VALUES (1, 2);
    CREATE TABLE codes (code TEXT PRIMARY KEY, club_id INTEGER NOT NULL CHECK (club_id > 0));
    INSERT INTO codes VALUES ('a', 1);
    CREATE TRIGGER kept BEFORE DELETE ON clubs WHEN OLD.id = 3 BEGIN SELECT RAISE(ABORT, 'this club is kept'); END;
    CREATE TRIGGER counted AFTER INSERT ON codes BEGIN UPDATE clubs SET name = name || (SELECT count(*) FROM codes); END;
    CREATE TRIGGER failing BEFORE DELETE ON codes BEGIN
      SELECT json_extract('{', '$') FROM clubs; DELETE FROM rooms WHERE club_id = 7; END;`;
  test.each([
    ["DELETE /clubs/2"],
    ["DELETE /clubs/3"],
    ["DELETE /clubs/9"],
    ["POST /codes", { code: "a", club_id: 1 }],
    ["POST /codes", { code: "b", club_id: -1 }],
    ["POST /codes", { code: "c", club_id: 1 }],
    ["DELETE /codes/a"],
  ])("%s", async (request: string, body?: unknown) => {
    const [database, other] = [await create(ddl), await create(ddl)];
    const connection = { filename: other.url.replace("sqlite:", "") };
    const api = await createApi(database.url);
    const right = await createApi({ client: "better-sqlite3", connection, useNullAsDefault: true });
    try {
      const asked = async (of: typeof api) => {
        const { status, json } = await ask(of, request, body);
        return { status, json: { ...json, requestId: undefined } };
      };
      const wanted = await asked(right);
      expect(started).toHaveLength(0);
      expect(await asked(api)).toEqual(wanted);
      expect((await ask(api, "GET /clubs")).json).toEqual((await ask(right, "GET /clubs")).json);
    } finally {
      await Promise.all([api.close(), right.close()]);
      await Promise.all([database.drop(), other.drop()]);
    }
  });
});
