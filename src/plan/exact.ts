// Which numbers would be kept as others than were written: those that a parser has rounded, and those of more digits than a column keeps.
import { EXACT_DIGITS, Rounded } from "../request/rounded.js";
import type { ColumnType, ValueKind } from "../schema/schema.js";

/** Would a column of this type keep a rounded number as it stands, so that it may not be what the client wrote? */
export const keepsRounded = ({ number, isWhole }: Rounded, type: ColumnType): boolean =>
  isWhole ? keepsWhole.has(type.kind) : keepsFraction(number, type);

const keepsWhole: ReadonlySet<ValueKind> = new Set(["integer", "decimal", "any", "other"]);

/** A decimal of few digits rounds it anyway, to digits that are certain. */
function keepsFraction(number: number, { kind, scale }: ColumnType): boolean {
  if (kind !== "decimal" || scale === undefined) return kind === "decimal";
  const whole = Math.trunc(Math.abs(number));
  return (whole === 0 ? 0 : String(whole).length) + scale > EXACT_DIGITS;
}

/**
 * Returns the first rounded number within JSON that identifies something, or nothing. A whole number of up to 64 bits does; a
 * larger one is a measure.
 */
export function roundedId(value: unknown): Rounded | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof Rounded) return value.isWhole && Math.abs(value.number) <= 2 ** 64 ? value : undefined;
  for (const item of Object.values(value)) {
    const id = roundedId(item);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Returns how many digits a number has, where these are more than a column keeps. A whole number of 18 digits is kept in any case. */
export function digitsPast(significant: number, text: string): number | undefined {
  const [mantissa = ""] = text.split(/e/i);
  const digits = mantissa.replace(/\D/g, "").replace(/^0+|0+$/g, "");
  return digits.length <= significant || /^[+-]?\d{1,18}$/.test(text) ? undefined : digits.length;
}
