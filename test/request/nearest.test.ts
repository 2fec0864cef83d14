// A name nobody knows → the nearest one that exists.

import { describe, expect, test } from "vitest";
import { didYouMean, excerpt, nearest } from "../../src/base/suggest.js";
import { fc } from "../support/any.js";

const names = ["id", "name", "last_name", "album_id", "created_at", "größe"];

describe("nearest", () => {
  test.each([
    ["nmae", "name"],
    ["Name", "name"],
    ["names", "name"],
    ["lastname", "last_name"],
    ["albumId", "album_id"],
    ["craeted_at", "created_at"],
    ["grösse", "größe"],
    ["ID", "id"],
    ["xyz", undefined],
    ["", undefined],
    ["a_quite_different_name", undefined],
  ])("%s → %s", (name, expected) => expect(nearest(name, names)).toBe(expected));

  test("of equals is the first", () => expect(nearest("cat", ["car", "cap"])).toBe("car"));
  test("among none is none", () => expect(nearest("a", [])).toBeUndefined());

  test("a very long name costs no more than a long one", () => {
    const start = performance.now();
    nearest("x".repeat(1_000_000), Array(1000).fill("y".repeat(64)));
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  test("a name that exists is its own nearest", () =>
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20 }), (name) => {
        expect(nearest(name, ["zzzzzzzz", name])?.toLowerCase()).toBe(name.toLowerCase());
      }),
    ));
});

test("perhaps is a sentence, or nothing", () => {
  expect(didYouMean("nmae", names)).toBe(" Perhaps you meant 'name'.");
  expect(didYouMean("xyz", names)).toBe("");
});

test("what a client wrote is shown short, and never cut within a character", () => {
  expect(excerpt("a".repeat(60))).toBe("a".repeat(60));
  expect(excerpt("a".repeat(61))).toBe(`${"a".repeat(57)}…`);
  expect(excerpt(`${"a".repeat(56)}${"😀".repeat(9)}`)).toBe(`${"a".repeat(56)}…`);
});
