// Columns' bytes → a row's JSON text.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  endRow,
  type Head,
  rowForm,
  startRow,
  type ValueForm,
  writeNull,
  writeValue,
} from "../../src/dialect/row-text.js";

interface Field {
  readonly name: string;
  readonly form: ValueForm;
  readonly text: string | null;
}

function written(fields: readonly Field[]): string {
  const row = rowForm(fields);
  const values = fields.map(({ text }) => (text === null ? null : Buffer.from(text)));
  let place = startRow(row, Buffer.byteLength(fields.map(({ text }) => text ?? "").join("")));
  for (const [i, value] of values.entries()) {
    const head = row.heads[i] as Head;
    // Amid other bytes, as they come from a server.
    const bytes = Buffer.concat([Buffer.from('"7'), value ?? Buffer.alloc(0), Buffer.from("7\\\u0001")]);
    const end = 2 + (value?.length ?? 0);
    place = value === null ? writeNull(place, head) : writeValue(place, head, (fields[i] as Field).form, bytes, 2, end);
  }
  return endRow(place);
}

const one = (form: ValueForm, text: string) => written([{ name: "a", form, text }]).slice('{"a":'.length, -1);

const texts = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ unit: "binary-ascii", maxLength: 40 }),
  fc.string({ unit: "binary-ascii", minLength: 90, maxLength: 300 }),
  fc.constantFrom('"', "\\", "\u007f", "\u0080", "é", "🌲", "", " ", "!", "#", "[", "]", "\u2028"),
);

describe("strings", () => {
  test("are what JSON.stringify makes of them, one row after another", () => {
    const named = fc.record({ name: texts, text: fc.option(texts) });
    const rows = fc.array(fc.uniqueArray(named, { minLength: 1, maxLength: 6, selector: ({ name }) => name }));
    fc.assert(
      fc.property(rows, (rows) => {
        for (const row of rows) {
          const fields = row.map((field) => ({ ...field, form: "string" as const }));
          const parts = row.map(({ name, text }) => `${JSON.stringify(name)}:${JSON.stringify(text)}`);
          expect(written(fields)).toBe(`{${parts.join(",")}}`);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("every byte of ASCII is escaped or not as JSON.stringify does it, wherever it stands", () => {
    for (let code = 0; code < 128; code++) {
      for (let before = 0; before < 9; before++) {
        const text = `${"x".repeat(before)}${String.fromCharCode(code)}yz`;
        expect(one("string", text)).toBe(JSON.stringify(text));
      }
    }
  });

  test("of any length, escaped from end to end, with others around them", () => {
    for (const length of [1_000, 16_384, 70_000, 2_000_000]) {
      const fields = ["\u0001", "a", "é", '"'].map((letter, i) => ({
        name: `field ${i}`,
        form: "string" as const,
        text: letter.repeat(length),
      }));
      const whole = Object.fromEntries(fields.map(({ name, text }) => [name, text]));
      expect(written(fields) === JSON.stringify(whole)).toBe(true);
      expect(one("string", "after")).toBe('"after"');
    }
  });
});

describe("numbers", () => {
  test("stand as they are where they are JSON's, and as strings where they are not", () => {
    const pieces = fc.constantFrom("0", "1", "9", "00", "12", "-", "+", ".", "e", "E", "e+", "e-", " ", "N", "\u0000");
    const digits = fc.array(pieces, { maxLength: 7 }).map((parts) => parts.join(""));
    const isNumber = (text: string) => /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);
    const [bare, quoted] = [new Set<string>(), new Set<string>()];
    fc.assert(
      fc.property(fc.oneof(digits, fc.double().map(String), fc.bigInt().map(String)), (text) => {
        (isNumber(text) ? bare : quoted).add(text);
        expect(one("number", text)).toBe(isNumber(text) ? text : JSON.stringify(text));
      }),
      { numRuns: 20_000 },
    );
    expect(Math.min(bare.size, quoted.size)).toBeGreaterThan(100);
  });

  test.each(["NaN", "Infinity", "-Infinity", "-", "", "1-2", "0x1", "007", "12:30", "t"])("%j is a string", (text) => {
    expect(one("number", text)).toBe(JSON.stringify(text));
  });
});

test("boolean values", () => {
  expect([one("boolean", "t"), one("boolean", "f")]).toEqual(["true", "false"]);
  expect([one("boolean", "true"), one("boolean", "x")]).toEqual(['"true"', '"x"']);
});

test("JSON is left as it is, short or long", () => {
  for (const value of [[], { a: ["é", "\n"] }, "🌲".repeat(50_000), "a".repeat(200)]) {
    const text = JSON.stringify(value, undefined, 1);
    expect(one("json", text)).toBe(text);
  }
});
