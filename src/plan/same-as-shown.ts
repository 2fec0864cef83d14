// What a body says of a field, and what the row's JSON shows there → whether that is the same.
import { isLosslessNumber } from "lossless-json";

/** Numbers by what they are, and as text too, which is how CSV has them. */
export function isSameAsShown(said: unknown, shown: unknown): boolean {
  if (said === shown) return true;
  if (said === null || shown === null) return false;
  if (isScalar(said) || isScalar(shown)) return isScalar(said) && isScalar(shown) && isSameScalar(said, shown);
  if (Array.isArray(said) !== Array.isArray(shown)) return false;
  const [one, other] = [Object.entries(said as object), shown as Readonly<Record<string, unknown>>];
  return (
    one.length === Object.keys(other).length &&
    one.every(([name, value]) => Object.hasOwn(other, name) && isSameAsShown(value, other[name]))
  );
}

const isScalar = (value: unknown): boolean => typeof value !== "object" || isLosslessNumber(value);

function isSameScalar(said: unknown, shown: unknown): boolean {
  const [one, other] = [String(said), String(shown)];
  if (one === other) return true;
  return isNumber(shown) && one.trim() !== "" && digitsOf(one) === digitsOf(other);
}

/** Two numbers, digit by digit where one of them is no double. */
export const isSameNumber = (one: unknown, other: unknown): boolean =>
  typeof one === "number" && typeof other === "number"
    ? one === other
    : digitsOf(String(one)) === digitsOf(String(other));

const isNumber = (value: unknown): boolean => typeof value === "number" || isLosslessNumber(value);

/** Without the zeros that say nothing; what has an exponent is compared as a double. */
function digitsOf(text: string): string {
  if (!/^[+-]?\d+(\.\d*)?$/.test(text)) return String(Number(text));
  const [, sign = "", whole = "", fraction = ""] = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
  return `${sign === "-" ? "-" : ""}${whole || "0"}${fraction === "" ? "" : `.${fraction}`}`;
}
