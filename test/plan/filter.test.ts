// Filters and sorting as asked for → conditions and sortings: names resolved, values typed by their column.

import { describe, expect, test } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import { type Names, planFilters, planOrder } from "../../src/plan/filter.js";
import { Values } from "../../src/plan/values.js";
import { parseQuery } from "../../src/request/query.js";
import { lookupOf, tableOf } from "../../src/schema/lookup.js";
import type { Table } from "../../src/schema/schema.js";
import { column, schemaOf } from "../support/literal-schema.js";

const tracks: Table = {
  ...(schemaOf({ tracks: "id" }).tables[0] as Table),
  columns: [
    column("id", "integer"),
    column("name", "text", { type: { kind: "text", native: "varchar(5)", length: 5 } }),
    column("KD_NR", "integer", { as: "customer", nullable: true }),
    column("born", "date"),
    column("limit", "integer"),
  ],
};
const names: Names = {
  lookup: lookupOf({ tables: [tracks] }),
  relations: new Map(),
  limits: { maxValues: 3, maxWords: 9, defaultLimit: 9, maxLimit: 9 },
};
const LIMITS = { maxFilters: 50, maxValues: 1000, maxEmbedDepth: 5, maxEmbeds: 20 };
const entry = tableOf(names.lookup, "tracks");

/** The conditions of a query string, their values spelt out in place of positions. */
function planned(query: string): unknown[] {
  const values = new Values();
  const conditions = planFilters(parseQuery(query, LIMITS).filters, entry, names, values);
  const inPlace = (key: string, position: unknown) =>
    key === "value"
      ? values.all[position as number]?.value
      : key === "values"
        ? (position as number[]).map((n) => values.all[n]?.value)
        : position;
  return JSON.parse(JSON.stringify(conditions, inPlace));
}
const compare = (column: string, operator: string, value: unknown) => ({ type: "compare", column, operator, value });
const like = (column: string, value: string, matchCase = true) => ({ type: "like", column, matchCase, value });

function refusal(run: () => unknown): string {
  try {
    return JSON.stringify(run());
  } catch (error) {
    if (error instanceof HttpError) return `${error.status} ${error.code} ${error.message}`;
    throw error;
  }
}

describe("a filter", () => {
  test.each<[string, unknown[]]>([
    ["id=7", [compare("id", "eq", 7)]],
    ["id=ge:7&id=lt:9", [compare("id", "gte", 7), compare("id", "lt", 9)]],
    ["customer=ne:1", [compare("KD_NR", "ne", 1)]],
    [
      "born=between:2024-02-28,2024-02-29",
      [compare("born", "gte", "2024-02-28"), compare("born", "lte", "2024-02-29")],
    ],
    ["id=in:1,2", [{ type: "in", column: "id", values: [1, 2], negated: false }]],
    ["id=nin:1", [{ type: "in", column: "id", values: [1], negated: true }]],
    ["id=in:", [{ type: "never" }]],
    ["id=nin:", [{ type: "in", column: "id", values: [], negated: true }]],
    ["customer=is:null", [{ type: "null", column: "KD_NR", negated: false }]],
    ["customer=is:notnull", [{ type: "null", column: "KD_NR", negated: true }]],
    ["name=like:A%25_", [like("name", "A%_")]],
    ["name=ilike:a%25", [like("name", "a%", false)]],
    ["id=like:1%25", [like("id", "1%")]],
    ["name=contains:50%25_\\", [like("name", "%50\\%\\_\\\\%")]],
    ["name=startswith:_", [like("name", "\\_%")]],
    ["name=endswith:\\", [like("name", "%\\\\")]],
    ["name=longer than the column", [compare("name", "eq", "longer than the column")]],
    ["name=foo:bar", [compare("name", "eq", "foo:bar")]],
    ["name=eq:lt:5", [compare("name", "eq", "lt:5")]],
    ["name=", [compare("name", "eq", "")]],
  ])("%s", (query, conditions) => expect(planned(query)).toEqual(conditions));

  test.each([
    [
      "nmae=x",
      /^400 unknown_column .*tracks has no column 'nmae'\. Perhaps you meant 'name'\. Its columns are id, name, customer, born/,
    ],
    ["KD_NR=1", /^400 unknown_column /],
    ["__proto__=1", /^400 unknown_column /],
    ["ofset=1", /^400 unknown_column .* Perhaps you meant 'offset'\./],
    ["id=x", /^400 invalid_filter id is a whole number, not 'x'\.$/],
    [
      "id=ltt:5",
      /^400 unknown_operator 'ltt' is no operator\. Perhaps you meant 'lt', as in id=lt:5\. The text itself is written id=eq:ltt:5\. The operators are eq, /,
    ],
    ["id=lt:x:y", /^400 invalid_filter /],
    ["id=in:1,2,3,4", /^400 too_complex in: takes at most 3 values, and this has more\.$/],
    ["id=in:1,x", /^400 invalid_filter /],
    ["id=is:nil", /^400 invalid_filter .*takes null or notnull, not 'nil'/],
    ["born=2023-02-29", /^400 invalid_filter born is a date such as/],
    ["name=a%00b", /^400 invalid_filter name cannot hold a NUL character/],
    ["name=like:a%00", /^400 invalid_filter /],
    ["name=like:a\\", /^400 invalid_filter .*does not end with a single \\/],
  ])("%s is refused", (query, expected) => expect(refusal(() => planned(query))).toMatch(expected));
});

describe("sorting", () => {
  const order = (terms: string) =>
    planOrder(parseQuery(terms === "" ? "" : `order-by=${terms}`, LIMITS).order, entry, names, new Values()).map(
      ({ column, descending, nullsFirst }) =>
        `${column} ${descending ? "desc" : "asc"} nulls ${nullsFirst ? "first" : "last"}`,
    );

  test.each([
    ["", ["id asc nulls first"]],
    ["name:asc", ["name asc nulls first", "id asc nulls first"]],
    ["customer", ["KD_NR desc nulls last", "id asc nulls first"]],
    ["customer:desc:nullsfirst", ["KD_NR desc nulls first", "id asc nulls first"]],
    ["name:asc,id,name:desc", ["name asc nulls first", "id desc nulls last"]],
    ["customer:asc:nullslast,id:desc", ["KD_NR asc nulls last", "id desc nulls last"]],
  ])("'%s' is total, and NULL is the smallest value unless it is said otherwise", (terms, sorted) =>
    expect(order(terms)).toEqual(sorted),
  );

  test("by an unknown column is refused with the nearest", () =>
    expect(refusal(() => order("nmae"))).toMatch(/^400 unknown_column .* Perhaps you meant 'name'\./));
});
