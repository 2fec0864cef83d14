// A value as a client wrote it → the canonical value of its column's type, or a sentence that says what fits.

import { LosslessNumber } from "lossless-json";
import { describe, expect, test } from "vitest";
import { type Canonical, fromJson, fromText, type Typed } from "../../src/plan/value.js";
import type { ColumnType, ValueKind } from "../../src/schema/schema.js";
import { fc } from "../support/any.js";

const type = (kind: ValueKind, more: Partial<ColumnType> = {}): ColumnType => ({ kind, native: kind, ...more });
const said = (typed: Typed): Canonical => (typed.ok ? typed.value : `✗ ${typed.message}`);
const text = (value: string, of: ColumnType) => said(fromText(value, of));
const json = (value: unknown, of: ColumnType) => said(fromJson(value, of));

const bigint = type("integer", { min: "-9223372036854775808", max: "9223372036854775807" });
const smallint = type("integer", { min: "-32768", max: "32767" });

describe("integer", () => {
  test.each<[string, Canonical]>([
    ["0", 0],
    ["-0", 0],
    ["+5", 5],
    ["007", 7],
    ["3.0", 3],
    ["1e3", 1000],
    ["1.5e1", 15],
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", 9007199254740993n],
    ["9007199254740993.0", 9007199254740993n],
    ["9223372036854775807", 9223372036854775807n],
    ["-9223372036854775808", -9223372036854775808n],
  ])("%s", (written, value) => {
    expect(text(written, bigint)).toBe(value);
    expect(json(written, bigint)).toBe(value);
  });

  test.each(["9223372036854775808", "-9223372036854775809", "1e19", "1e99", "9".repeat(40)])(
    "%s is out of range",
    (n) => {
      const range = "takes whole numbers from -9223372036854775808 to 9223372036854775807";
      expect(text(n, bigint)).toBe(`✗ ${range}; ${n} is out of range`);
      expect(json(new LosslessNumber(n), bigint)).toBe(`✗ ${range}; ${n} is out of range`);
    },
  );

  test("has the bounds of its column", () => {
    expect([32767, -32768].map((n) => json(n, smallint))).toEqual([32767, -32768]);
    expect([32768, -32769].map((n) => json(n, smallint))).toEqual(
      [32768, -32769].map((n) => expect.stringContaining(`${n} is out of range`)),
    );
  });

  test.each([
    "",
    " 5",
    "5 ",
    "five",
    "0x10",
    "1_000",
    "1,5",
    "3.5",
    "1.0000000000000000001",
    "١",
    "--1",
    "1e-1",
    "Infinity",
    "NaN",
  ])("'%s' is none", (written) => expect(text(written, bigint)).toBe(`✗ is a whole number, not '${written}'`));

  test.each([[true], [{}], [[1]], [3.5], [new LosslessNumber("1.0000000000000000001")]])(
    "%j is none in JSON",
    (value) => expect(json(value, bigint)).toMatch(/^✗ is a whole number, not /),
  );

  test("keeps every digit of any 64 bits", () =>
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (n) => {
        expect(String(text(String(n), bigint))).toBe(String(n));
        expect(String(json(n, bigint))).toBe(String(n));
      }),
    ));
});

describe("decimal", () => {
  const price = type("decimal", { precision: 5, scale: 2 });
  test.each([
    "123456789012345",
    "0.000123456789012345",
    "1234567890.12345",
    "123456789012345678",
    "1.5000000000000000000",
  ])("that is kept as a double takes %s", (written) =>
    expect(json(new LosslessNumber(written), type("decimal", { significant: 15 }))).toBe(written),
  );
  test.each(["1234567890123456.5", "0.1234567890123456", "-12345678901234567890"])(
    "and refuses to round %s",
    (written) =>
      expect(json(new LosslessNumber(written), type("decimal", { significant: 15 }))).toMatch(/^✗ keeps 15 digits/),
  );

  test.each(["0.10", "-999.99", "000123.4", "1e2", "0.001e5", ".5", "0.00e9"])("%s stays as it is", (written) =>
    expect(text(written, price)).toBe(written),
  );
  test("in JSON keeps every digit", () => {
    expect(json(new LosslessNumber("0.12345678901234567890"), type("decimal"))).toBe("0.12345678901234567890");
    expect(json(0.1, price)).toBe("0.1");
    expect(json("12.50", price)).toBe("12.50");
  });
  test.each(["1000", "1e3", "-1000.00", "0.01e6"])("%s has too many digits", (written) =>
    expect(text(written, price)).toBe(`✗ has 3 digits before the point; ${written} is out of range`),
  );
  test.each(["", ".", "1.2.3", "1,5", "$5", "e5", "NaN", "Infinity", " 1", `1e99999`, "1".repeat(2000)])(
    "'%s' is none",
    (written) => expect(text(written, type("decimal"))).toMatch(/^✗ is a number, not /),
  );
});

describe("float", () => {
  const float = type("float");
  test.each([
    ["1.5", 1.5],
    ["-.5", -0.5],
    ["5.", 5],
    ["1e-7", 1e-7],
    ["1E+300", 1e300],
  ])("%s", (written, value) => expect(text(written, float)).toBe(value));
  test.each(["", " ", "1e400", "NaN", "Infinity", "0x1p3", "1f"])("'%s' is none", (written) =>
    expect(text(written, float)).toMatch(/^✗ is a number/),
  );
});

describe("boolean", () => {
  test.each([
    ["true", true],
    ["F", false],
    ["1", true],
    ["off", false],
  ])("%s in a URL", (written, value) => expect(text(written, type("boolean"))).toBe(value));
  test("true, false, 1 and 0 in JSON", () =>
    expect([true, false, 1, 0].map((value) => json(value, type("boolean")))).toEqual([true, false, true, false]));
  test.each([["yes"], ["true"], [2], [{}]])("%j is none in JSON", (value) =>
    expect(json(value, type("boolean"))).toMatch(/^✗ is true or false, not /),
  );
  test.each(["", "2", "maybe"])("'%s' is none", (written) =>
    expect(text(written, type("boolean"))).toBe(`✗ is true or false, not '${written}'`),
  );
});

describe("text", () => {
  const short = type("text", { length: 3 });
  test("is measured in characters, not in code units", () => {
    expect(text("😀😀😀", short)).toBe("😀😀😀");
    expect(text("😀😀😀😀", short)).toBe("✗ holds at most 3 characters, and this has 4");
    expect(json("", short)).toBe("");
  });
  test.each([[1], [true], [{}], [["a"]]])("is never made of %j", (value) =>
    expect(json(value, short)).toMatch(/^✗ is text, not /),
  );
});

const textual = [
  "text",
  "uuid",
  "date",
  "time",
  "datetime",
  "instant",
  "binary",
  "enum",
  "any",
  "other",
  "integer",
  "decimal",
  "float",
  "boolean",
] as const;
test.each(textual)("%s holds no NUL and no half of a character", (kind) => {
  expect(text("a\0", type(kind))).toBe("✗ cannot hold a NUL character");
  expect(json("a\0", type(kind))).toMatch(/^✗ /);
  expect(json("a\ud800", type(kind))).toMatch(/^✗ /);
});

describe("any value at all", () => {
  const kinds = [...textual.map((kind) => type(kind)), type("json"), type("array", { element: bigint })];
  test("is typed or refused with a sentence; nothing else is thrown", () =>
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), fc.constantFrom(...kinds), (value, written, of) => {
        if (value !== null) expect(typeof fromJson(value, of).ok).toBe("boolean");
        expect(typeof fromText(written, of).ok).toBe("boolean");
      }),
      { numRuns: 1000 },
    ));
});
