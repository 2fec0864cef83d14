// The operators' table against those who read it: its page, the contract's list, roles' rules.
import { describe, expect, test } from "vitest";
import { filterComponents } from "../../src/openapi/filters.js";
import { parseFilter } from "../../src/request/filter.js";
import { operators, operatorTable, shownOperators, spellings } from "../../src/request/operators.js";
import { operators as promised } from "../conformance/case.js";
import { pageText } from "../support/pages.js";

const asking = pageText("src/request/README.md");

test("the spellings are those of the contract", () => {
  expect([...spellings.keys()].sort()).toEqual([...promised].sort());
});

test.each([...spellings.keys()])("the table of asking names %s", (word) => {
  expect(asking).toMatch(new RegExp(`[\`\\s.]${word}(:|\\s|\`)`));
});

test.each([...spellings])("%s:1,2 is read as %s", (word, operator) => {
  const { values } = operatorTable[operator];
  const filter = parseFilter("id", `${word}:1,2`, 9);
  expect(filter).toMatchObject({ operator, values: values === "one" ? ["1,2"] : ["1", "2"] });
});

describe("documents", () => {
  test("name every operator for a column that all of them fit", () => {
    const all = shownOperators("equality", "order", "text", "member", "set");
    for (const operator of operators) expect(all).toContain(`\`${operator}:`);
  });

  test("name none that needs what the column has not", () => {
    expect(shownOperators("equality")).not.toMatch(/lt:|like:|contains:/);
    expect(filterComponents).toContain("TextFilter");
  });
});

test("no claim stands where it could bring wildcards or the words of a search", () => {
  expect(operators.filter((operator) => !operatorTable[operator].takesClaim)).toEqual([
    "is",
    "like",
    "ilike",
    "match",
    "imatch",
    "overlaps",
    "containedby",
    "fts",
  ]);
});
