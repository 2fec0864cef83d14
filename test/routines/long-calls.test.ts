// Long lists that routines answer: sent as they are read where the rows have a key, and bounded where they have none.
import { beforeAll, expect, test, vi } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

const COUNT = 30_000;
const table = "CREATE TABLE events (id integer PRIMARY KEY, weight integer)";
const numbers = (of: string) => `INSERT INTO events SELECT n, CASE WHEN n % 7 = 0 THEN NULL ELSE n % 5 END FROM ${of}`;
const counting = `(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${COUNT}) SELECT n FROM c) numbers`;
const ddl = {
  sqlite: `${table}; ${numbers(counting)};`,
  postgres: `${table}; ${numbers(counting)};
    CREATE FUNCTION events_from(lowest int) RETURNS SETOF events LANGUAGE plpgsql STABLE AS
      'BEGIN RETURN QUERY SELECT * FROM events WHERE id >= lowest; END';
    CREATE FUNCTION pairs_from(lowest int) RETURNS TABLE (id int, weight int) LANGUAGE plpgsql STABLE AS
      'BEGIN RETURN QUERY SELECT e.id, e.weight FROM events e WHERE e.id >= lowest; END';
    CREATE FUNCTION keyed_from(lowest int) RETURNS TABLE (id int, weight int) LANGUAGE plpgsql VOLATILE AS
      'BEGIN RETURN QUERY SELECT e.id, e.weight FROM events e WHERE e.id >= lowest ORDER BY e.weight; END';
    CREATE FUNCTION whole_from(lowest int) RETURNS TABLE (id int, weight int) LANGUAGE sql STABLE AS
      'SELECT e.id, e.weight FROM events e WHERE e.id >= lowest';
    CREATE FUNCTION shuffled_from(lowest int) RETURNS SETOF int LANGUAGE plpgsql STABLE ROWS 10 AS
      'BEGIN RETURN QUERY SELECT e.id FROM events e WHERE e.id >= lowest ORDER BY random(); END';
    CREATE FUNCTION wide_from(lowest int) RETURNS TABLE (id int, body text) LANGUAGE sql STABLE AS
      'SELECT e.id, repeat(''x'', 1000) FROM events e WHERE e.id >= lowest';
    CREATE FUNCTION failing_from(lowest int) RETURNS TABLE (id int, part int) LANGUAGE sql STABLE AS
      'SELECT e.id, 1 / (${COUNT - 5} - e.id) FROM events e WHERE e.id >= lowest ORDER BY e.id';`,
  mariadb: `${table}; ${numbers(`(SELECT seq AS n FROM seq_1_to_${COUNT}) numbers`)};`,
};

const lowest = [{ name: "lowest", type: "integer" }];
const byHand: ApiOptions["routines"] = [
  {
    ...{ name: "events_from", reads: true, arguments: lowest, returns: "events" },
    sql: "SELECT * FROM events WHERE id >= :lowest",
  },
  {
    ...{ name: "pairs_from", reads: true, arguments: lowest },
    returns: ["id", "weight"].map((name) => ({ name, type: "integer" })),
    sql: "SELECT id, weight FROM events WHERE id >= :lowest",
  },
  {
    ...{ name: "keyed_from", reads: true, arguments: lowest, key: "id" },
    returns: ["id", "weight"].map((name) => ({ name, type: "integer" })),
    sql: "SELECT id, weight FROM events WHERE id >= :lowest ORDER BY weight",
  },
];

const overrides: ApiOptions["overrides"] = [
  { name: "keyed_from", reads: true, key: "id" },
  { name: "whole_from", returns: "events", resource: "all-from" },
];

onEveryDatabase(ddl, (place) => {
  const options = {
    maxLimit: 100_000,
    maxAnswerRows: 15_000,
    ...(place.can.keepFunctionsOfRows ? { overrides } : { routines: byHand }),
  };
  let app: App;
  beforeAll(async () => {
    app = await place.app(options);
  });
  const rows = Array.from({ length: COUNT }, (_, i) => ({ id: i + 1, weight: (i + 1) % 7 === 0 ? null : (i + 1) % 5 }));
  const byWeight = rows.toSorted((a, b) => (b.weight ?? -1) - (a.weight ?? -1) || a.id - b.id);

  test("rows of a table come in pieces: each once, in their order, and more of them than one answer may hold", async () => {
    const all = await app.ask("GET /rpc/events_from?lowest=1&limit=100000&order-by=weight:desc");
    expect([all.status, all.headers["transfer-encoding"]]).toEqual([200, "chunked"]);
    expect(all.headers.link).not.toContain("next");
    expect(all.json).toEqual(byWeight);
    const some = await app.ask("GET /rpc/events_from?lowest=101&limit=20000&count=exact&select=id");
    expect(some.headers["content-range"]).toBe(`items 0-19999/${COUNT - 100}`);
    expect(some.json.map(({ id }: { id: number }) => id)).toEqual(rows.slice(100, 20_100).map(({ id }) => id));
    const [, next] = /<([^>]+)>; rel="next"/.exec(String(some.headers.link)) ?? [];
    expect((await app.ask(`GET ${String(next).slice(app.prefix.length)}`)).json).toHaveLength(COUNT - 20_100);
  });

  test("so do rows of declared columns, where the config says their key", async () => {
    const all = await app.ask("GET /rpc/keyed_from?lowest=1&limit=100000");
    expect([all.status, all.headers["transfer-encoding"]]).toEqual([200, "chunked"]);
    expect(all.json).toEqual(rows);
    const sorted = await app.ask("GET /rpc/keyed_from?lowest=1&limit=100000&order-by=weight:desc");
    expect(sorted.json).toEqual(byWeight);
    const page = await app.ask("GET /rpc/keyed_from?lowest=1&limit=2");
    const [, next] = /<([^>]+)>; rel="next"/.exec(String(page.headers.link)) ?? [];
    expect((await app.ask(`GET ${String(next).slice(app.prefix.length)}`)).json).toEqual(rows.slice(2, 4));
  });

  test.skipIf(!place.can.keepFunctionsOfRows)("rows that are said to be a table's are that table's", async () => {
    const all = await app.ask("GET /rpc/all-from?lowest=1&limit=100000&select=id");
    expect([all.status, all.headers["transfer-encoding"], all.json.length]).toEqual([200, "chunked", COUNT]);
    expect((await app.ask("GET /rpc/whole_from?lowest=1")).status).toBe(404);
  });

  test("so do CSV and NDJSON", async () => {
    const ask = async (accept: string) => {
      const answer = await app.ask("GET /rpc/events_from?lowest=1&limit=100000", { headers: { accept } });
      expect([answer.status, answer.headers["transfer-encoding"]]).toEqual([200, "chunked"]);
      return answer.text;
    };
    const lines = rows.map(({ id, weight }) => `${id},${weight ?? ""}`);
    expect(await ask("text/csv")).toBe(`${["id,weight", ...lines].join("\r\n")}\r\n`);
    const texts = rows.map((row) => JSON.stringify(row));
    expect((await ask("application/x-ndjson")).replaceAll(" ", "")).toBe(`${texts.join("\n")}\n`);
  });

  test.runIf(place.can.keepQuestionsOpen)(
    "rows without a key are read through one question that stays open",
    async () => {
      const path = "/rpc/pairs_from?lowest=1&limit=100000";
      const all = await app.ask(`GET ${path}`);
      expect([all.status, all.headers["transfer-encoding"], all.json]).toEqual([200, "chunked", rows]);
      expect(String(all.headers.link)).not.toContain("next");
      expect((await app.ask(`GET ${path}`, { headers: { accept: "text/csv" } })).text.split("\r\n")).toHaveLength(
        COUNT + 2,
      );
      const lines = await app.ask(`GET ${path}&id=gt:10&order-by=id:desc`, {
        headers: { accept: "application/x-ndjson" },
      });
      expect(lines.text.split("\n", 2).map((line) => JSON.parse(line))).toEqual(rows.toReversed().slice(0, 2));
      expect(lines.headers["transfer-encoding"]).toBe("chunked");
      const values = await app.ask("GET /rpc/shuffled_from?lowest=1&limit=100000");
      expect(values.json).not.toEqual(rows.map(({ id }) => id));
      expect(values.json.toSorted((a: number, b: number) => a - b)).toEqual(rows.map(({ id }) => id));
      const some = await app.ask("GET /rpc/pairs_from?lowest=101&limit=20000&offset=50&count=exact");
      expect(some.headers["content-range"]).toBe(`items 50-20049/${COUNT - 100}`);
      expect(some.json).toEqual(rows.slice(150, 20_150));
      expect(String(some.headers.link)).toMatch(/offset=20050[^>]*>; rel="next"/);
      expect((await app.ask(`HEAD ${path}`)).status).toBe(200);
    },
  );

  test.runIf(place.can.keepQuestionsOpen)(
    "clients that do not read on keep no more than a few connections, and give them back",
    async () => {
      const path = `${app.base}${app.prefix}/rpc/wide_from?lowest=1&limit=100000`;
      const many = await Promise.all(Array.from({ length: 6 }, () => fetch(path)));
      expect(many.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 400, 400]);
      expect((await app.ask("GET /events?limit=1")).status).toBe(200);
      for (const { body } of many) await body?.cancel();
      const free = async () => expect((await app.ask("HEAD /rpc/wide_from?lowest=1&limit=100000")).status).toBe(200);
      await vi.waitFor(free, { timeout: 10_000, interval: 100 });
    },
  );

  test.runIf(place.can.keepQuestionsOpen)("what fails later on is known before the answer begins", async () => {
    expect((await app.ask("GET /rpc/failing_from?lowest=1&limit=100000")).json).toMatchObject({ status: 422 });
  });

  test("rows without a key, and those of a POST, are one answer, which is bounded", async () => {
    const few = await app.ask("GET /rpc/pairs_from?lowest=20001&limit=100000");
    expect([few.status, few.json.length]).toEqual([200, COUNT - 20_000]);
    const many = [
      ...(place.can.keepQuestionsOpen ? [] : [await app.ask("GET /rpc/pairs_from?lowest=1&limit=100000")]),
      await app.ask("POST /rpc/events_from?limit=100000", { body: { lowest: 1 } }),
    ];
    for (const { json } of many) expect(json).toMatchObject({ status: 400, code: "too_complex" });
  });

  test("hooks see an answer whole", async () => {
    const seen: number[] = [];
    const hooks = { postCall: ({ result }: { result?: unknown }) => void seen.push((result as unknown[]).length) };
    const hooked = await place.app({ ...options, maxAnswerRows: COUNT, hooks });
    expect((await hooked.ask("GET /rpc/events_from?lowest=1&limit=100000")).json).toEqual(rows);
    expect(seen).toEqual([COUNT]);
  });
});
