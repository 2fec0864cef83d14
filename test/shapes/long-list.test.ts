// A hundred thousand rows that come and go while they are read: pages by cursor, and totals by the statistics.
import type { Knex } from "knex";
import { beforeAll, describe, expect, test } from "vitest";
import type { App } from "../support/apps.js";
import { linkOf } from "../support/links.js";
import { type Ddl, onEveryServer } from "../support/matrix.js";

const SIZE = 100_000;

/** Old rows have even ids. Many are alike in grade and name, but for the case, and many have neither. */
const fill = `
INSERT INTO readings (id, grade, name)
WITH d AS (SELECT 0 AS n ${Array.from({ length: 9 }, (_, i) => `UNION ALL SELECT ${i + 1}`).join(" ")})
SELECT 2 * n, CASE WHEN n % 11 = 10 THEN NULL ELSE n % 11 END,
  CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN CONCAT('A', n % 97) ELSE CONCAT('a', n % 97) END
FROM (SELECT 1 + a.n + 10 * b.n + 100 * c.n + 1000 * e.n + 10000 * f.n AS n FROM d a, d b, d c, d e, d f) numbers;
CREATE INDEX readings_grade ON readings (grade);
`;
const table = (more = "") =>
  `CREATE TABLE readings (id BIGINT PRIMARY KEY, grade INTEGER, name VARCHAR(40))${more};${fill}`;
const ddl: Ddl = {
  sqlite: table().replace("BIGINT", "INTEGER"),
  postgres: `${table()}ANALYZE readings;`,
  mariadb: `${table(" ENGINE=InnoDB")}ANALYZE TABLE readings;`,
};

/** The same numbers every time, each from 0 to below `end`. */
function numbers(seed = 1) {
  let state = seed;
  return (end: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % end;
  };
}

/** Deletes old rows and adds new ones, a few at a time, until it is told to stop; says which old ones are gone. */
function churner(knex: Knex) {
  const number = numbers();
  const taken = new Set<number>();
  const anew = () => {
    let id = 1;
    do id = 1 + 2 * number(SIZE);
    while (taken.has(id));
    taken.add(id);
    return { id, grade: id % 5 === 0 ? null : number(11), name: id % 3 === 0 ? null : `a${number(97)}` };
  };
  return async (stopped: () => boolean): Promise<number[]> => {
    const gone: number[] = [];
    while (!stopped()) {
      const ids = Array.from({ length: 20 }, () => 2 + 2 * number(SIZE));
      await knex("readings").whereIn("id", ids).delete();
      gone.push(...ids);
      await knex("readings").insert(ids.map(anew));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return gone;
  };
}

onEveryServer(ddl, (place) => {
  let app: App;
  let churn: ReturnType<typeof churner>;
  beforeAll(async () => {
    app = await place.app();
    churn = churner(place.db().knex);
  }, 60_000);

  describe("?count=estimated", () => {
    const total = async (query: string) => Number((await app.ask(`GET /readings?${query}`)).headers["x-total-count"]);

    test.each([
      ["limit=1", SIZE],
      ["grade=3&limit=1", SIZE / 11],
      ["grade=in:3,4&limit=1&offset=100", (2 * SIZE) / 11],
    ])("%s is near enough", async (query, size) => {
      const told = await total(`${query}&count=estimated`);
      expect(told).toBeGreaterThan(size * 0.5);
      expect(told).toBeLessThan(size * 2);
      expect(await total(`${query}&count=exact`)).toBeCloseTo(size, -1);
    });

    test.each(["id=lte:200&limit=1", "id=lte:2000&limit=3&offset=5", "id=between:2001,4000&limit=0"])(
      "%s is exact: there are few",
      async (query) => expect(await total(`${query}&count=estimated`)).toBe(await total(`${query}&count=exact`)),
    );

    test("limit=1&envelope=true has it too", async () => {
      const { json } = await app.ask("GET /readings?limit=1&envelope=true&count=estimated");
      expect(json.total).toBeGreaterThan(SIZE / 2);
    });
  });

  test.each(["order-by=grade:asc:nullslast,name", "order-by=name:asc,grade:desc", "id=gt:0"])(
    "GET /readings?%s page by page, while rows come and go",
    async (order) => {
      const { knex } = place.db();
      const old = new Set((await knex("readings").whereRaw("id % 2 = 0").pluck("id")).map(Number));
      const seen: number[] = [];
      const deleted = new Set<number>();
      let done = false;
      const read = async () => {
        let address: string | undefined = `${app.prefix}/readings?${order}&select=id&limit=1000`;
        while (address !== undefined) {
          const page = await app.ask(`GET ${address.slice(app.prefix.length)}`);
          expect(page.status, page.text).toBe(200);
          for (const { id } of page.json) seen.push(id);
          address = linkOf(page, "next");
          // The row that the next page begins behind.
          const last = seen.at(-1) as number;
          await knex("readings").where("id", last).delete();
          deleted.add(last);
        }
      };
      const [gone] = await Promise.all([churn(() => done), read().finally(() => (done = true))]);
      for (const id of gone) deleted.add(id);
      expect(new Set(seen).size).toBe(seen.length);
      const surviving = [...old].filter((id) => !deleted.has(id));
      expect(surviving.length).toBeGreaterThan(SIZE / 2);
      const found = new Set(seen);
      expect(surviving.filter((id) => !found.has(id))).toEqual([]);
    },
    60_000,
  );
});
