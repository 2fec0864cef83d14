// What the compiler says for casts: every type of every kind of column is T-SQL and MySQL by a foreign grammar.
import { expect, test } from "vitest";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import type { ListPlan } from "../../src/plan/plan.js";
import type { Cast } from "../../src/request/casts.js";
import { lookupOf } from "../../src/schema/lookup.js";
import { compile } from "../../src/sql/compile.js";
import { schemaOf } from "../support/literal-schema.js";
import { mysqlMistakes, tsqlMistakes } from "./grammar.js";

const kinds = [
  "integer",
  "decimal",
  "float",
  "boolean",
  "text",
  "uuid",
  "date",
  "time",
  "datetime",
  "instant",
] as const;
const lookup = lookupOf(schemaOf({ events: `id ${kinds.map((kind) => `${kind}:${kind}?`).join(" ")}` }));

const shown = (cast: Cast, of: string): ListPlan => ({
  kind: "list",
  table: "events",
  select: [{ type: "column", field: cast, column: { cast, of } }],
  where: [],
  order: [],
});

/** The grammars take minutes for texts of many conditions: each type of one kind that is none of its own. */
test.each([
  ["text", "boolean"],
  ["integer", "float"],
  ["decimal", "text"],
  ["boolean", "integer"],
  ["date", "instant"],
  ["time", "time"],
  ["datetime", "date"],
] as const)(
  "%s of %s",
  (cast, of) => {
    expect(mysqlMistakes(compile(shown(cast, of), lookup, mysql).text)).toEqual([]);
    expect(tsqlMistakes(compile(shown(cast, of), lookup, mssql).text)).toEqual([]);
  },
  30_000,
);

test("what is of the type already is the column itself, whatever its index is good for", () => {
  const text = compile(shown("integer", "integer"), lookup, mssql).text;
  expect(text).toContain("ISNULL(CONVERT(varchar(20), [events].[integer]), 'null')");
});
