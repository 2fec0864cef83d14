// A number's text, read without a digit lost.
import type { ColumnType } from "../schema/schema.js";

/** A whole number's digits. */
export const integer = (digits: string): number | bigint => {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
};

/** `3.0` and `1e3` are whole numbers in JSON's eyes. Never by way of a double, which would round. */
export function wholeDecimal(text: string): bigint | undefined {
  const match = /^([+-]?)(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]\+?(\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const behind = fraction.replace(/0+$/, "");
  const zeros = Number(exponent);
  return behind.length > zeros ? undefined : BigInt(`${sign}${whole}${behind.padEnd(zeros, "0")}`);
}

/** Nothing but nines as far as digits are kept, and rounded up behind: one digit more than there is room for. */
export function roundsUp(text: string, { precision, scale = 0 }: ColumnType): boolean {
  if (precision === undefined) return false;
  if (/e/i.test(text)) return Math.abs(Number(text)) >= Number(`${"9".repeat(precision)}.5e${-scale}`);
  const [whole = "", fraction = ""] = text.replace(/^[+-]?0*/, "").split(".");
  const kept = precision < scale ? fraction.slice(scale - precision) : whole + fraction;
  return kept.slice(0, precision) === "9".repeat(precision) && (kept[precision] ?? "0") >= "5";
}
