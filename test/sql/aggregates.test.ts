// What the compiler says for aggregates, on every database side by side; T-SQL and MySQL are read by a foreign grammar.
import { describe, expect, test } from "vitest";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { sqlite } from "../../src/dialect/sqlite/sqlite.js";
import type { Embed, Plan, ShownField } from "../../src/plan/plan.js";
import { lookupOf } from "../../src/schema/lookup.js";
import type { ColumnType, Table } from "../../src/schema/schema.js";
import { compile } from "../../src/sql/compile.js";
import { column, schemaOf } from "../support/literal-schema.js";
import { mysqlMistakes, tsqlMistakes } from "./grammar.js";
import { withoutBounds } from "./without-bounds.js";

const whole: ColumnType = { kind: "integer", native: "int" };
const price: ColumnType = { kind: "decimal", native: "decimal(10,2)", precision: 10, scale: 2 };
const ratio: ColumnType = { kind: "float", native: "float" };
const day: ColumnType = { kind: "date", native: "date" };

const lookup = lookupOf({
  tables: [
    {
      ...(schemaOf({ lines: "id" }).tables[0] as Table),
      columns: Object.entries({ id: whole, order_id: whole, price, ratio, day }).map(([name, type]) =>
        column(name, type.kind, { type }),
      ),
    },
  ],
});

const plain = (name: string): ShownField => ({ type: "column", field: name, column: name });
const of = (aggregate: "count" | "sum" | "avg" | "min" | "max", name?: string): ShownField => ({
  type: "aggregate",
  field: aggregate,
  of: name === undefined ? { aggregate } : { aggregate, column: name },
});
const list = (select: readonly ShownField[], more: object = {}): Plan =>
  ({ kind: "list", table: "lines", select, where: [], order: [], having: [], ...more }) as Plan;
const lines: Embed = {
  type: "embed",
  field: "lines",
  join: { via: "child", columns: ["order_id"], references: ["id"], enforced: true },
  many: true,
  list: { kind: "list", table: "lines", select: [of("count")], where: [], order: [], having: [], limit: 100 },
};

interface Case {
  readonly plan: Plan;
  readonly sqlite: string;
  readonly postgres: string;
  readonly mysql: string;
  readonly mssql: string;
}

const cases: Readonly<Record<string, Case>> = {
  "totals of whole numbers": {
    plan: list([of("count"), of("sum", "id"), of("avg", "id")]),
    sqlite:
      'SELECT group_concat(j, char(30)) FROM (SELECT json_object(\'count\', count(*), \'sum\', json(sapwood_exact_whole(sum("lines"."id" >> 32), sum("lines"."id" & 4294967295), total("lines"."id"))), \'avg\', json(sapwood_exact_quotient(sapwood_exact_whole(sum("lines"."id" >> 32), sum("lines"."id" & 4294967295), total("lines"."id")), count("lines"."id"), 6))) AS j  FROM "lines")',
    postgres: 'SELECT count(*), sum("lines"."id"), round(avg("lines"."id"), 6) FROM "lines"',
    mysql:
      "SELECT CONCAT('{\"count\":', IFNULL(count(*), 'null'), ',\"sum\":', IFNULL(sum(`lines`.`id`), 'null'), ',\"avg\":', IFNULL(ROUND(avg(CAST(`lines`.`id` AS DECIMAL(65, 6))), 6), 'null'), '}')  FROM `lines`",
    mssql:
      "SELECT CONCAT(CAST(N'{\"count\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), count(*)), 'null'), N',\"sum\":', ISNULL(CONVERT(varchar(41), CAST(sum(CAST([lines].[id] AS decimal(38, 0))) AS decimal(38, 0))), 'null'), N',\"avg\":', ISNULL(CONVERT(varchar(41), CAST(avg(CAST([lines].[id] AS decimal(38, 6))) AS decimal(38, 6))), 'null'), N'}') FROM [lines]",
  },
  "totals of decimals": {
    plan: list([of("sum", "price"), of("avg", "price"), of("max", "day")]),
    sqlite:
      'SELECT group_concat(j, char(30)) FROM (SELECT json_object(\'sum\', json(sapwood_exact_sum("lines"."price")), \'avg\', json(sapwood_exact_quotient(sapwood_exact_sum("lines"."price"), count("lines"."price"), 8)), \'max\', max("lines"."day")) AS j  FROM "lines")',
    postgres: 'SELECT sum("lines"."price"), round(avg("lines"."price"), 8), to_json(max("lines"."day")) FROM "lines"',
    mysql:
      "SELECT CONCAT('{\"sum\":', IFNULL(sum(`lines`.`price`), 'null'), ',\"avg\":', IFNULL(ROUND(avg(CAST(`lines`.`price` AS DECIMAL(65, 8))), 8), 'null'), ',\"max\":', IFNULL(IF(max(`lines`.`day`) = 0, NULL, CONCAT('\"', max(`lines`.`day`), '\"')), 'null'), '}')  FROM `lines`",
    mssql:
      "SELECT CONCAT(CAST(N'{\"sum\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(41), sum([lines].[price])), 'null'), N',\"avg\":', ISNULL(CONVERT(varchar(41), CAST(avg(CAST([lines].[price] AS decimal(38, 8))) AS decimal(38, 8))), 'null'), N',\"max\":', ISNULL('\"' + CONVERT(char(10), max([lines].[day]), 23) + '\"', 'null'), N'}') FROM [lines]",
  },
  "totals of floats": {
    plan: list([of("sum", "ratio"), of("avg", "ratio")]),
    sqlite:
      'SELECT group_concat(j, char(30)) FROM (SELECT json_object(\'sum\', CASE WHEN typeof(sum("lines"."ratio")) = \'real\' THEN CASE sum("lines"."ratio") WHEN 9e999 THEN \'Infinity\' WHEN -9e999 THEN \'-Infinity\' ELSE json(sapwood_digits(sum("lines"."ratio"))) END ELSE sum("lines"."ratio") END, \'avg\', CASE WHEN typeof(avg("lines"."ratio")) = \'real\' THEN CASE avg("lines"."ratio") WHEN 9e999 THEN \'Infinity\' WHEN -9e999 THEN \'-Infinity\' ELSE json(sapwood_digits(avg("lines"."ratio"))) END ELSE avg("lines"."ratio") END) AS j  FROM "lines")',
    postgres: 'SELECT sum("lines"."ratio"::float8), avg("lines"."ratio"::float8) FROM "lines"',
    mysql:
      "SELECT CONCAT('{\"sum\":', IFNULL(sum(CAST(`lines`.`ratio` AS DOUBLE)), 'null'), ',\"avg\":', IFNULL(avg(CAST(`lines`.`ratio` AS DOUBLE)), 'null'), '}')  FROM `lines`",
    mssql:
      "SELECT CONCAT(CAST(N'{\"sum\":' AS nvarchar(max)), ISNULL(CASE WHEN TRY_CAST(CONVERT(varchar(32), sum(CAST([lines].[ratio] AS float)), 0) AS float) = sum(CAST([lines].[ratio] AS float)) THEN CONVERT(varchar(32), sum(CAST([lines].[ratio] AS float)), 0) WHEN CASE WHEN ABS(sum(CAST([lines].[ratio] AS float))) >= 1E-4 AND ABS(sum(CAST([lines].[ratio] AS float))) < 1E14 THEN TRY_CAST(STR(sum(CAST([lines].[ratio] AS float)), 40, 15 - FLOOR(LOG10(NULLIF(ABS(sum(CAST([lines].[ratio] AS float))), 0)))) AS float) END = sum(CAST([lines].[ratio] AS float)) THEN REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(LTRIM(CASE WHEN TRY_CAST(STR(sum(CAST([lines].[ratio] AS float)), 40, 14 - FLOOR(LOG10(NULLIF(ABS(sum(CAST([lines].[ratio] AS float))), 0)))) AS float) = sum(CAST([lines].[ratio] AS float)) THEN STR(sum(CAST([lines].[ratio] AS float)), 40, 14 - FLOOR(LOG10(NULLIF(ABS(sum(CAST([lines].[ratio] AS float))), 0)))) ELSE STR(sum(CAST([lines].[ratio] AS float)), 40, 15 - FLOOR(LOG10(NULLIF(ABS(sum(CAST([lines].[ratio] AS float))), 0)))) END), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') ELSE CONVERT(varchar(32), sum(CAST([lines].[ratio] AS float)), 3) END, 'null'), N',\"avg\":', ISNULL(CASE WHEN TRY_CAST(CONVERT(varchar(32), avg(CAST([lines].[ratio] AS float)), 0) AS float) = avg(CAST([lines].[ratio] AS float)) THEN CONVERT(varchar(32), avg(CAST([lines].[ratio] AS float)), 0) WHEN CASE WHEN ABS(avg(CAST([lines].[ratio] AS float))) >= 1E-4 AND ABS(avg(CAST([lines].[ratio] AS float))) < 1E14 THEN TRY_CAST(STR(avg(CAST([lines].[ratio] AS float)), 40, 15 - FLOOR(LOG10(NULLIF(ABS(avg(CAST([lines].[ratio] AS float))), 0)))) AS float) END = avg(CAST([lines].[ratio] AS float)) THEN REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(LTRIM(CASE WHEN TRY_CAST(STR(avg(CAST([lines].[ratio] AS float)), 40, 14 - FLOOR(LOG10(NULLIF(ABS(avg(CAST([lines].[ratio] AS float))), 0)))) AS float) = avg(CAST([lines].[ratio] AS float)) THEN STR(avg(CAST([lines].[ratio] AS float)), 40, 14 - FLOOR(LOG10(NULLIF(ABS(avg(CAST([lines].[ratio] AS float))), 0)))) ELSE STR(avg(CAST([lines].[ratio] AS float)), 40, 15 - FLOOR(LOG10(NULLIF(ABS(avg(CAST([lines].[ratio] AS float))), 0)))) END), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') ELSE CONVERT(varchar(32), avg(CAST([lines].[ratio] AS float)), 3) END, 'null'), N'}') FROM [lines]",
  },
  "groups, some of them, sorted by a total": {
    plan: list([plain("order_id"), of("sum", "price")], {
      having: [
        { type: "compare", column: { aggregate: "sum", column: "price" }, operator: "gt", value: 0 },
        { type: "any", where: [{ type: "null", column: "order_id", negated: true }] },
      ],
      order: [{ column: { aggregate: "sum", column: "price" }, descending: true, nullsFirst: false }],
    }),
    sqlite:
      'SELECT group_concat(j, char(30)) FROM (SELECT json_object(\'order_id\', "lines"."order_id", \'sum\', json(sapwood_exact_sum("lines"."price"))) AS j  FROM "lines" GROUP BY "lines"."order_id" HAVING CAST(sapwood_exact_sum("lines"."price") AS NUMERIC) > CAST(? AS NUMERIC) AND ("lines"."order_id" IS NOT NULL) ORDER BY CAST(sapwood_exact_sum("lines"."price") AS NUMERIC) DESC)',
    postgres:
      'SELECT "lines"."order_id", sum("lines"."price") FROM "lines" GROUP BY "lines"."order_id" HAVING sum("lines"."price") > $1 AND ("lines"."order_id" IS NOT NULL) ORDER BY sum("lines"."price") DESC NULLS LAST',
    mysql:
      "SELECT CONCAT('{\"order_id\":', IFNULL(`lines`.`order_id`, 'null'), ',\"sum\":', IFNULL(sum(`lines`.`price`), 'null'), '}')  FROM `lines` GROUP BY `lines`.`order_id` HAVING sum(`lines`.`price`) > CAST(? AS DECIMAL(65, 12)) AND (min(`lines`.`order_id`) IS NOT NULL) ORDER BY sum(`lines`.`price`) DESC",
    mssql:
      "SELECT CONCAT(CAST(N'{\"order_id\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [lines].[order_id]), 'null'), N',\"sum\":', ISNULL(CONVERT(varchar(41), sum([lines].[price])), 'null'), N'}') FROM [lines] GROUP BY [lines].[order_id] HAVING sum([lines].[price]) > CAST(@p1 AS decimal(38, 12)) AND ([lines].[order_id] IS NOT NULL) ORDER BY sum([lines].[price]) DESC",
  },
  "how many groups": {
    plan: { kind: "count", table: "lines", where: [], groups: { select: [plain("day")], having: [] } },
    sqlite: 'SELECT count(*) FROM (SELECT count(*) AS n FROM "lines" GROUP BY "lines"."day") g',
    postgres: 'SELECT count(*) FROM (SELECT count(*) AS n FROM "lines" GROUP BY "lines"."day") g',
    mysql:
      "SELECT count(*) FROM (SELECT count(*) AS n FROM `lines` GROUP BY CASE WHEN `lines`.`day` <> 0 THEN `lines`.`day` END) g",
    mssql: "SELECT count(*) FROM (SELECT count(*) AS n FROM [lines] GROUP BY [lines].[day]) g",
  },
  "a total of each row's list": {
    plan: list([plain("id"), lines], { having: undefined }),
    sqlite:
      'SELECT group_concat(j, char(30)) FROM (SELECT json_object(\'id\', "lines"."id", \'lines\', json((SELECT \'[\' || ifnull(group_concat(j, \',\'), \'\') || \']\' FROM (SELECT json_object(\'count\', count(*)) AS j FROM "lines" "via 1" WHERE "via 1"."order_id" = "lines"."id" LIMIT 100)))) AS j  FROM "lines")',
    postgres:
      'SELECT "lines"."id", (SELECT coalesce(json_agg(row_to_json(r.*)), \'[]\') FROM (SELECT count(*) AS "count" FROM "lines" "via 1" WHERE "via 1"."order_id" = "lines"."id" LIMIT 100) r) FROM "lines"',
    mysql:
      "SELECT CONCAT('{\"id\":', IFNULL(`lines`.`id`, 'null'), ',\"lines\":', IFNULL((SELECT CONCAT('[', CONCAT('{\"count\":', IFNULL(count(*), 'null'), '}'), ']') FROM `lines` `via 1` WHERE `via 1`.`order_id` = `lines`.`id` LIMIT 100), '[]'), '}')  FROM `lines`",
    mssql:
      "SELECT CONCAT(CAST(N'{\"id\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), [lines].[id]), 'null'), N',\"lines\":', ISNULL((SELECT N'[' + STRING_AGG(r.j, N',') WITHIN GROUP (ORDER BY r.n) + N']' FROM (SELECT CONCAT(CAST(N'{\"count\":' AS nvarchar(max)), ISNULL(CONVERT(varchar(20), count(*)), 'null'), N'}') AS j, ROW_NUMBER() OVER (ORDER BY (SELECT NULL)) AS n FROM [lines] [via 1] WHERE [via 1].[order_id] = [lines].[id] ORDER BY (SELECT NULL) OFFSET 0 ROWS FETCH NEXT 100 ROWS ONLY) r), N'[]') COLLATE Latin1_General_100_BIN2, N'}') FROM [lines]",
  },
};

describe.each(Object.entries(cases))("%s", (_, { plan, ...texts }) => {
  test.each([sqlite, postgres, mysql, mssql])("on $name", (dialect) => {
    expect(withoutBounds(compile(plan, lookup, dialect).text)).toBe(texts[dialect.name as keyof typeof texts]);
  });
  test("is T-SQL and MySQL to a foreign grammar", () => {
    expect(tsqlMistakes(compile(plan, lookup, mssql).text)).toEqual([]);
    expect(mysqlMistakes(compile(plan, lookup, mysql).text)).toEqual([]);
  });
});
