// A view's text, as SQL Server and SQLite keep it and MySQL writes it down → what it says, or nothing where it is not understood.
import { expect, test } from "vitest";
import { viewFrom } from "../../src/dialect/mssql/views.js";
import { spokenView } from "../../src/dialect/views/definition.js";

test.each([
  ["SELECT id, o.total AS t, upper(x) u FROM orders o", [{ column: "id" }, { of: "o", column: "total" }, undefined]],
  ["create view [v] (a, b) as select [o].[id], 1 from [dbo].[orders] as [o];", [{ of: "o", column: "id" }, undefined]],
  ["CREATE TEMP VIEW v AS SELECT o.*, c.name FROM o, c", [{ all: "o" }, { of: "c", column: "name" }]],
  ["select `d`.`t`.`id` AS `id` from `d`.`t`", [{ of: "t", column: "id" }]],
  ["SELECT /* a, b */ 'it''s, from' AS x, id -- , y\n FROM t", [undefined, { column: "id" }]],
  ["SELECT a IS DISTINCT FROM b AS same, a FROM t", [undefined, { column: "a" }]],
])("%s", (sql, items) => {
  expect(spokenView(sql)?.items).toEqual(items);
});

test.each([
  "SELECT id FROM a UNION SELECT id FROM b",
  "WITH x AS (SELECT 1) SELECT id FROM x",
  "SELECT id FROM json_each('[1]')",
  "SELECT id FROM (SELECT id FROM a) x",
  "SELECT id FROM a NATURAL JOIN b",
  "SELECT id FROM a CROSS APPLY f(a.id) b",
  "SELECT id FROM a TABLESAMPLE (10 PERCENT)",
  "SELECT id FROM a FOR SYSTEM_TIME ALL",
  "INSERT INTO a VALUES (1)",
  "",
])("nothing is told of %s", (sql) => {
  expect(spokenView(sql)).toBeUndefined();
});

test("conditions tell of equal columns where they must hold", () => {
  const equal = (condition: string) => spokenView(`SELECT a.id FROM a LEFT JOIN b ON ${condition}`)?.equalities;
  const one = [{ one: { of: "a", column: "x" }, other: { of: "b", column: "y" }, tells: [1] }];
  expect(equal("a.x = b.y")).toEqual(one);
  expect(equal("((a.x = b.y) and (b.z > 1))")).toEqual(one);
  for (const open of ["a.x = b.y OR a.z = 1", "NOT a.x = b.y", "a.x BETWEEN 1 AND a.x = b.y", "a.x = b.y + 1"])
    expect(equal(open), open).toEqual([]);
});

test("SQL Server: a view of one table takes writes, with its CHECK OPTION; a join, a group and TOP do not", () => {
  const read = (definition: string | null) => viewFrom({ schema: "sales", table: "v", definition });
  const plain = read("CREATE VIEW sales.v AS SELECT id FROM orders WHERE id > 1 WITH CHECK OPTION");
  expect(plain.passes).toEqual(["insert", "update", "delete"]);
  expect(plain.spoken).toMatchObject({
    checked: true,
    filtered: true,
    sources: [{ schema: "sales", table: "orders" }],
  });
  for (const text of [
    "CREATE VIEW sales.v AS SELECT a.id FROM a JOIN b ON b.id = a.id",
    "CREATE VIEW sales.v AS SELECT id FROM a GROUP BY id",
    "CREATE VIEW sales.v AS SELECT TOP (3) id FROM a",
    "CREATE VIEW sales.v AS SELECT COUNT_BIG(*) AS n FROM a",
    null,
  ])
    expect(read(text).passes, String(text)).toEqual([]);
});
