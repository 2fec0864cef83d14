// Which numbers of a parsed body may have been others, and which columns would keep them.
import { describe, expect, test } from "vitest";
import { fromBody } from "../../src/plan/value.js";
import { markRounded, Rounded, unmarked } from "../../src/request/rounded.js";
import type { ColumnType, ValueKind } from "../../src/schema/schema.js";

test.each([
  0,
  -1,
  0.1,
  1e-7,
  1.5e-300,
  123456789012345,
  0.123456789012345,
  12345.6789012345,
  Number.MAX_SAFE_INTEGER,
  Number.NaN,
  Infinity,
])("%s is what the text said", (number) => expect(markRounded(number)).toBe(number));

test.each([
  9007199254740992, -9007199254740992, 1e21, 1e300, 0.1234567890123456, 1234567890123456.8, 0.30000000000000004,
  1.234567890123456e-10,
])("%s may have been another one", (number) => {
  const marked = markRounded(number);
  expect(marked).toBeInstanceOf(Rounded);
  expect([Number(marked), unmarked(marked)]).toEqual([number, number]);
});

test("a body without such is the same object, and one with such a copy", () => {
  const plain = { a: 1, b: [{ c: "x" }], d: null };
  expect(markRounded(plain)).toBe(plain);
  const odd = JSON.parse('{"a":1,"__proto__":{"x":1},"b":[{"c":9007199254740993}]}');
  const marked = markRounded(odd) as Record<string, unknown>;
  expect(Object.keys(marked)).toEqual(["a", "__proto__", "b"]);
  expect(unmarked(marked)).toEqual(odd);
  expect(odd.b[0].c).toBe(9007199254740992);
});

const type = (kind: ValueKind, more: Partial<ColumnType> = {}): ColumnType => ({ kind, native: kind, ...more });

describe("a marked number", () => {
  test.each([
    [9007199254740992, type("integer")],
    [9007199254740992, type("decimal", { precision: 20, scale: 2 })],
    [9007199254740992, type("any")],
    [0.1234567890123456, type("decimal")],
    [1234567890123.4568, type("decimal", { precision: 20, scale: 4 })],
    [0.1234567890123456, type("decimal", { precision: 30, scale: 16 })],
  ] as const)("%s is refused for %o", (number, column) => {
    expect(fromBody(new Rounded(number), column)).toMatchObject({
      ok: false,
      message: expect.stringContaining("text"),
    });
  });

  test.each([
    [0.30000000000000004, type("decimal", { precision: 10, scale: 2 })],
    [1234567890123.4568, type("decimal", { precision: 20, scale: 2 })],
    [9007199254740992, type("float")],
    [13.404953999999975, type("float")],
    [13.404953999999975, type("any")],
  ] as const)("%s is taken for %o", (number, column) => {
    expect(fromBody(new Rounded(number), column)).toMatchObject({ ok: true });
  });

  test("within JSON: whole numbers as far as 64 bits", () => {
    const json = (value: unknown) => fromBody(markRounded(value), type("json"));
    expect(json({ tweet: [Number("1234567890123456789")] })).toMatchObject({ ok: false });
    expect(json({ at: [13.404953999999975, 1e300] })).toEqual({
      ok: true,
      value: '{"at":[13.404953999999975,1e+300]}',
    });
  });
});

test("a body that the host has parsed is refused where it is nested beyond all reason", () => {
  const deep = JSON.parse(`${'{"a":['.repeat(100_000)}${"]}".repeat(100_000)}`);
  expect(() => markRounded(deep)).toThrow("The body is nested too deeply.");
});
