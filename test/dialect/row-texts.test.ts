// Columns' bytes → rows' JSON texts.

import { describe, expect, test } from "vitest";
import { RECORD_SEPARATOR, type ValueForm } from "../../src/dialect/row-form.js";
import { RowTexts, rowForm } from "../../src/dialect/row-texts.js";
import { fc } from "../support/any.js";

interface Field {
  readonly name: string;
  readonly form: ValueForm;
  readonly text: string | null;
}

/** Rows of the same columns. */
function written(...rows: readonly (readonly Field[])[]): string[] {
  const texts = new RowTexts(rowForm(rows[0] ?? []));
  for (const row of rows) {
    const values = row.map(({ text }) => (text === null ? null : Buffer.from(text)));
    texts.startRow(values.reduce((sum, value) => sum + (value?.length ?? 0), 0));
    for (const [i, value] of values.entries()) {
      // Amid other bytes, as they come from a server.
      const bytes = Buffer.concat([Buffer.from('"7'), value ?? Buffer.alloc(0), Buffer.from("7\\\u0001")]);
      if (value === null) texts.writeNull(i);
      else texts.write(i, bytes, 2, 2 + value.length);
    }
    texts.endRow();
  }
  return texts.end()[0]?.[0]?.split(RECORD_SEPARATOR) ?? [];
}

const one = (form: ValueForm, text: string) => written([{ name: "a", form, text }])[0]?.slice('{"a":'.length, -1);

const texts = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ unit: "binary-ascii", maxLength: 40 }),
  fc.string({ unit: "binary-ascii", minLength: 90, maxLength: 300 }),
  fc.constantFrom('"', "\\", "\u007f", "\u0080", "é", "🌲", "", " ", "!", "#", "[", "]", "\u2028"),
);

describe("strings", () => {
  test("are what JSON.stringify makes of them, one row after another", () => {
    const names = fc.uniqueArray(texts, { minLength: 1, maxLength: 6 });
    const tables = names.chain((names) =>
      fc.tuple(fc.constant(names), fc.array(fc.tuple(...names.map(() => fc.option(texts))))),
    );
    fc.assert(
      fc.property(tables, ([names, rows]) => {
        const fields = rows.map((row) =>
          row.map((text, i) => ({ name: names[i] as string, form: "string" as const, text })),
        );
        expect(written(...fields)).toEqual(
          rows.map(
            (row) => `{${row.map((text, i) => `${JSON.stringify(names[i])}:${JSON.stringify(text)}`).join(",")}}`,
          ),
        );
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
      expect(written(fields, fields).every((text) => text === JSON.stringify(whole))).toBe(true);
      expect(one("string", "after")).toBe('"after"');
    }
  });

  test("of many rows, some beyond ASCII and some not", () => {
    for (const name of ["plain", "é"]) {
      const texts = Array.from({ length: 300 }, (_, i) => ["a", "é", '"', "🌲", "b"][i % 5]?.repeat(i * 40) ?? "");
      const rows = texts.map((text) => [{ name, form: "string" as const, text }]);
      expect(written(...rows)).toEqual(texts.map((text) => JSON.stringify({ [name]: text })));
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
