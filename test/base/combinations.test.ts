import { expect, test } from "vitest";
import { combinations } from "../../src/base/combinations.js";

test("the last choice changes first", () => {
  expect(combinations<unknown>([["a", "b"], [1], [true, false]], 10)).toEqual([
    ["a", 1, true],
    ["a", 1, false],
    ["b", 1, true],
    ["b", 1, false],
  ]);
});

test("one without a way leaves none, and no choice is one way", () => {
  expect(combinations([["a"], []], 10)).toEqual([]);
  expect(combinations([], 10)).toEqual([[]]);
});

test("of a product that no machine could hold the first are made", () => {
  const many = Array.from({ length: 40 }, () => [0, 1, 2, 3, 4]);
  const [first, second, ...rest] = combinations(many, 8);
  expect([first, second, rest.length]).toEqual([Array(40).fill(0), [...Array(39).fill(0), 1], 6]);
});
