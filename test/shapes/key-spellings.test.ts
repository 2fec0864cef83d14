// PUT and PATCH take the key of their address in every spelling that the database takes for the same, whichever the row has.
import { beforeAll, expect, test } from "vitest";
import type { App } from "../support/apps.js";
import type { DatabaseName } from "../support/databases.js";
import { onEveryServer } from "../support/matrix.js";

const ddl = {
  sqlite: `CREATE TABLE tags (code TEXT COLLATE NOCASE PRIMARY KEY, v TEXT); INSERT INTO tags VALUES ('Red', 'x'), ('Blue', 'x');`,
  mariadb: `CREATE TABLE tags (code VARCHAR(20) PRIMARY KEY, v TEXT); INSERT INTO tags VALUES ('Red', 'x'), ('Blue', 'x');
CREATE TABLE pads (code VARCHAR(20) PRIMARY KEY, v TEXT); INSERT INTO pads VALUES ('ab ', 'x');`,
  postgres: `CREATE COLLATION letters (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE tags (code TEXT COLLATE letters PRIMARY KEY, v TEXT); INSERT INTO tags VALUES ('Red', 'x'), ('Blue', 'x');
CREATE TABLE pads (code CHAR(5) PRIMARY KEY, v TEXT); INSERT INTO pads VALUES ('ab', 'x');
CREATE TABLE spans (code INTERVAL PRIMARY KEY, v TEXT); INSERT INTO spans VALUES ('1 day', 'x');
CREATE TABLE ranges (code INT4RANGE PRIMARY KEY, v TEXT); INSERT INTO ranges VALUES ('[1,5)', 'x');`,
};

/** Keys of types that one of them has: paths of rows, and another spelling of the key. */
const spellings: Readonly<Record<DatabaseName, readonly (readonly [string, string])[]>> = {
  sqlite: [],
  mariadb: [["/pads/ab", "ab  "]],
  postgres: [
    ["/pads/ab", "ab  "],
    ["/spans/1%20day", "24:00:00"],
    ["/ranges/%5B1%2C5%29", "[1,4]"],
  ],
};

onEveryServer(ddl, (place) => {
  let app: App;
  beforeAll(async () => {
    app = await place.app();
  });
  const put = (path: string, body: unknown) => app.ask(`PUT ${path}`, { body: JSON.stringify(body) });

  test("a third spelling of the key", async () => {
    const answer = await put("/tags/RED", { code: "red", v: "y" });
    expect([answer.status, answer.json]).toEqual([200, { code: "red", v: "y" }]);
  });

  test("another row's key is refused, and nothing is changed", async () => {
    const answer = await put("/tags/BLUE", { code: "red", v: "z" });
    expect([answer.status, answer.json.code]).toEqual([422, "invalid_value"]);
    expect((await app.ask("GET /tags/blue")).json).toEqual({ code: "Blue", v: "x" });
  });

  test.each(spellings[place.name])("%s is %s", async (path, code) => {
    const answer = await put(path, { code, v: "y" });
    expect([answer.status, answer.json.v]).toEqual([200, "y"]);
  });
});
