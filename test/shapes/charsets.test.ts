// Columns whose character set is not all of Unicode: what they cannot hold equals nothing in them, and is not written.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lists, refuses } from "../support/answers.js";
import { type App, anyFramework } from "../support/apps.js";
import { mysql } from "../support/databases.js";
import { onEveryServer } from "../support/matrix.js";

const tables = (latin: string, bmp: string) => `
CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(20) ${latin}, about TEXT ${latin});
CREATE TABLE olds (code VARCHAR(20) ${bmp} PRIMARY KEY, v INTEGER);
CREATE TABLE kids (id INTEGER PRIMARY KEY, old_code VARCHAR(20) ${bmp} REFERENCES olds(code));
CREATE TABLE olds_people (old_code VARCHAR(20) ${bmp} NOT NULL REFERENCES olds(code), person_id INTEGER NOT NULL REFERENCES people(id),
  PRIMARY KEY (old_code, person_id));
INSERT INTO people VALUES (1, 'ann', 'é'), (2, NULL, NULL), (3, 'zoë', '?');
INSERT INTO olds VALUES ('a', 1), ('?', 2);
INSERT INTO kids VALUES (1, 'a');
INSERT INTO olds_people VALUES ('a', 1);
`;
const narrow = tables("CHARACTER SET latin1", "CHARACTER SET utf8mb3");
const wide = tables("", "");

function suite(app: () => App) {
  // What neither character set has.
  const odd = encodeURIComponent("🌲");
  describe("reading", () => {
    lists(app, "id", {
      [`GET /people?name=${odd}`]: [],
      [`GET /people?name=eq:a${odd}`]: [],
      [`GET /people?name=in:ann,${odd}`]: [1],
      [`GET /people?name=in:${odd}`]: [],
      [`GET /people?name=ne:${odd}`]: [1, 3],
      [`GET /people?name=nin:${odd}`]: [1, 3],
      [`GET /people?name=nin:ann,${odd}`]: [3],
      [`GET /people?name=not.eq:${odd}`]: [1, 2, 3],
      [`GET /people?name=gt:${odd}`]: [],
      [`GET /people?name=between:a,${odd}`]: [],
      [`GET /people?name=like:%25${odd}%25`]: [],
      [`GET /people?about=contains:${odd}`]: [],
      [`GET /people?about=startswith:${odd}`]: [],
      [`GET /people?or=(name=${odd},id=2)`]: [2],
      [`GET /people?name=${encodeURIComponent("zoë")}`]: [3],
      [`GET /people?olds.code=${odd}`]: [],
      [`GET /kids?old_code=${odd}`]: [],
    });
    lists(app, "code", { [`GET /olds?code=${odd}`]: [], [`GET /olds?code=in:a,${odd}`]: ["a"] });
  });
  refuses(app, [
    [`GET /olds/${odd}`, 404, "not_found"],
    [`GET /olds/${odd}/kids`, 404, "not_found"],
    [`PUT /olds/${odd}`, 404, "not_found", { v: 1 }],
    [`PATCH /olds/${odd}`, 404, "not_found", { v: 1 }],
    [`DELETE /olds/${odd}`, 404, "not_found"],
    [`POST /people/1/olds/${odd}/add`, 404, "not_found", {}],
    [`POST /people/1/olds/${odd}/delete`, 404, "not_found"],
    ["PUT /people/1/olds", 422, "invalid_value", ["🌲"]],
    ["POST /people", 422, "invalid_value", { id: 9, name: "🌲" }],
    ["PATCH /people/1", 422, "invalid_value", { about: "ann 🌲" }],
    ["POST /olds", 422, "invalid_value", { code: "🌲" }],
    ["POST /olds?on-conflict=merge", 422, "invalid_value", [{ code: "a" }, { code: "🌲" }]],
    ["POST /people", 422, "related_row_missing", { id: 9, olds: [{ code: "🌲" }] }],
  ]);
  test("nothing of that was written", async () => {
    expect((await app().ask("GET /people")).json).toEqual([
      { id: 1, name: "ann", about: "é" },
      { id: 2, name: null, about: null },
      { id: 3, name: "zoë", about: "?" },
    ]);
    expect((await app().ask("GET /people/1/olds")).json).toEqual([{ code: "a", v: 1 }]);
  });
}

onEveryServer(
  { sqlite: "", postgres: "", mariadb: narrow },
  (place) => {
    let app: App;
    const name = `latin_${randomBytes(6).toString("hex")}`;
    beforeAll(async () => {
      if (place.can.haveCharacterSetsOfColumns) app = await place.app();
      else {
        const { url, knex } = place.db();
        await knex.raw(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`);
        const own = url.replace(/\/[^/?]*(\?|$)/, `/${name}$1`);
        const { default: pg } = await import("pg");
        const client = new pg.Client(own);
        await client.connect();
        await client.query(wide);
        await client.end();
        app = await place.app({}, own);
      }
    });
    suite(() => app);
    afterAll(async () => {
      if (place.can.haveCharacterSetsOfColumns) return;
      await app.close();
      await place.db().knex.raw(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    });
  },
  ["postgres", "mariadb"],
);

describe.skipIf(mysql.skip)("MySQL itself", () => {
  let app: App;
  let drop: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    const created = await mysql.create(narrow);
    drop = created.drop;
    app = await anyFramework.start(created.url);
  });
  afterAll(async () => {
    await app?.close();
    await drop?.();
  });
  suite(() => app);
});

onEveryServer(
  {
    sqlite: "",
    postgres: "",
    mariadb: `CREATE TABLE prices (id INTEGER PRIMARY KEY, name VARCHAR(20) CHARACTER SET latin1);
INSERT INTO prices VALUES (1, '7 €'), (2, 'naïve'), (3, '“Œ”');`,
  },
  (place) => {
    let app: App;
    beforeAll(async () => {
      app = await place.app();
    });
    const euros = encodeURIComponent("7 €");
    const quotes = encodeURIComponent("“Œ”");
    // Its latin1 is Windows' (https://dev.mysql.com/doc/refman/8.4/en/charset-we-sets.html).
    lists(() => app, "id", {
      [`GET /prices?name=${euros}`]: [1],
      [`GET /prices?name=ne:${euros}`]: [2, 3],
      [`GET /prices?name=in:${euros},${quotes}`]: [1, 3],
      [`GET /prices?name=endswith:${encodeURIComponent("€")}`]: [1],
    });
    test("PUT /prices/1 of what it shows", async () => {
      const body = (await app.ask("GET /prices/1")).json;
      expect((await app.ask("PUT /prices/1", { body })).json).toEqual({ id: 1, name: "7 €" });
    });
  },
  ["mariadb"],
);
