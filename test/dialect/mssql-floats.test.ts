// Floats as text on SQL Server: the expression is run by SQLite, with T-SQL's functions written after their manual's pages.
import Sqlite from "better-sqlite3";
import { afterAll, describe, expect, test } from "vitest";
import { floatText } from "../../src/dialect/mssql/float.js";
import { tsqlMistakes } from "../sql/grammar.js";
import { fc } from "../support/any.js";

const memory = new Sqlite(":memory:");
afterAll(() => void memory.close());

/** T-SQL's exponents have three digits. */
const scientific = (value: number, behind: number): string =>
  value.toExponential(behind).replace(/e([+-])(\d+)$/, (_, sign, digits) => `e${sign}${digits.padStart(3, "0")}`);

/** Style 0: «a maximum of 6 digits». 1: «always 8 digits». 2: «always 16 digits». 3: «always 17 digits». */
function convert(value: number, style: number): string {
  if (style > 0) return scientific(value, { 1: 7, 2: 15, 3: 16 }[style] as number);
  const short = String(Number(value.toPrecision(6)));
  return /e/.test(short) || short.replace(/\D/g, "").length > 6
    ? scientific(value, 5).replace(/\.?0+(?=e)/, "")
    : short;
}

/** «A number or asterisks»: 17 digits are true, decimals at most 16. */
const str = (value: number, length: number, decimals: number): string => {
  const text = value.toFixed(Math.min(16, Math.max(0, decimals)));
  return text.length > length ? "*".repeat(length) : text.padStart(length);
};

const reads = (text: string, type: string): number | null => {
  const value = Number(text);
  if (!Number.isFinite(value)) return null;
  return type === "real" ? Math.fround(value) : value;
};

memory.function("tsql_convert", { deterministic: true }, (value, style) => convert(Number(value), Number(style)));
memory.function("tsql_str", (value, length, decimals) =>
  decimals === null ? null : str(Number(value), Number(length), Number(decimals)),
);
memory.function("tsql_log10", (value) => (value === null ? null : Math.log10(Number(value))));
memory.function("tsql_floor", (value) => (value === null ? null : Math.floor(Number(value))));
memory.function("tsql_reads", (text, type) => reads(String(text), String(type)));

function shown(value: number, type: "float" | "real"): string {
  const sql = floatText("@c", type)
    .replaceAll("CONVERT(varchar(32), ", "tsql_convert(")
    .replaceAll("ISNULL(", "ifnull(")
    .replaceAll(/\bSTR\(/g, "tsql_str(")
    .replaceAll("LOG10(", "tsql_log10(")
    .replaceAll("FLOOR(", "tsql_floor(")
    .replaceAll("TRY_CAST(", "tsql_reads(")
    .replaceAll(` AS ${type})`, `, '${type}')`);
  return memory.prepare(`SELECT ${sql}`).pluck().get({ c: value }) as string;
}

describe("a float's text", () => {
  test.each([
    [Math.PI, "3.141592653589793"],
    [9.3, "9.3"],
    // STR knows no 17 digits behind a zero.
    [0.1 + 0.2, "3.0000000000000004e-001"],
    [40.7127753, "40.7127753"],
    [-0.0001234567, "-0.0001234567"],
    [12345678901230, "12345678901230"],
    [0, "0"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [1.5e-9, "1.5e-009"],
  ])("%d is %s", (value, text) => {
    expect(shown(value, "float")).toBe(text);
  });

  test.each([
    [0.1, "0.1"],
    [40.712776, "40.712776"],
    [16777216, "1.6777216000000000e+007"],
  ])("as a real %d is %s", (value, text) => {
    expect(shown(Math.fround(value), "real")).toBe(text);
  });

  test("reads back as the same number, and between 0.1 and 10^14 with as few digits as there can be", () => {
    const digits = (text: string) =>
      text
        .replace(/e.*$/, "")
        .replace(/\D/g, "")
        .replace(/^0+|0+$/g, "").length;
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = shown(value, "float");
        expect(Number(JSON.parse(text))).toBe(value === 0 ? 0 : value);
        const size = Math.abs(value);
        if (size >= 0.1 && size < 1e14) expect(digits(text)).toBe(digits(String(value)));
      }),
      { numRuns: 2000, seed: 1 },
    );
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        expect(Number(shown(value, "float"))).toBe(value === 0 ? 0 : value);
      }),
      { numRuns: 2000, seed: 2 },
    );
  });

  test("is T-SQL to a foreign grammar", () => {
    for (const type of ["float", "real"] as const) {
      expect(tsqlMistakes(`SELECT ${floatText("[t].[c]", type)} FROM [t]`)).toEqual([]);
      expect(tsqlMistakes(`SELECT ${floatText("sum([t].[c])", type)} FROM [t]`)).toEqual([]);
    }
  });
});
