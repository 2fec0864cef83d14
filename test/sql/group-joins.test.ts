// What the compiler says for groups by columns of related rows: joins on every database, and grammar that T-SQL and MySQL take.
import { expect, test } from "vitest";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { mysql } from "../../src/dialect/mysql/mysql.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import type { ListPlan } from "../../src/plan/plan.js";
import { lookupOf } from "../../src/schema/lookup.js";
import { compile } from "../../src/sql/compile.js";
import { schemaOf } from "../support/literal-schema.js";
import { mysqlMistakes, tsqlMistakes } from "./grammar.js";

const lookup = lookupOf(schemaOf({ countries: "id name:text", members: "id country_id:integer?" }));
const through = [{ table: "countries", columns: ["country_id"], references: ["id"] }];
const name = { through, of: "name" };

const groups: ListPlan = {
  kind: "list",
  table: "members",
  select: [
    { type: "column", field: "name", column: "name", through },
    { type: "column", field: "key", column: "id", through },
    { type: "aggregate", field: "count", of: { aggregate: "count" } },
  ],
  having: [{ type: "compare", column: name, operator: "eq", value: 0 }],
  where: [],
  order: [{ column: name, descending: false, nullsFirst: true }],
};

test("one join for all columns of a row, which SELECT, GROUP BY, HAVING and ORDER BY name alike", () => {
  const { text } = compile(groups, lookup, postgres);
  expect(text.match(/LEFT JOIN/g)).toHaveLength(1);
  expect(text).toContain(
    'FROM "members" LEFT JOIN "countries" "via 1" ON "via 1"."id" = "members"."country_id" GROUP BY "via 1"."name", "via 1"."id" HAVING "via 1"."name" = $1 ORDER BY "via 1"."name" ASC',
  );
});

test("T-SQL and MySQL to a foreign grammar", () => {
  expect(tsqlMistakes(compile(groups, lookup, mssql).text)).toEqual([]);
  expect(mysqlMistakes(compile(groups, lookup, mysql).text)).toEqual([]);
});
