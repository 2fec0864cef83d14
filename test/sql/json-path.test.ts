// What the compiler says for places in JSON, on every database side by side; T-SQL and MySQL are read by a foreign grammar.

import { describe, expect, test } from "vitest";
import type { Dialect } from "../../src/dialect/dialect.js";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { sqlite } from "../../src/dialect/sqlite/sqlite.js";
import { planFilters, planOrder } from "../../src/plan/filter.js";
import { Values } from "../../src/plan/values.js";
import { parseFilter } from "../../src/request/filter.js";
import { lookupOf, tableOf } from "../../src/schema/lookup.js";
import type { ColumnType, Table } from "../../src/schema/schema.js";
import { bindings } from "../../src/sql/compile.js";
import { orderOf, whereOf } from "../../src/sql/expression.js";
import { Writer } from "../../src/sql/writer.js";
import { column, schemaOf } from "../support/literal-schema.js";
import { mysqlMistakes, tsqlMistakes } from "./grammar.js";

const [table] = schemaOf({ t: "id" }).tables as [Table];
const native = (name: string): { type: ColumnType } => ({ type: { kind: "json", native: name } });
const lookup = lookupOf({
  tables: [
    { ...table, primaryKey: [], columns: [column("b", "json", native("jsonb")), column("c", "json", native("json"))] },
  ],
});
const entry = tableOf(lookup, "t");
const names = {
  lookup,
  relations: new Map(),
  limits: { maxValues: 9, maxWords: 9, defaultLimit: 9, maxLimit: 9 },
};

type Said = readonly [text: string, ...bound: unknown[]];

interface Case {
  readonly asked: readonly [name: string, filter: string];
  readonly sqlite: Said;
  readonly postgres: Said;
  readonly mysql: Said;
  readonly mssql: Said;
}

/** What stands behind the table's name, and the values in the text's order. */
function said(dialect: Dialect, [name, filter]: readonly [string, string]): Said {
  const values = new Values();
  const writer = new Writer(lookup, dialect);
  let text: string;
  if (name === "order-by") {
    const [path = "", nulls] = filter.split(":");
    const term = { name: path, descending: false, ...(nulls === "nullslast" ? { nulls: "last" as const } : {}) };
    text = orderOf(writer, planOrder([term], entry, names, values), entry, writer.qualifier(entry.table));
  } else text = whereOf(writer, planFilters([parseFilter(name, filter, 9)], entry, names, values), entry);
  const statement = writer.finished(text);
  const plain = bindings(statement, values.all, dialect).map((bound) =>
    typeof bound === "object" && bound !== null && "value" in bound ? bound.value : bound,
  );
  return [statement.text, ...plain];
}

const cases: Readonly<Record<string, Case>> = {
  "a text": {
    asked: ["c->city", "Paris"],
    sqlite: [
      ' WHERE CASE WHEN json_valid("t"."c", 9) THEN CASE json_type("t"."c", ?) WHEN \'text\' THEN json_extract("t"."c", ?) WHEN \'true\' THEN \'true\' WHEN \'false\' THEN \'false\' WHEN \'integer\' THEN "t"."c" -> ? WHEN \'real\' THEN "t"."c" -> ? END END IN (?)',
      '$."city"',
      '$."city"',
      '$."city"',
      '$."city"',
      "Paris",
    ],
    postgres: [
      ' WHERE (jsonb_path_query_first(CAST("t"."c" AS jsonb), $1::jsonpath, \'{}\', true) #>> \'{}\') COLLATE "C" IN ($2)',
      'strict $."city" ? (@.type() != "object" && @.type() != "array")',
      "Paris",
    ],
    mysql: [
      " WHERE CAST(CASE WHEN JSON_VALID(`t`.`c`) AND JSON_TYPE(JSON_EXTRACT(`t`.`c`, ?)) NOT IN ('NULL', 'OBJECT', 'ARRAY') THEN JSON_UNQUOTE(JSON_EXTRACT(`t`.`c`, ?)) END AS BINARY) IN (?)",
      '$."city"',
      '$."city"',
      "Paris",
    ],
    mssql: [
      " WHERE (CAST((SELECT TOP 1 j.[value] FROM OPENJSON(CASE WHEN ISJSON(CAST([t].[c] AS nvarchar(max))) = 1 THEN CAST([t].[c] AS nvarchar(max)) END, @p1) j WHERE j.[key] = @p2 AND j.[type] IN (1, 2, 3)) AS nvarchar(max)) + NCHAR(1)) COLLATE Latin1_General_100_BIN2 IN ((CAST(@p3 AS nvarchar(max)) + NCHAR(1)) COLLATE Latin1_General_100_BIN2)",
      "$",
      "city",
      "Paris",
    ],
  },
  "a number at an index": {
    asked: ["b->0", "lt:5"],
    sqlite: [
      ' WHERE CASE WHEN json_valid("t"."b", 9) THEN CASE WHEN json_type("t"."b", ?) IN (\'integer\', \'real\') THEN json_extract("t"."b", ?) END END < CAST(? AS NUMERIC)',
      "$[0]",
      "$[0]",
      "5",
    ],
    postgres: [
      " WHERE (jsonb_path_query_first(\"t\".\"b\", $1::jsonpath, '{}', true) #>> '{}')::numeric < $2",
      'strict $[0] ? (@.type() == "number")',
      "5",
    ],
    mysql: [
      " WHERE CASE WHEN JSON_VALID(`t`.`b`) AND JSON_TYPE(JSON_EXTRACT(`t`.`b`, ?)) = 'ARRAY' AND JSON_TYPE(JSON_EXTRACT(`t`.`b`, ?)) IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') THEN CAST(JSON_UNQUOTE(JSON_EXTRACT(`t`.`b`, ?)) AS DECIMAL(65, 20)) END < CAST(? AS DECIMAL(65, 20))",
      "$",
      "$[0]",
      "$[0]",
      "5",
    ],
    mssql: [
      " WHERE (SELECT TOP 1 COALESCE(TRY_CAST(j.[value] AS decimal(38, 10)), TRY_CAST(TRY_CAST(j.[value] AS float) AS decimal(38, 10))) FROM OPENJSON(CASE WHEN ISJSON(CAST([t].[b] AS nvarchar(max))) = 1 THEN CAST([t].[b] AS nvarchar(max)) END, @p1) j WHERE j.[key] = @p2 AND j.[type] = 2) < CAST(@p3 AS decimal(38, 10))",
      "$",
      "0",
      "5.0",
    ],
  },
  "whether there is anything": {
    asked: ["c->a->0->b", "is:null"],
    sqlite: [' WHERE CASE WHEN json_valid("t"."c", 9) THEN json_extract("t"."c", ?) END IS NULL', '$."a"[0]."b"'],
    postgres: [
      " WHERE (jsonb_path_query_first(CAST(\"t\".\"c\" AS jsonb), $1::jsonpath, '{}', true) #>> '{}') IS NULL",
      'strict $."a"[0]."b"',
    ],
    mysql: [
      " WHERE CASE WHEN JSON_VALID(`t`.`c`) AND JSON_TYPE(JSON_EXTRACT(`t`.`c`, ?)) = 'ARRAY' AND JSON_TYPE(JSON_EXTRACT(`t`.`c`, ?)) <> 'NULL' THEN JSON_UNQUOTE(JSON_EXTRACT(`t`.`c`, ?)) END IS NULL",
      '$."a"',
      '$."a"[0]."b"',
      '$."a"[0]."b"',
    ],
    mssql: [
      " WHERE (SELECT TOP 1 j.[value] FROM OPENJSON(CASE WHEN ISJSON(CAST([t].[c] AS nvarchar(max))) = 1 THEN CAST([t].[c] AS nvarchar(max)) END, @p1) j WHERE j.[key] = @p2 AND j.[type] <> 0) IS NULL",
      '$."a"[0]',
      "b",
    ],
  },
  "a pattern": {
    asked: ["c->a", "like:x%"],
    sqlite: [
      ' WHERE CASE WHEN json_valid("t"."c", 9) THEN CASE json_type("t"."c", ?) WHEN \'text\' THEN json_extract("t"."c", ?) WHEN \'true\' THEN \'true\' WHEN \'false\' THEN \'false\' WHEN \'integer\' THEN "t"."c" -> ? WHEN \'real\' THEN "t"."c" -> ? END END GLOB ?',
      '$."a"',
      '$."a"',
      '$."a"',
      '$."a"',
      "x*",
    ],
    postgres: [
      " WHERE CAST((jsonb_path_query_first(CAST(\"t\".\"c\" AS jsonb), $1::jsonpath, '{}', true) #>> '{}') AS text) LIKE $2 ESCAPE E'\\\\'",
      'strict $."a" ? (@.type() != "object" && @.type() != "array")',
      "x%",
    ],
    mysql: [
      " WHERE CONVERT(CASE WHEN JSON_VALID(`t`.`c`) AND JSON_TYPE(JSON_EXTRACT(`t`.`c`, ?)) NOT IN ('NULL', 'OBJECT', 'ARRAY') THEN JSON_UNQUOTE(JSON_EXTRACT(`t`.`c`, ?)) END USING utf8mb4) COLLATE utf8mb4_bin LIKE ? ESCAPE '|'",
      '$."a"',
      '$."a"',
      "x%",
    ],
    mssql: [
      " WHERE CAST((SELECT TOP 1 j.[value] FROM OPENJSON(CASE WHEN ISJSON(CAST([t].[c] AS nvarchar(max))) = 1 THEN CAST([t].[c] AS nvarchar(max)) END, @p1) j WHERE j.[key] = @p2 AND j.[type] IN (1, 2, 3)) AS nvarchar(max)) COLLATE Latin1_General_100_BIN2 LIKE @p3 ESCAPE '\\'",
      "$",
      "a",
      "x%",
    ],
  },
  "sorting, NULL on the unusual side": {
    asked: ["order-by", "b->a:nullslast"],
    sqlite: [
      ' ORDER BY CASE WHEN CASE WHEN json_valid("t"."b", 9) THEN CASE json_type("t"."b", ?) WHEN \'text\' THEN json_extract("t"."b", ?) WHEN \'true\' THEN \'true\' WHEN \'false\' THEN \'false\' WHEN \'integer\' THEN "t"."b" -> ? WHEN \'real\' THEN "t"."b" -> ? END END IS NULL THEN 1 ELSE 0 END ASC, CASE WHEN json_valid("t"."b", 9) THEN CASE WHEN json_type("t"."b", ?) IN (\'integer\', \'real\') THEN json_extract("t"."b", ?) END END ASC, CASE WHEN json_valid("t"."b", 9) THEN CASE json_type("t"."b", ?) WHEN \'text\' THEN json_extract("t"."b", ?) WHEN \'true\' THEN \'true\' WHEN \'false\' THEN \'false\' END END ASC',
      '$."a"',
      '$."a"',
      '$."a"',
      '$."a"',
      '$."a"',
      '$."a"',
      '$."a"',
      '$."a"',
    ],
    postgres: [
      ' ORDER BY CASE WHEN (jsonb_path_query_first("t"."b", $1::jsonpath, \'{}\', true) #>> \'{}\') IS NULL THEN 1 ELSE 0 END ASC, (jsonb_path_query_first("t"."b", $2::jsonpath, \'{}\', true) #>> \'{}\')::numeric ASC NULLS FIRST, (jsonb_path_query_first("t"."b", $3::jsonpath, \'{}\', true) #>> \'{}\') COLLATE "C" ASC NULLS FIRST',
      'strict $."a" ? (@.type() != "object" && @.type() != "array")',
      'strict $."a" ? (@.type() == "number")',
      'strict $."a" ? (@.type() == "string" || @.type() == "boolean")',
    ],
    mysql: [
      " ORDER BY CASE WHEN CASE WHEN JSON_VALID(`t`.`b`) AND JSON_TYPE(JSON_EXTRACT(`t`.`b`, ?)) NOT IN ('NULL', 'OBJECT', 'ARRAY') THEN JSON_UNQUOTE(JSON_EXTRACT(`t`.`b`, ?)) END IS NULL THEN 1 ELSE 0 END ASC, CASE WHEN JSON_VALID(`t`.`b`) AND JSON_TYPE(JSON_EXTRACT(`t`.`b`, ?)) IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') THEN CAST(JSON_UNQUOTE(JSON_EXTRACT(`t`.`b`, ?)) AS DECIMAL(65, 20)) END ASC, LEFT(CAST(CASE WHEN JSON_VALID(`t`.`b`) AND JSON_TYPE(JSON_EXTRACT(`t`.`b`, ?)) NOT IN ('NULL', 'OBJECT', 'ARRAY', 'INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') THEN JSON_UNQUOTE(JSON_EXTRACT(`t`.`b`, ?)) END AS BINARY), 1000) ASC",
      '$."a"',
      '$."a"',
      '$."a"',
      '$."a"',
      '$."a"',
      '$."a"',
    ],
    mssql: [
      " ORDER BY CASE WHEN (SELECT TOP 1 j.[value] FROM OPENJSON(CASE WHEN ISJSON(CAST([t].[b] AS nvarchar(max))) = 1 THEN CAST([t].[b] AS nvarchar(max)) END, @p1) j WHERE j.[key] = @p2 AND j.[type] IN (1, 2, 3)) IS NULL THEN 1 ELSE 0 END ASC, (SELECT TOP 1 COALESCE(TRY_CAST(j.[value] AS decimal(38, 10)), TRY_CAST(TRY_CAST(j.[value] AS float) AS decimal(38, 10))) FROM OPENJSON(CASE WHEN ISJSON(CAST([t].[b] AS nvarchar(max))) = 1 THEN CAST([t].[b] AS nvarchar(max)) END, @p3) j WHERE j.[key] = @p4 AND j.[type] = 2) ASC, (CAST((SELECT TOP 1 j.[value] FROM OPENJSON(CASE WHEN ISJSON(CAST([t].[b] AS nvarchar(max))) = 1 THEN CAST([t].[b] AS nvarchar(max)) END, @p5) j WHERE j.[key] = @p6 AND j.[type] IN (1, 3)) AS nvarchar(max)) + NCHAR(1)) COLLATE Latin1_General_100_BIN2 ASC",
      "$",
      "a",
      "$",
      "a",
      "$",
      "a",
    ],
  },
  "what an array holds": {
    asked: ["c", "contains:x,5"],
    sqlite: [
      ' WHERE CASE WHEN CASE WHEN json_valid("t"."c", 9) THEN json_type("t"."c", ?) END = \'array\' THEN CASE WHEN EXISTS (SELECT 1 FROM json_each("t"."c", ?) "via 1" WHERE CASE "via 1".type WHEN \'text\' THEN "via 1".value WHEN \'true\' THEN \'true\' WHEN \'false\' THEN \'false\' END = ?) AND EXISTS (SELECT 1 FROM json_each("t"."c", ?) "via 2" WHERE CASE WHEN "via 2".type IN (\'integer\', \'real\') THEN "via 2".value END = CAST(? AS NUMERIC) OR CASE "via 2".type WHEN \'text\' THEN "via 2".value WHEN \'true\' THEN \'true\' WHEN \'false\' THEN \'false\' END = ?) THEN 1 ELSE 0 END END = 1',
      "$",
      "$",
      "x",
      "$",
      "5",
      "5",
    ],
    postgres: [
      ' WHERE CASE WHEN jsonb_typeof(jsonb_path_query_first(CAST("t"."c" AS jsonb), $1::jsonpath, \'{}\', true)) = \'array\' THEN CASE WHEN EXISTS (SELECT 1 FROM jsonb_array_elements(jsonb_path_query_first(CAST("t"."c" AS jsonb), $2::jsonpath, \'{}\', true)) "via 1"(v) WHERE CASE WHEN jsonb_typeof("via 1".v) IN (\'string\', \'boolean\') THEN ("via 1".v #>> \'{}\') END COLLATE "C" = $3) AND EXISTS (SELECT 1 FROM jsonb_array_elements(jsonb_path_query_first(CAST("t"."c" AS jsonb), $4::jsonpath, \'{}\', true)) "via 2"(v) WHERE CASE WHEN jsonb_typeof("via 2".v) = \'number\' THEN ("via 2".v #>> \'{}\')::numeric END = $5 OR CASE WHEN jsonb_typeof("via 2".v) IN (\'string\', \'boolean\') THEN ("via 2".v #>> \'{}\') END COLLATE "C" = $6) THEN 1 ELSE 0 END END = 1',
      "strict $",
      "strict $",
      "x",
      "strict $",
      "5",
      "5",
    ],
    mysql: [
      " WHERE CASE WHEN JSON_VALID(`t`.`c`) AND JSON_TYPE(JSON_EXTRACT(`t`.`c`, ?)) = 'ARRAY' THEN CASE WHEN EXISTS (SELECT 1 FROM JSON_TABLE(JSON_EXTRACT(`t`.`c`, ?), '$[*]' COLUMNS (v JSON PATH '$')) `via 1` WHERE CAST(CASE WHEN JSON_TYPE(`via 1`.v) NOT IN ('NULL', 'OBJECT', 'ARRAY', 'INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') THEN JSON_UNQUOTE(`via 1`.v) END AS BINARY) = ?) AND EXISTS (SELECT 1 FROM JSON_TABLE(JSON_EXTRACT(`t`.`c`, ?), '$[*]' COLUMNS (v JSON PATH '$')) `via 2` WHERE CASE WHEN JSON_TYPE(`via 2`.v) IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') THEN CAST(JSON_UNQUOTE(`via 2`.v) AS DECIMAL(65, 20)) END = CAST(? AS DECIMAL(65, 20)) OR CAST(CASE WHEN JSON_TYPE(`via 2`.v) NOT IN ('NULL', 'OBJECT', 'ARRAY', 'INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') THEN JSON_UNQUOTE(`via 2`.v) END AS BINARY) = ?) THEN 1 ELSE 0 END END = 1",
      "$",
      "$",
      "x",
      "$",
      "5",
      "5",
    ],
    mssql: [
      " WHERE CASE WHEN LEFT(JSON_QUERY(CASE WHEN ISJSON(CAST([t].[c] AS nvarchar(max))) = 1 THEN CAST([t].[c] AS nvarchar(max)) END, @p1), 1) = N'[' THEN CASE WHEN EXISTS (SELECT 1 FROM OPENJSON(CASE WHEN ISJSON(CAST([t].[c] AS nvarchar(max))) = 1 THEN CAST([t].[c] AS nvarchar(max)) END, @p2) [via 1] WHERE (CAST(CASE WHEN [via 1].[type] IN (1, 3) THEN [via 1].[value] END AS nvarchar(max)) + NCHAR(1)) COLLATE Latin1_General_100_BIN2 = (CAST(@p3 AS nvarchar(max)) + NCHAR(1)) COLLATE Latin1_General_100_BIN2) AND EXISTS (SELECT 1 FROM OPENJSON(CASE WHEN ISJSON(CAST([t].[c] AS nvarchar(max))) = 1 THEN CAST([t].[c] AS nvarchar(max)) END, @p4) [via 2] WHERE CASE WHEN [via 2].[type] = 2 THEN COALESCE(TRY_CAST([via 2].[value] AS decimal(38, 10)), TRY_CAST(TRY_CAST([via 2].[value] AS float) AS decimal(38, 10))) END = CAST(@p5 AS decimal(38, 10)) OR (CAST(CASE WHEN [via 2].[type] IN (1, 3) THEN [via 2].[value] END AS nvarchar(max)) + NCHAR(1)) COLLATE Latin1_General_100_BIN2 = (CAST(@p6 AS nvarchar(max)) + NCHAR(1)) COLLATE Latin1_General_100_BIN2) THEN 1 ELSE 0 END END = 1",
      "$",
      "$",
      "x",
      "$",
      "5.0",
      "5",
    ],
  },
};

describe.each(Object.entries(cases))("%s", (_, { asked, ...texts }) => {
  test.each([sqlite, postgres, mysql, mssql])("$name", (dialect) => {
    expect(said(dialect, asked)).toEqual(texts[dialect.name as keyof typeof texts]);
  });

  test("is T-SQL and MySQL to a foreign grammar", () => {
    const whole = (dialect: Dialect) => `SELECT 1 FROM ${dialect.quote("t")}${said(dialect, asked)[0]}`;
    expect(tsqlMistakes(whole(mssql))).toEqual([]);
    expect(mysqlMistakes(whole(mysql))).toEqual([]);
  });
});

test("no step of a path stands in a text", () => {
  for (const dialect of [sqlite, postgres, mysql, mssql])
    expect(said(dialect, ['c->"zebra\' -- "->zebra', "eq:zebra"])[0]).not.toContain("zebra");
});
