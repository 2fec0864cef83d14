// How databases are asked for about how many rows there are, and how their answers are read.
import { describe, expect, test } from "vitest";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { explainedRows } from "../../src/dialect/mysql/explain.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { sqlite } from "../../src/dialect/sqlite/sqlite.js";
import type { Plan } from "../../src/plan/plan.js";
import type { Condition } from "../../src/plan/terms.js";
import { lookupOf } from "../../src/schema/lookup.js";
import { compile } from "../../src/sql/compile.js";
import { column } from "../support/literal-schema.js";
import { mysqlMistakes, tsqlMistakes } from "./grammar.js";

const lookup = lookupOf({
  tables: ["t", "it's [odd]"].map((name) => ({
    ...{ id: name, name, schema: name === "t" ? null : "own", kind: "table" as const },
    ...{ columns: [column("id", "integer")], primaryKey: ["id"], uniqueKeys: [], foreignKeys: [] },
  })),
});
const where: Condition[] = [{ type: "compare", column: "id", operator: "gt", value: 0 }];
const few: Plan = { kind: "count", table: "t", where, most: 1001 };
const all: Plan = { kind: "estimate", table: "t", where: [] };
const some: Plan = { kind: "estimate", table: "t", where };

test.each([
  [sqlite, few, 'SELECT count(*) FROM (SELECT 1 AS n FROM "t" WHERE "t"."id" > ? LIMIT 1001) g'],
  [postgres, few, 'SELECT count(*) FROM (SELECT 1 AS n FROM "t" WHERE "t"."id" > $1 LIMIT 1001) g'],
  [postgres, all, 'EXPLAIN (FORMAT JSON) SELECT 1 FROM "t"'],
  [postgres, some, 'EXPLAIN (FORMAT JSON) SELECT 1 FROM "t" WHERE "t"."id" > $1'],
  [mysql, few, "SELECT count(*) FROM (SELECT 1 AS n FROM `t` WHERE `t`.`id` > ? LIMIT 1001) g"],
  [mysql, all, "EXPLAIN FORMAT=JSON SELECT 1 FROM `t`"],
  [mysql, some, "EXPLAIN FORMAT=JSON SELECT 1 FROM `t` WHERE `t`.`id` > ?"],
  [
    mssql,
    few,
    "SELECT count(*) FROM (SELECT 1 AS n FROM [t] WHERE [t].[id] > @p1 ORDER BY (SELECT NULL) OFFSET 0 ROWS FETCH NEXT 1001 ROWS ONLY) g",
  ],
  [
    mssql,
    all,
    "SELECT SUM(p.[rows]) FROM sys.partitions p WHERE p.object_id = OBJECT_ID(N'[t]') AND p.index_id IN (0, 1)",
  ],
  [
    mssql,
    { ...all, table: "it's [odd]" },
    "SELECT SUM(p.[rows]) FROM sys.partitions p WHERE p.object_id = OBJECT_ID(N'[own].[it''s [odd]]]') AND p.index_id IN (0, 1)",
  ],
] as const)("$0.name", (dialect, plan, expected) => {
  const { text } = compile(plan, lookup, dialect);
  expect(text).toBe(expected);
  if (dialect === mssql) expect(tsqlMistakes(text)).toEqual([]);
  if (dialect === mysql) expect(mysqlMistakes(text)).toEqual([]);
});

test("SQL Server tells nothing of what the login may not see", () => {
  expect(mssql.estimate?.rows([[null]], "t")).toBeUndefined();
  expect(mssql.estimate?.rows([["12345"]], "t")).toBe(12_345);
});

describe("what EXPLAIN says", () => {
  const t = { table_name: "t", access_type: "ALL" };
  test.each([
    ["MySQL, a table", { table: { ...t, rows_examined_per_scan: 5000, filtered: "33.33" } }, 1667],
    ["MariaDB, a table", { nested_loop: [{ table: { ...t, rows: 5000, filtered: 50 } }] }, 2500],
    [
      "a semijoin that begins at the other table",
      {
        nested_loop: [
          { table: { table_name: "via 1", rows: 40, filtered: 50 } },
          { table: { ...t, rows: 3, filtered: 100 } },
        ],
      },
      60,
    ],
    [
      "a semijoin that begins at the table",
      { nested_loop: [{ table: { ...t, rows: 300, filtered: 100 } }, { table: { table_name: "via 1", rows: 5 } }] },
      300,
    ],
    [
      "a subquery of each row",
      {
        table: { ...t, rows: 300, filtered: 100 },
        subqueries: [{ query_block: { table: { table_name: "t", rows: 7 } } }],
      },
      300,
    ],
    ["no row", { table: { message: "Impossible WHERE" } }, undefined],
    ["no numbers", { table: t }, undefined],
  ])("%s", (_, block, rows) => expect(explainedRows({ query_block: { select_id: 1, ...block } }, "t")).toBe(rows));
});
