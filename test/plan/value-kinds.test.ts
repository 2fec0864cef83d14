// Values of the kinds that are neither numbers nor plain text: identifiers, bytes, enums, JSON, arrays, columns without a type.

import { LosslessNumber } from "lossless-json";
import { describe, expect, test } from "vitest";
import { type Canonical, fromJson, fromText, type Typed } from "../../src/plan/value.js";
import type { ColumnType, ValueKind } from "../../src/schema/schema.js";
import { fc } from "../support/any.js";

const type = (kind: ValueKind, more: Partial<ColumnType> = {}): ColumnType => ({ kind, native: kind, ...more });
const said = (typed: Typed): Canonical => (typed.ok ? typed.value : `✗ ${typed.message}`);
const text = (value: string, of: ColumnType) => said(fromText(value, of));
const json = (value: unknown, of: ColumnType) => said(fromJson(value, of));

describe("uuid", () => {
  const plain = "123e4567-e89b-12d3-a456-426614174000";
  test.each([plain, plain.toUpperCase(), plain.replaceAll("-", ""), `{${plain}}`])("%s has one form", (written) =>
    expect(text(written, type("uuid"))).toBe(plain),
  );
  test.each(["", "123", plain.slice(1), `${plain}0`, plain.replace("1", "g"), `{${plain}`, `${plain}\n`])(
    "'%s' is none",
    (written) => expect(text(written, type("uuid"))).toMatch(/^✗ is a UUID such as /),
  );
  test("is no number", () => expect(json(1, type("uuid"))).toBe("✗ is a UUID in text, not the number 1"));
});

describe("binary", () => {
  test("is base64, with or without its end, of either alphabet", () => {
    for (const written of ["+/8A", "-_8A"]) expect(text(written, type("binary"))).toEqual(Buffer.from([0xfb, 0xff, 0]));
    for (const written of ["QQ==", "QQ"]) expect(text(written, type("binary"))).toEqual(Buffer.from("A"));
    expect(text("", type("binary"))).toEqual(Buffer.alloc(0));
  });
  test("comes back as it was written", () =>
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(json(Buffer.from(bytes).toString("base64"), type("binary"))).toEqual(Buffer.from(bytes));
      }),
    ));
  test.each(["Q", "Q Q=", "QQ==\n", "QQ=Q", "QQ===", "é"])("'%s' is none", (written) =>
    expect(text(written, type("binary"))).toBe("✗ is base64"),
  );
  test("is measured in bytes", () => {
    expect(text("AAAA", type("binary", { length: 3 }))).toEqual(Buffer.alloc(3));
    expect(text("AAAAAA", type("binary", { length: 3 }))).toBe("✗ holds at most 3 bytes, and this has 4");
  });
});

describe("enum", () => {
  const mood = type("enum", { values: ["happy", "sad", "it's, well"] });
  test("is one of its values, to the letter", () => {
    expect(text("sad", mood)).toBe("sad");
    expect(text("it's, well", mood)).toBe("it's, well");
  });
  test("a slip comes with the nearest", () =>
    expect(json("hapy", mood)).toBe("✗ is one of happy, sad, it's, well, not 'hapy'. Perhaps you meant 'happy'"));
  test.each(["", "Sad", "sad "])("'%s' is none", (written) =>
    expect(text(written, mood)).toMatch(/^✗ is one of happy, /),
  );
});

describe("json", () => {
  const of = type("json");
  test.each([
    [{ a: [1, null, "x"] }, '{"a":[1,null,"x"]}'],
    [[1], "[1]"],
    ["text", '"text"'],
    [0, "0"],
    [false, "false"],
  ])("%j in a body is itself", (value, kept) => expect(json(value, of)).toBe(kept));
  test("keeps every digit", () =>
    expect(json({ n: new LosslessNumber("12345678901234567890.10") }, of)).toBe('{"n":12345678901234567890.10}'));
  test("in a URL is JSON where it can be read so, and text where not", () => {
    expect(text('{"a":1}', of)).toBe('{"a":1}');
    expect(text("12", of)).toBe("12");
    expect(text("hello", of)).toBe('"hello"');
  });
  test("nested beyond all reason is refused", () => {
    const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    expect(json({ deep }, of)).toBe("✗ is nested too deeply");
  });
});

describe("array", () => {
  const numbers = type("array", { element: type("integer", { min: "0", max: "9" }) });
  test("types its elements, and keeps NULLs", () => expect(json([1, "2", null], numbers)).toEqual([1, 2, null]));
  test("refuses as its elements do", () => {
    expect(json([1, 10], numbers)).toBe("✗ takes whole numbers from 0 to 9; 10 is out of range");
    expect(json([[1], [10]], numbers)).toBe("✗ takes whole numbers from 0 to 9; 10 is out of range");
    expect(json([[1], [2]], numbers)).toEqual([[1], [2]]);
    expect(json(1, numbers)).toBe("✗ is an array, not the number 1");
    expect(json({}, numbers)).toBe("✗ is an array, not an object");
  });
  test("in a URL is a list, in braces or without", () => {
    expect([text("1,2", numbers), text("{1,2}", numbers), text("{}", numbers), text("", numbers)]).toEqual([
      [1, 2],
      [1, 2],
      [],
      [],
    ]);
  });
});

describe("a column without a type", () => {
  test("keeps what JSON says", () => {
    const values = [5, 1.5, "5", true, new LosslessNumber("9007199254740993")];
    expect(values.map((value) => json(value, type("any")))).toEqual([5, 1.5, "5", true, 9007199254740993n]);
  });
  test("holds no objects", () => expect(json({}, type("any"))).toBe("✗ is text, not an object"));
});

test("another type is written as its text", () => {
  expect(text("10.0.0.1/8", type("other"))).toBe("10.0.0.1/8");
  expect(json(12.5, type("other"))).toBe("12.5");
});
