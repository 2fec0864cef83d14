// SQLite keeps in any column what it is given: what a row shows of that is found, referred to and written back.
import { beforeAll, describe, expect, test } from "vitest";
import { lists, write } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

const ddl = `
CREATE TABLE moments (id INTEGER PRIMARY KEY, at DATETIME);
INSERT INTO moments VALUES (1, 123456789012345678), (2, '2024-01-01T09:00:00.000Z'), (3, -9223372036854775808);
CREATE TABLE days (at TIMESTAMP PRIMARY KEY, name TEXT);
INSERT INTO days VALUES (24, 'number'), ('2024-02-29T12:30:00Z', 'text');
CREATE TABLE visits (id INTEGER PRIMARY KEY, day_at TIMESTAMP REFERENCES days(at));
CREATE TABLE notes (name VARCHAR(3), about JSON, text TEXT, PRIMARY KEY (name, about));
INSERT INTO notes VALUES ('a', CAST(x'610062' AS TEXT), 'x'), ('b', '0999-10-11', 'y'), ('c', '{"a":1}', 'z');
`;

describe("what rows keep", () => {
  onEveryDatabase(
    { sqlite: ddl, postgres: "", mariadb: "" },
    (place) => {
      let app: App;
      beforeAll(async () => {
        app = await place.app();
      });
      const held = (sql: string) => place.db().knex.raw(sql);

      lists(() => app, "id", {
        "GET /moments?at=123456789012345678": [1],
        "GET /moments?at=in:123456789012345678,2024-01-01T09:00:00": [1, 2],
        "GET /moments?at=-9223372036854775808": [3],
      });

      test("POST /days/1970-01-01T00:00:24/visits refers to the number", async () => {
        const at = encodeURIComponent((await write(app, "GET /days?name=number", 200)).json[0].at);
        await write(app, `POST /days/${at}/visits`, 201, { id: 1 });
        await write(app, `POST /days/${at}/visits`, 201, { id: 2, day_at: "1970-01-01T00:00:24" });
        const other = encodeURIComponent((await write(app, "GET /days?name=text", 200)).json[0].at);
        await write(app, `POST /days/${other}/visits`, 201, [{ id: 3 }, { id: 4 }]);
        expect(await held("SELECT id, quote(day_at) AS at FROM visits")).toEqual([
          { id: 1, at: "24" },
          { id: 2, at: "24" },
          { id: 3, at: "'2024-02-29T12:30:00Z'" },
          { id: 4, at: "'2024-02-29T12:30:00Z'" },
        ]);
      });

      test("POST /notes?on-conflict=merge of what is shown beside a NUL", async () => {
        const rows = (await write(app, "GET /notes", 200)).json;
        await write(app, "POST /notes?on-conflict=merge", 200, rows);
        expect((await write(app, "GET /notes", 200)).json).toEqual(rows);
        expect(await held("SELECT hex(about) AS about FROM notes WHERE name = 'a'")).toEqual([{ about: "610062" }]);
      });
    },
    ["sqlite"],
  );
});
