// What the compiler says with `bigNumbers: "string"`, on every database side by side; T-SQL and MySQL are read by a foreign grammar.
import { expect, test } from "vitest";
import { bigNumbersAsStrings, isBig } from "../../src/dialect/big-numbers.js";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { sqlite } from "../../src/dialect/sqlite/sqlite.js";
import { lookupOf } from "../../src/schema/lookup.js";
import type { ColumnType, Table } from "../../src/schema/schema.js";
import { compile } from "../../src/sql/compile.js";
import { column, schemaOf } from "../support/literal-schema.js";
import { mysqlMistakes, tsqlMistakes } from "./grammar.js";

const big: ColumnType = { kind: "integer", native: "bigint", min: "-9223372036854775808", max: "9223372036854775807" };
const small: ColumnType = { kind: "integer", native: "int", min: "-2147483648", max: "2147483647" };
const price: ColumnType = { kind: "decimal", native: "decimal(10,2)", precision: 10, scale: 2 };
const columns = { id: big, seats: small, price };

const lookup = lookupOf({
  tables: [
    {
      ...(schemaOf({ lines: "id" }).tables[0] as Table),
      columns: Object.entries(columns).map(([name, type]) => column(name, type.kind, { type })),
    },
  ],
});

test.each([
  {
    dialect: sqlite,
    text: `SELECT json_object('id', ("lines"."id" || ''), ` + `'seats', "lines"."seats"`,
  },
  {
    dialect: postgres,
    text: 'SELECT "lines"."id", "lines"."seats", "lines"."price" FROM "lines"',
    forms: ["string", "number", "string"],
  },
  {
    dialect: mysql,
    text: "IFNULL(CONCAT('\"', `lines`.`id`, '\"'), 'null'), ',\"seats\":', IFNULL(`lines`.`seats`, 'null')",
    mistakes: mysqlMistakes,
  },
  {
    dialect: mssql,
    text: "ISNULL('\"' + CONVERT(varchar(20), [lines].[id]) + '\"', 'null')",
    mistakes: tsqlMistakes,
  },
])("$dialect.name", ({ dialect, text, forms, mistakes }) => {
  const plan = { kind: "list", table: "lines", where: [], order: [] } as const;
  const statement = compile(plan, lookup, bigNumbersAsStrings(dialect));
  expect(statement.text).toContain(text);
  expect(statement.row?.forms).toEqual(forms);
  expect(mistakes?.(statement.text) ?? []).toEqual([]);
});

test("what is big", () => {
  expect([big, small, price].map(isBig)).toEqual([true, false, true]);
  expect(isBig({ kind: "array", native: "_int8", element: big })).toBe(true);
  expect(isBig({ kind: "float", native: "float8" })).toBe(false);
});
