// Ids in a body → keys, and many keys as one condition.
import { describe, expect, test } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import { anyKey, planKeys } from "../../src/plan/keys.js";
import { isSame } from "../../src/plan/value-identity.js";
import { parseText } from "../../src/request/body.js";
import { lookupOf, tableOf } from "../../src/schema/lookup.js";
import { schemaOf } from "../support/literal-schema.js";

const lookup = lookupOf(
  schemaOf({
    members: "id:integer name",
    tags: { columns: "name:text", key: "name" },
    stocks: { columns: "place:text n:integer", key: "place n" },
  }),
);

const keys = (table: string, body: string): unknown => {
  try {
    return planKeys(parseText(body), tableOf(lookup, table), 8).map((key) => key.map(({ value }) => value));
  } catch (error) {
    if (error instanceof HttpError) return `${error.status} ${error.code} ${error.message}`;
    throw error;
  }
};

describe("a key of one value", () => {
  test.each([
    ["members", "[3, 1, 3, 1.0]", [[3], [1]]],
    ["members", '["3", [4], {"id": 5, "name": "x"}]', [[3], [4], [5]]],
    ["members", "[9007199254740993]", [[9007199254740993n]]],
    ["members", "[]", []],
    ["tags", '["a,b", "%2C", "", "A", "a"]', [["a,b"], ["%2C"], [""], ["A"], ["a"]]],
    ["members", '[1, "x", 1.5]', "422 invalid_value [1] is a whole number, not 'x'; [2] is a whole number, not '1.5'."],
    ["members", "[[1, 2]]", "400 invalid_body [0] has 2 values; an id has one value: id."],
    ["members", "[null]", "400 invalid_body [0] is an id, not null."],
    ["members", '[{"id": null}]', "422 invalid_value [0] cannot be null."],
    ["members", '[{"name": "x"}]', "400 invalid_body [0] has no id: a row is named by id."],
    ["members", '[{"ids": 1}]', /^400 unknown_column \[0\]: 'ids' is no column of members\. Perhaps you meant 'id'\.$/],
    ["members", '{"id": 1}', "400 invalid_body The body is an array of ids of members: [1, 2, 3]."],
    ["members", "[1,2,3,4,5,6,7,8,9]", "400 too_complex At most 8 ids are taken at once, not 9."],
    ["tags", "[1]", /^422 invalid_value \[0\] is .*, not the number 1\.$/],
  ])("of %s: %s", (table, body, expected) => {
    if (expected instanceof RegExp) expect(keys(table, body)).toMatch(expected);
    else expect(keys(table, body)).toEqual(expected);
  });
});

describe("a key of several values", () => {
  test.each([
    ['["a,5", ["a", 5], {"n": 5, "place": "a"}]', [["a", 5]]],
    [
      '["a%2Cb,5", ["a,b", "6"]]',
      [
        ["a,b", 5],
        ["a,b", 6],
      ],
    ],
    ['["50%,5"]', [["50%", 5]]],
    ['["a"]', "400 invalid_body [0] has 1 values; an id has 2 values in this order: place,n."],
    ["[5]", "400 invalid_body [0] has 1 values; an id has 2 values in this order: place,n."],
    ['["a,b,5"]', "400 invalid_body [0] has 3 values; an id has 2 values in this order: place,n."],
    ['[["a", "x"]]', "422 invalid_value [0] n is a whole number, not 'x'."],
    ['[["a", null]]', "422 invalid_value [0] n cannot be null."],
    ['[["a", {}]]', "422 invalid_value [0] n is a whole number, not an object."],
  ])("%s", (body, expected) => expect(keys("stocks", body)).toEqual(expected));
});

describe("many keys as one condition", () => {
  const positions = (count: number, each = 1) =>
    Array.from({ length: count }, (_, i) => Array.from({ length: each }, (_, j) => i * each + j));

  test("of one column: a list, filled up to a power of two", () => {
    expect(anyKey(["id"], positions(1))).toEqual({ type: "in", column: "id", values: [0], negated: false, key: true });
    expect(anyKey(["id"], positions(3))).toEqual({
      type: "in",
      column: "id",
      values: [0, 1, 2, 2],
      negated: false,
      key: true,
    });
  });

  test("any number up to 1000 is one of eleven shapes, and each names every key", () => {
    const shapes = new Set<number>();
    for (let count = 1; count <= 1000; count++) {
      const { values } = anyKey(["id"], positions(count)) as unknown as { values: number[] };
      expect(new Set(values).size).toBe(count);
      shapes.add(values.length);
    }
    expect(shapes.size).toBe(11);
  });

  test("of several columns: no deeper than a small number, however many", () => {
    const depth = (value: unknown): number =>
      typeof value !== "object" || value === null ? 0 : 1 + Math.max(0, ...Object.values(value).map(depth));
    const condition = anyKey(["a", "b"], positions(1000, 2));
    expect(depth(condition)).toBeLessThan(12);
    const { where } = condition as unknown as { where: { where: unknown[] }[] };
    for (const group of [where, ...where.map(({ where }) => where)]) expect(group.length).toBeLessThanOrEqual(64);
  });
});

describe("are two values the same?", () => {
  const decimal = { kind: "decimal", native: "numeric" } as const;
  const array = { kind: "array", native: "integer[]", element: { kind: "integer", native: "int4" } } as const;
  test.each([
    [decimal, "NaN", "-Infinity", false],
    [decimal, "1.50", "+01.5", true],
    [decimal, "1e2", "100", true],
    [decimal, "1e-30", "2e-30", false],
    [decimal, "-0.0", "0", true],
    [array, [1], [[1]], false],
    [array, [1, null], [1, null], true],
    [array, ["1,2"], ["1", "2"], false],
  ])("%j: %j and %j: %j", (type, one, other, same) => {
    expect(isSame({ value: one, type }, { value: other, type })).toBe(same);
  });
});
