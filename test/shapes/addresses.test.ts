// Rows whose key has no plain spelling in a path: empty texts, dots, numbers in columns of no type, JSON, arrays, bytes, floats.
import { beforeAll, describe, expect, test } from "vitest";
import { write } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { onEveryHost, onEveryServer } from "../support/matrix.js";

const langs = `
CREATE TABLE langs (code VARCHAR(9) NOT NULL PRIMARY KEY, name VARCHAR(20));
CREATE TABLE words (id INTEGER PRIMARY KEY, lang VARCHAR(9) REFERENCES langs(code), text VARCHAR(9));
`;
const everywhere = { sqlite: langs, postgres: langs, mariadb: langs };

/** By what they are, and as their address is spelt. */
const texts: Readonly<Record<string, string>> = {
  "": "~",
  ".": "~.",
  "..": "~..",
  "~": "~~",
  "~.": "~~.",
  "~~..": "~~~..",
  "~home": "~home",
  "...": "...",
  ".a": ".a",
  " ": "%20",
};

onEveryHost(everywhere, (place) => {
  let app: App;
  beforeAll(async () => {
    app = await place.app();
  });
  for (const [code, segment] of Object.entries(texts)) {
    // Where spaces at the end are overlooked, one of them is the empty text.
    test.skipIf(code === " " && !place.can.tellTrailingSpaces)(
      `the row ${JSON.stringify(code)} is /langs/${segment}`,
      async () => {
        const made = await write(app, "POST /langs", 201, { code, name: "n" });
        expect(made.headers.location).toBe(`/api/langs/${segment}`);
        expect(new URL(made.headers.location as string, "http://a.b").pathname).toBe(`/api/langs/${segment}`);
        const path = `/langs/${segment}`;
        expect((await write(app, `GET ${path}`, 200)).json).toEqual({ code, name: "n" });
        expect((await write(app, `PUT ${path}`, 200, { code, name: "m" })).json).toEqual({ code, name: "m" });
        expect((await write(app, `PATCH ${path}`, 200, { name: "o" })).json).toEqual({ code, name: "o" });
        const id = texts[code]?.length ?? 0;
        const word = await write(app, `POST ${path}/words`, 201, { id: id * 100 + code.length });
        expect(word.json.lang).toBe(code);
        await write(app, `GET ${word.headers.location?.slice("/api".length)}`, 200);
        await write(app, `DELETE ${word.headers.location?.slice("/api".length)}`, 204);
        await write(app, `DELETE ${path}`, 204);
        await write(app, `GET ${path}`, 404);
      },
    );
  }
});

onEveryServer(everywhere, (place) => {
  test("an empty key in a batch's path, and in a nested body", async () => {
    const app = await place.app();
    const body = [
      { method: "POST", path: "/langs", body: { code: "", name: "none" } },
      { method: "GET", path: "/langs/$0.code" },
      { method: "GET", path: "/langs?code=$0.code" },
    ];
    const { json } = await write(app, "POST /batch", 200, body);
    expect(json[1].body).toEqual({ code: "", name: "none" });
    expect(json[2].body).toEqual([{ code: "", name: "none" }]);
    const nested = await write(app, "PATCH /langs/~", 200, { words: [{ id: 1, text: "t" }] });
    expect(nested.json.words).toEqual([{ id: 1, lang: "", text: "t" }]);
    await write(app, "DELETE /words/1", 204);
    await write(app, "DELETE /langs/~", 204);
  });
});

/** Every row of every list is found by its address, filters find it, and PUT of it changes nothing. */
function everyRow(app: () => App, lists: Readonly<Record<string, string>>): void {
  for (const [list, key] of Object.entries(lists)) {
    test(`every row of /${list} has an address, and is found by what it shows`, async () => {
      const rows = (await write(app(), `GET /${list}`, 200)).json as Record<string, unknown>[];
      expect(rows.length).toBeGreaterThan(1);
      for (const row of rows) {
        const { [key]: _, ...rest } = row;
        await write(app(), `DELETE /${list}/9999`, 404);
        const found = await addressOf(app(), list, row);
        expect((await write(app(), `GET ${found}`, 200)).json, found).toEqual(row);
        expect((await write(app(), `PUT ${found}`, 200, row)).json, found).toEqual(row);
        expect((await write(app(), `PATCH ${found}`, 200, rest)).json, found).toEqual(row);
        const shown = typeof row[key] === "object" ? JSON.stringify(row[key]) : String(row[key]);
        expect((await write(app(), `GET /${list}?${key}=eq:${encodeURIComponent(shown)}`, 200)).json).toContainEqual(
          row,
        );
      }
      expect((await write(app(), `GET /${list}`, 200)).json).toEqual(rows);
    });
  }
}

/** Deleted and made again, for the answer's Location. */
async function addressOf(app: App, list: string, row: Record<string, unknown>): Promise<string> {
  const [key] = Object.keys(row) as [string];
  const shown = typeof row[key] === "object" ? JSON.stringify(row[key]) : String(row[key]);
  const left = (await write(app, `GET /${list}`, 200)).json;
  const same = await write(app, `POST /${list}?on-conflict=ignore`, 200, row);
  expect(same.json, shown).toEqual(row);
  expect((await write(app, `GET /${list}`, 200)).json).toEqual(left);
  return segments.get(JSON.stringify([list, row[key]])) ?? `/${list}/${encodeURIComponent(shown)}`;
}

/** Where a text of a column without a type looks like a number, it stands in quotes. */
const segments = new Map([[JSON.stringify(["loose_keys", "5"]), "/loose_keys/%225%22"]]);

onEveryServer(
  {
    sqlite: `CREATE TABLE loose_keys (k PRIMARY KEY NOT NULL, v INTEGER);
      INSERT INTO loose_keys VALUES (5, 1), ('5', 2), (1.5, 3), ('a"b', 4), (9007199254740991, 5), (-0.1, 6);
      CREATE TABLE ints (k INT PRIMARY KEY NOT NULL, v INTEGER);
      INSERT INTO ints VALUES (1, 1), (2, 2);
      CREATE TABLE floats (k REAL PRIMARY KEY NOT NULL, v INTEGER);
      INSERT INTO floats VALUES (0.1, 1), (1e300, 2), (-2.5, 3), (5, 4), (-9e999, 5);
      CREATE TABLE bytes (k BLOB PRIMARY KEY NOT NULL, v INTEGER);
      INSERT INTO bytes VALUES (x'00ff', 1), (x'fbefbe', 2), (x'61', 3);
      CREATE TABLE descents (k INTEGER PRIMARY KEY DESC NOT NULL, v INTEGER);
      INSERT INTO descents VALUES (3, 1), (4, 2);`,
    postgres: `CREATE TABLE docs (k JSONB PRIMARY KEY, v INTEGER);
      INSERT INTO docs VALUES ('{"a": [1, "x,y/z"]}', 1), ('"text"', 2), ('1.50', 3), ('[]', 4);
      CREATE TABLE lists (k TEXT[] PRIMARY KEY, v INTEGER);
      INSERT INTO lists VALUES ('{a,"b,c"}', 1), ('{}', 2), ('{"{x}",NULL,"[1]"}', 3);
      CREATE TABLE floats (k FLOAT8 PRIMARY KEY, v INTEGER);
      INSERT INTO floats VALUES (0.1, 1), (1e300, 2), (-2.5, 3), ('NaN', 4), ('-Infinity', 5);
      CREATE TABLE singles (k FLOAT4 PRIMARY KEY, v INTEGER);
      INSERT INTO singles VALUES (0.1, 1), (1e30, 2), ('Infinity', 5);
      CREATE TABLE bytes (k BYTEA PRIMARY KEY, v INTEGER);
      INSERT INTO bytes VALUES ('\\x00ff', 1), ('\\xfbefbe', 2), ('\\x61', 3);
      CREATE TABLE spans (k INTERVAL PRIMARY KEY, v INTEGER);
      INSERT INTO spans VALUES ('1 day', 1), ('2 years 03:04:05.6', 2);`,
    mariadb: `CREATE TABLE floats (k DOUBLE PRIMARY KEY, v INTEGER);
      INSERT INTO floats VALUES (0.1, 1), (1e300, 2), (-2.5, 3);
      CREATE TABLE singles (k FLOAT PRIMARY KEY, v INTEGER);
      INSERT INTO singles VALUES (0.1, 1), (1e30, 2);
      CREATE TABLE bytes (k VARBINARY(8) PRIMARY KEY, v INTEGER);
      INSERT INTO bytes VALUES (x'00ff', 1), (x'fbefbe', 2), (x'61', 3);`,
  },
  (place) => {
    let app: App;
    beforeAll(async () => {
      app = await place.app();
    });
    const common = { floats: "k" };
    const own = {
      sqlite: { bytes: "k", loose_keys: "k", ints: "k", descents: "k" },
      postgres: { bytes: "k", docs: "k", lists: "k", singles: "k", spans: "k" },
      mariadb: { bytes: "k", singles: "k" },
    };
    everyRow(() => app, { ...common, ...own[place.name] });

    describe.runIf("loose_keys" in own[place.name])("keys that the database does not number", () => {
      test("POST /descents without a key", async () => {
        await write(app, "POST /descents", 422, { v: 1 });
      });
      test("POST /loose_keys answers the address of a number, and of a text that looks like one", async () => {
        expect((await write(app, "POST /loose_keys", 201, { k: 77 })).headers.location).toBe("/api/loose_keys/77");
        expect((await write(app, "POST /loose_keys", 201, { k: "77" })).headers.location).toBe(
          "/api/loose_keys/%2277%22",
        );
        expect((await write(app, "GET /loose_keys/77", 200)).json.k).toBe(77);
        expect((await write(app, "GET /loose_keys/%2277%22", 200)).json.k).toBe("77");
      });
    });
  },
);
