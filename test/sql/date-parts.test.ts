// What the compiler says for parts of dates, on every database side by side; T-SQL and MySQL are read by a foreign grammar.
import { describe, expect, test } from "vitest";
import type { Dialect } from "../../src/dialect/dialect.js";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import { sqlite } from "../../src/dialect/sqlite/sqlite.js";
import { type DatePart, dateParts, datePartsOf } from "../../src/plan/date-parts.js";
import type { ListPlan } from "../../src/plan/plan.js";
import { lookupOf } from "../../src/schema/lookup.js";
import { compile } from "../../src/sql/compile.js";
import { schemaOf } from "../support/literal-schema.js";
import { mysqlMistakes, tsqlMistakes } from "./grammar.js";

const kinds = ["date", "time", "datetime", "instant"] as const;
const lookup = lookupOf(schemaOf({ events: `id ${kinds.map((kind) => `${kind}:${kind}?`).join(" ")}` }));

/** Groups by the part, and sorts by it. */
const groups = (part: DatePart, column: string): ListPlan => ({
  kind: "list",
  table: "events",
  select: [
    { type: "column", field: "part", column: { part, column } },
    { type: "aggregate", field: "count", of: { aggregate: "count" } },
  ],
  having: [{ type: "compare", column: { part, column }, operator: "gt", value: 0 }],
  where: [],
  order: [{ column: { part, column }, descending: false, nullsFirst: true }],
});

const grouped = (part: DatePart, column: string, dialect: Dialect) =>
  / GROUP BY (.*) HAVING /.exec(compile(groups(part, column), lookup, dialect).text)?.[1];

describe.each([
  ["week", "date", { mysql: "CASE WHEN c <> 0 THEN WEEK(c, 3) END", mssql: "DATEPART(iso_week, c)" }],
  [
    "hour",
    "instant",
    {
      mysql: "CASE WHEN c <> 0 THEN HOUR(CONVERT_TZ(c, @@session.time_zone, '+00:00')) END",
      mssql: "DATEPART(hour, SWITCHOFFSET(c, '+00:00'))",
      postgres: "CASE WHEN isfinite(c) THEN CAST(EXTRACT(hour FROM c AT TIME ZONE 'UTC') AS int) END",
    },
  ],
  [
    "dow",
    "datetime",
    {
      mysql: "CASE WHEN c <> 0 THEN (WEEKDAY(c) + 1) END",
      mssql: "((DATEDIFF(day, '19000101', CAST(c AS date)) % 7 + 7) % 7 + 1)",
      postgres: "CASE WHEN isfinite(c) THEN CAST(EXTRACT(isodow FROM c) AS int) END",
    },
  ],
  ["hour", "time", { mysql: "HOUR(c)", sqlite: "CAST(strftime('%H', c) AS INTEGER)" }],
] as const)("%s of %s", (part, kind, texts) => {
  test.each([sqlite, postgres, mysql, mssql].filter(({ name }) => name in texts))("on $name", (dialect) => {
    const column = `${dialect.quote("events")}.${dialect.quote(kind)}`;
    expect(grouped(part, kind, dialect)?.replaceAll(column, "c")).toBe(texts[dialect.name as keyof typeof texts]);
  });
});

test.each(kinds)("every part of %s is T-SQL and MySQL to a foreign grammar", (kind) => {
  for (const part of datePartsOf({ kind, native: kind })) {
    expect(tsqlMistakes(compile(groups(part, kind), lookup, mssql).text)).toEqual([]);
    expect(mysqlMistakes(compile(groups(part, kind), lookup, mysql).text)).toEqual([]);
  }
});

test("MySQL shows, keeps and sorts groups by the least of their part, which is all of them", () => {
  const { text } = compile(groups("month", "date"), lookup, mysql);
  const least = "min(CASE WHEN `events`.`date` <> 0 THEN MONTH(`events`.`date`) END)";
  expect(text.split(least)).toHaveLength(4);
});

test("days have no hours, and numbers no parts", () => {
  expect(datePartsOf({ kind: "date", native: "" })).toEqual(dateParts.filter((part) => part !== "hour"));
  expect(datePartsOf({ kind: "integer", native: "" })).toEqual([]);
});
