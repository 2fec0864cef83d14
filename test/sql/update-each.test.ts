// Many rows, each set to values of its own: the statements, on every database.
import { describe, expect, test } from "vitest";
import type { Dialect } from "../../src/dialect/dialect.js";
import { counted } from "../../src/dialect/mssql/driver.js";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { sqlite } from "../../src/dialect/sqlite/sqlite.js";
import { type Change, toUpdates } from "../../src/plan/change.js";
import type { Value } from "../../src/plan/terms.js";
import type { UpdateEachPlan } from "../../src/plan/write-plan.js";
import { lookupOf, tableOf } from "../../src/schema/lookup.js";
import { compile } from "../../src/sql/compile.js";
import { schemaOf } from "../support/literal-schema.js";
import { mysqlMistakes, tsqlMistakes } from "./grammar.js";

const lookup = lookupOf(
  schemaOf({
    tags: "id:integer name:text size:integer price:decimal",
    stocks: { columns: "place:text n:integer size:integer", key: "place n" },
  }),
);
const entry = tableOf(lookup, "tags");
const whole = { kind: "integer", native: "integer" } as const;
const number = (value: number): Value => ({ value, type: whole });

const plans: Readonly<Record<string, UpdateEachPlan>> = {
  "two rows of two columns": {
    ...{ kind: "update-each", table: "tags", rows: 2, where: [] },
    set: [{ column: "name" }, { column: "price" }],
  },
  "an increment": {
    kind: "update-each",
    table: "tags",
    rows: 2,
    where: [],
    set: [{ column: "size", increment: true }],
  },
  "a composite key": { kind: "update-each", table: "stocks", rows: 2, where: [], set: [{ column: "size" }] },
  "a rule besides": {
    ...{ kind: "update-each", table: "tags", rows: 1, set: [{ column: "size" }] },
    where: [{ type: "compare", column: "size", operator: "gt", value: -1 }],
  },
};

const dialects: readonly Dialect[] = [sqlite, postgres, mysql, mssql];

test.each(Object.entries(plans))("%s", (_, plan) => {
  const texts = dialects.map((dialect) => [dialect.name, compile(plan, lookup, dialect).text] as const);
  expect(texts.map(([name, text]) => `${name}: ${text}`)).toMatchSnapshot();
  const { mssql: tsql = "", mysql: mysqlText = "" } = Object.fromEntries(texts);
  expect(tsqlMistakes(counted(tsql))).toEqual([]);
  expect(mysqlMistakes(mysqlText)).toEqual([]);
});

const setting = (column: string, value: number): Change => ({ set: [{ column, value: 0 }], values: [number(value)] });
const keys = (count: number) => Array.from({ length: count }, (_, i) => [number(i)]);

describe("statements for many rows", () => {
  test("of values of their own are few", () => {
    const changes = keys(1000).map((_, i) => setting("size", i));
    const planned = toUpdates(keys(1000), changes, entry).map(({ planned: { plan, values } }) => [
      (plan as UpdateEachPlan).rows,
      values.length,
    ]);
    expect(planned.map(([rows]) => rows)).toEqual([256, 256, 256, 128, 64, 32, 8]);
    expect(planned.every(([rows, values]) => values === (rows as number) * 2)).toBe(true);
  });

  test("never bind more than SQL Server takes", () => {
    const changes = keys(1000).map((_, i) => ({
      set: [0, 1, 2].map((value) => ({ column: ["name", "size", "price"][value] as string, value })),
      values: [number(i), number(i), number(i)],
    }));
    const orders = toUpdates(keys(1000), changes, entry).map(
      ({ planned: { plan } }) => compile(plan, lookup, mssql).order.length,
    );
    expect(Math.max(...orders)).toBeLessThanOrEqual(2100);
    expect(orders.length).toBeLessThanOrEqual(10);
  });

  test("of one change are one for all", () => {
    const change = setting("size", 5);
    const kinds = toUpdates(keys(900), Array(900).fill(change), entry).map(({ planned: { plan } }) => plan.kind);
    expect(kinds).toEqual(["update"]);
  });

  test("of other columns stand by themselves, whatever their order", () => {
    const both = (columns: readonly string[]): Change => ({
      set: columns.map((column, value) => ({ column, value })),
      values: columns.map((column) => number(column.length)),
    });
    const changes = [both(["name", "price"]), setting("size", 1), both(["price", "name"])];
    const planned = toUpdates(keys(3), changes, entry).map(({ planned }) => planned);
    expect(planned.map(({ plan }) => plan.kind)).toEqual(["update-each", "update"]);
    expect(planned[0]?.values.map(({ value }) => value)).toEqual([0, 4, 5, 2, 4, 5]);
  });

  test("that change a key name each row by the key that it has then", () => {
    const changes = [setting("id", 7), setting("id", 8)];
    expect(toUpdates(keys(2), changes, entry).map(({ planned: { plan } }) => plan.kind)).toEqual(["update", "update"]);
  });
});
