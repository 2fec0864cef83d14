// How conditions on related rows are said: as EXISTS where a database plans that well, as a list that is made once where it does not.
import Database from "better-sqlite3";
import { beforeAll, describe, expect, test } from "vitest";
import type { Dialect } from "../../src/dialect/dialect.js";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { sqlite } from "../../src/dialect/sqlite/sqlite.js";
import { mergeAll, mergeAny } from "../../src/plan/merge-related.js";
import { equals } from "../../src/plan/path.js";
import type { Condition } from "../../src/plan/terms.js";
import { lookupOf } from "../../src/schema/lookup.js";
import type { Table } from "../../src/schema/schema.js";
import { compile } from "../../src/sql/compile.js";
import { column } from "../support/literal-schema.js";

const table = (name: string, columns: readonly string[], primaryKey: readonly string[]): Table => ({
  ...{ id: name, name, schema: null, kind: "table", primaryKey, uniqueKeys: [], foreignKeys: [] },
  columns: columns.map((name) => column(name, "integer", { nullable: name === "boss_id" })),
});

const lookup = lookupOf({
  tables: [
    table("people", ["id", "age", "boss_id"], ["id"]),
    table("tags", ["id"], ["id"]),
    table("links", ["person_id", "tag_id"], ["person_id", "tag_id"]),
  ],
});

const within = (columns: string[], table: string, select: string[], where: Condition[]): Condition => ({
  ...{ type: "within", columns, table, select, where, exists: true },
});
const aged: Condition = { type: "compare", column: "age", operator: "eq", value: 0 };
const tagged = (where: Condition[]) =>
  within(["id"], "links", ["person_id"], [within(["tag_id"], "tags", ["id"], where)]);
const people = (where: Condition[]) =>
  within(["id"], "links", ["tag_id"], [within(["person_id"], "people", ["id"], where)]);
/** `?tags.people.age=…` */
const through = tagged([people([aged])]);

const said = (where: readonly Condition[], dialect: Dialect) =>
  compile({ kind: "exists", table: "people", where }, lookup, dialect).text.replace(/^.*? WHERE | LIMIT 1$/gs, "");

test.each([
  [mssql, "SELECT [via 2].[tag_id] FROM [links] [via 2] WHERE [via 2].[person_id] = [people].[id]"],
  [sqlite, 'SELECT "via 2"."tag_id" FROM "links" "via 2" WHERE "via 2"."person_id" = "people"."id"'],
])("the number of related rows is a subquery of each row", (dialect, links) => {
  const near = { columns: ["person_id"], references: ["id"] };
  const far = { columns: ["tag_id"], references: ["id"] };
  const column = { countOf: "tags", join: { via: "link", link: "links", near, far } } as const;
  const text = said([{ type: "compare", column, operator: "gt", value: 0 }], dialect);
  expect(text).toContain("(SELECT count(*) FROM ");
  expect(text).toContain(links);
});

describe("two N-to-N steps", () => {
  test("are one list within another on SQLite", () => {
    expect(said([through], sqlite)).toBe(
      '"people"."id" IN (SELECT "via 1"."person_id" FROM "links" "via 1" WHERE "via 1"."tag_id" IN (SELECT "via 2"."id" FROM "tags" "via 2" WHERE "via 2"."id" IN (SELECT "via 3"."tag_id" FROM "links" "via 3" WHERE "via 3"."person_id" IN (SELECT "via 4"."id" FROM "people" "via 4" WHERE "via 4"."age" = ?))))',
    );
  });

  test("are EXISTS of the first one, and a list of what is behind it, on PostgreSQL", () => {
    expect(said([through], postgres)).toBe(
      'EXISTS (SELECT 1 FROM "links" "via 1" WHERE "via 1"."person_id" = "people"."id" AND EXISTS (SELECT 1 FROM "tags" "via 2" WHERE "via 2"."id" = "via 1"."tag_id" AND "via 2"."id" IN (SELECT DISTINCT "via 3"."tag_id" FROM "links" "via 3" WHERE "via 3"."person_id" IN (SELECT DISTINCT "via 4"."id" FROM "people" "via 4" WHERE "via 4"."age" = $1))))',
    );
  });

  test("are EXISTS in each other on MySQL and MariaDB, which make joins of them", () => {
    expect(said([through], mysql).match(/EXISTS/g)).toHaveLength(4);
    expect(said([through], mysql)).not.toContain(" IN ");
  });

  test("are EXISTS of the first one where one row is asked, by its key, and no index goes through the list", () => {
    expect(said([...equals(["id"], [1]), through], sqlite)).toBe(
      '"people"."id" = +? AND EXISTS (SELECT 1 FROM "links" "via 1" WHERE "via 1"."person_id" = "people"."id" AND EXISTS (SELECT 1 FROM "tags" "via 2" WHERE "via 2"."id" = "via 1"."tag_id" AND +"via 2"."id" IN (SELECT "via 3"."tag_id" FROM "links" "via 3" WHERE "via 3"."person_id" IN (SELECT "via 4"."id" FROM "people" "via 4" WHERE "via 4"."age" = ?))))',
    );
  });
});

describe("behind NOT", () => {
  const bossed = within(["boss_id"], "people", ["id"], [aged]);
  const bosses = within(["id"], "people", ["boss_id"], [aged]);
  const not = (where: Condition): Condition => ({ type: "not", where: [where] });

  test("what has no related row is not left out for its NULL, nor all for a NULL in the list", () => {
    expect(said([not(bossed)], sqlite)).toBe(
      'NOT (("people"."boss_id" IS NOT NULL AND "people"."boss_id" IN (SELECT "via 1"."id" FROM "people" "via 1" WHERE "via 1"."id" IS NOT NULL AND "via 1"."age" = ?)))',
    );
  });

  const database = new Database(":memory:");
  beforeAll(() => {
    database.exec(`CREATE TABLE people (id integer PRIMARY KEY, age integer, boss_id integer);
      INSERT INTO people VALUES (1, 40, NULL), (2, 40, 1), (3, 20, 2)`);
  });
  const found = (where: Condition) => {
    const { text } = compile({ kind: "list", table: "people", where: [where], order: [] }, lookup, sqlite);
    return database
      .prepare(text)
      .pluck()
      .all(40)
      .flatMap((rows) => [...String(rows).matchAll(/"id":(\d)/g)].map(([, id]) => Number(id)))
      .sort();
  };

  test.each([
    ["with", bossed, [2, 3]],
    ["without", not(bossed), [1]],
    ["of", bosses, [1]],
    ["of none", not(bosses), [2, 3]],
  ])("whoever is %s a boss of 40, of themselves or of others", (_, where, ids) => {
    database.function("sapwood_base64", (value) => value);
    expect(found(where)).toEqual(ids);
  });
});

test("no step of SQLite's plan is done again for each row", () => {
  const database = new Database(":memory:");
  database.exec(`CREATE TABLE people (id integer PRIMARY KEY, age integer, boss_id integer); CREATE TABLE tags (id integer PRIMARY KEY);
    CREATE TABLE links (person_id integer, tag_id integer, PRIMARY KEY (person_id, tag_id))`);
  const { text } = compile({ kind: "exists", table: "people", where: [through] }, lookup, sqlite);
  const steps = database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`).all(1);
  expect(steps.map(({ detail }) => detail).join("\n")).not.toContain("CORRELATED");
});

describe("filters on the same related rows", () => {
  const older = (value: number): Condition => ({ type: "compare", column: "age", operator: "gt", value });
  const boss = (where: Condition) => within(["boss_id"], "people", ["id"], [where]);
  const staff = (where: Condition) => within(["id"], "people", ["boss_id"], [where]);

  test("are one where they are about one row", () => {
    expect(mergeAll([boss(older(1)), aged, boss(boss(older(2))), boss(boss(older(3)))], lookup)).toEqual([
      within(["boss_id"], "people", ["id"], [older(1), within(["boss_id"], "people", ["id"], [older(2), older(3)])]),
      aged,
    ]);
  });

  test("are each by itself where they may be about several", () => {
    const both = [staff(older(1)), staff(older(2))];
    expect(mergeAll(both, lookup)).toEqual(both);
  });

  test("are one where any of them is enough", () => {
    expect(mergeAny([staff(older(1)), aged, staff(older(2))])).toEqual([
      within(["id"], "people", ["boss_id"], [{ type: "any", where: [older(1), older(2)] }]),
      aged,
    ]);
    expect(mergeAny([tagged([aged]), tagged([older(1)])])).toEqual([
      tagged([{ type: "any", where: [aged, older(1)] }]),
    ]);
  });
});
