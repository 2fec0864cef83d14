// A zero date is NULL to everybody: in order, behind NOT, in groups and in pages (MariaDB).
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, anyFramework } from "../support/apps.js";
import { type Created, mysql } from "../support/databases.js";
import { linkOf } from "../support/links.js";
import { onEveryDatabase } from "../support/matrix.js";

// The tests' own connections take zero dates, as the fixtures of every type show.
const mariadb = `
CREATE TABLE visits (id INT PRIMARY KEY, day DATE, at TIMESTAMP NULL, seen DATE NOT NULL, flag TINYINT(1));
INSERT INTO visits VALUES (1, '0000-00-00', '0000-00-00 00:00:00', '0000-00-00', 1),
  (2, NULL, NULL, '2024-01-01', 5), (3, '2024-01-01', '2024-01-01 00:00:00', '2023-01-01', 0);`;

const suite = (ask: (query: string) => Promise<readonly Record<string, unknown>[]>, app: () => App) => {
  const ids = async (query: string) => (await ask(query)).map(({ id }) => id);

  test.each(["day", "at"])("%s stands with the NULLs wherever they stand", async (column) => {
    const order = (text: string) => ids(`select=id,${column}&order-by=${column}:${text}`);
    expect((await order("asc:nullslast"))[0]).toBe(3);
    expect((await order("desc:nullsfirst")).at(-1)).toBe(3);
    expect((await order("asc")).at(-1)).toBe(3);
    expect((await order("desc"))[0]).toBe(3);
  });

  test("so it does in a column that cannot be NULL", async () => {
    expect(await ids("order-by=seen:asc:nullslast")).toEqual([3, 2, 1]);
    expect(await ids("order-by=seen:desc:nullsfirst")).toEqual([1, 2, 3]);
  });

  test.each(["day:asc:nullslast", "at:asc:nullslast", "seen:asc:nullslast", "seen:desc:nullsfirst"])(
    "pages by %s have each row once",
    async (order) => {
      const list = await ids(`order-by=${order}`);
      const pages: unknown[] = [];
      let next: string | undefined = `GET /visits?order-by=${order}&limit=1`;
      while (next !== undefined && pages.length <= list.length) {
        const answer = await app().ask(next);
        pages.push(...(JSON.parse(answer.text) as { id: number }[]).map(({ id }) => id));
        const link = linkOf(answer, "next");
        next = link === undefined ? undefined : `GET ${link.replace(/^\/api/, "")}`;
      }
      expect(pages).toEqual(list);
    },
  );

  test.each([
    ["day=not.eq:2024-01-01", []],
    ["day=not.in:2024-01-01", []],
    ["day=not.lt:2025-01-01", []],
    ["day=not.gt:2024-01-01", [3]],
    ["seen=not.eq:2024-01-01", [3]],
    ["day=ne:2024-06-01", [3]],
    ["seen=is:null", [1]],
  ])("%s finds what NULL would be found by", async (filter, found) => {
    expect(await ids(filter)).toEqual(found);
  });

  test("it is in one group with NULL, and one truth is one group", async () => {
    expect(await ask("select=day,count()&order-by=day:asc")).toEqual([
      { day: null, count: 2 },
      { day: "2024-01-01", count: 1 },
    ]);
    expect(await ask("select=flag,count()&order-by=flag:asc")).toEqual([
      { flag: false, count: 1 },
      { flag: true, count: 2 },
    ]);
  });
};

onEveryDatabase(
  { sqlite: "", postgres: "", mariadb },
  (place) => {
    let app: App;
    beforeAll(async () => {
      app = await place.app();
    });
    const ask = async (query: string) => {
      const answer = await app.ask(`GET /visits?${query}`);
      expect(answer.status, answer.text).toBe(200);
      return JSON.parse(answer.text) as Record<string, unknown>[];
    };
    suite(ask, () => app);
  },
  ["mariadb"],
);

// MySQL's own modes refuse zero dates at first. Rows that hold them from before are sent back all the same.
describe.skipIf(mysql.skip)("on MySQL, whose modes refuse what is no date", () => {
  let created: Created;
  let app: App;
  beforeAll(async () => {
    created = await mysql.create(`SET sql_mode = '';
      CREATE TABLE visits (id INT PRIMARY KEY, day DATE, at TIMESTAMP NULL, note VARCHAR(9));
      INSERT INTO visits VALUES (1, '0000-00-00', '0000-00-00 00:00:00', 'a'), (2, '2024-00-00', NULL, 'b'), (3, NULL, NULL, 'c');`);
    app = await anyFramework.start(created.url);
  });
  afterAll(async () => {
    await app?.close();
    await created?.drop();
  });
  const held = () =>
    created.knex("visits").select("id", created.knex.raw("HEX(day) AS day, HEX(at) AS at")).orderBy("id");

  test("PUT, PATCH of a list and an upsert leave them as they are", async () => {
    const before = await held();
    const list = await app.ask("GET /visits?order-by=id:asc");
    for (const row of list.json) {
      const put = await app.ask(`PUT /visits/${row.id}`, { body: row });
      expect([put.status, put.json], put.text).toEqual([200, row]);
    }
    expect((await app.ask("PATCH /visits", { body: list.text })).text).toBe(list.text);
    const merged = await app.ask("POST /visits?on-conflict=merge", { body: list.json[0] });
    expect([merged.status, merged.json], merged.text).toEqual([200, list.json[0]]);
    expect(await held()).toEqual(before);
  });

  test("groups and filters agree", async () => {
    const groups = (await app.ask("GET /visits?select=day,count()&order-by=day:asc")).json;
    expect(groups).toEqual([
      { day: null, count: 2 },
      { day: "2024-00-00", count: 1 },
    ]);
    expect((await app.ask("GET /visits?select=id&day=is:null")).json).toEqual([{ id: 1 }, { id: 3 }]);
    expect((await app.ask("GET /visits?select=id&day=2024-00-00")).json).toEqual([{ id: 2 }]);
  });

  test.each(["2024-00-00", "0000-00-00"])("%s is no date to be written anew", async (day) => {
    const made = await app.ask("POST /visits", { body: { id: 9, day } });
    expect([made.status, made.json.code]).toEqual([422, "invalid_value"]);
    expect((await app.ask("PATCH /visits/3", { body: { day } })).status).toBe(422);
  });
});
