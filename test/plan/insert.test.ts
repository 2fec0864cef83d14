// New rows → statements of a few sizes, and keys that are told apart.
import { describe, expect, test } from "vitest";
import { inPieces, insertGroups, toInsert } from "../../src/plan/insert.js";
import type { Canonical } from "../../src/plan/value.js";
import { isSame, keyText } from "../../src/plan/value-identity.js";
import type { NewRow } from "../../src/plan/write.js";
import { lookupOf, tableOf } from "../../src/schema/lookup.js";
import type { ValueKind } from "../../src/schema/schema.js";
import { schemaOf } from "../support/literal-schema.js";

const entry = tableOf(lookupOf(schemaOf({ notes: "id title text?" })), "notes");
const type = { kind: "text", native: "text" } as const;
const row = (fields: Record<string, string>): NewRow =>
  new Map(Object.entries(fields).map(([name, value]) => [name, { value, type }]));

describe("rows", () => {
  test("of the same columns go together, in the table's order of columns", () => {
    const rows = [row({ title: "a", text: "b" }), row({ title: "c" }), row({ text: "d", title: "e" })];
    const groups = insertGroups(rows, entry);
    expect(groups.map(({ columns, at }) => [columns, at])).toEqual([
      [
        ["title", "text"],
        [0, 2],
      ],
      [["title"], [1]],
    ]);
    expect(toInsert(groups[0] as (typeof groups)[number], "notes")).toMatchObject({
      plan: { kind: "insert", table: "notes", columns: ["title", "text"], rows: 2 },
      values: ["a", "b", "e", "d"].map((value) => ({ value })),
    });
  });

  test.each([
    [1, 1, [1]],
    [3, 5, [2, 1]],
    [1000, 7, [256, 256, 256, 128, 64, 32, 8]],
    [100, 100, [16, 16, 16, 16, 16, 16, 4]],
    [3, 3000, [1, 1, 1]],
    [5, 0, [4, 1]],
    [0, 4, []],
  ])("%i of %i values are written in statements of few sizes", (count, values, sizes) => {
    const items = Array.from({ length: count }, (_, i) => i);
    const pieces = inPieces(items, values);
    expect(pieces.map(({ length }) => length)).toEqual(sizes);
    expect(pieces.flat()).toEqual(items);
  });
});

describe("the same value", () => {
  const value = (value: Canonical, kind: ValueKind) => ({ value, type: { kind, native: kind } });
  test.each([
    ["decimal", "1.50", "1.5"],
    ["decimal", "-0", "0.00"],
    ["decimal", "+007", "7"],
    ["decimal", "1.5e3", "1500"],
    ["decimal", "12345678901234567890.10", "12345678901234567890.1"],
    ["float", 1, "1.0"],
    ["integer", 7, "7"],
    ["binary", Buffer.from("ab"), Buffer.from("ab")],
  ] as const)("%s %s is %s", (kind, one, other) => expect(isSame(value(one, kind), value(other, kind))).toBe(true));

  test.each([
    ["decimal", "12345678901234567890.1", "12345678901234567890.2"],
    ["text", "1.50", "1.5"],
    ["text", "null", null],
    ["text", "a", "A"],
  ] as const)("%s %s is not %s", (kind, one, other) =>
    expect(isSame(value(one, kind), value(other, kind))).toBe(false),
  );

  test("a key's values do not run together", () =>
    expect(keyText([value("a,b", "text"), value("c", "text")])).not.toBe(
      keyText([value("a", "text"), value("b,c", "text")]),
    ));
});
