// Values as the model knows them, and what every database must agree on: how they compare, how they are written, how JSON shows them.
import { isLosslessNumber, parse } from "lossless-json";

/** `units` × 10^-`scale`: whole numbers and decimals with every digit. */
export interface Exact {
  readonly units: bigint;
  readonly scale: number;
}

/** Dates and times are their ISO text. */
export type Value = null | boolean | string | Exact;
export type Row = Readonly<Record<string, Value>>;

export const exact = (units: bigint | number, scale = 0): Exact => ({ units: BigInt(units), scale });
export function exactOf(text: string): Exact {
  const [, whole = "", digits = ""] = /^(-?\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return exact(BigInt(whole + digits), digits.length);
}
export const isExact = (value: Value): value is Exact => typeof value === "object" && value !== null;

const scaled = ({ units, scale }: Exact, to: number): bigint => units * 10n ** BigInt(to - scale);

export function sum(numbers: readonly Exact[]): Exact {
  const scale = Math.max(0, ...numbers.map((number) => number.scale));
  return exact(
    numbers.reduce((total, number) => total + scaled(number, scale), 0n),
    scale,
  );
}

/** With six digits more than the numbers have; half a digit goes away from zero. */
export function average(numbers: readonly Exact[], columnScale: number): Exact {
  const scale = columnScale + 6;
  const [total, count] = [scaled(sum(numbers), scale), BigInt(numbers.length)];
  const half = total < 0n ? -count : count;
  return exact((2n * total + half) / (2n * count), scale);
}

/** Text by code point: binary collations agree on that. */
export function compare(a: Value, b: Value): number {
  if (a !== null && b !== null && isExact(a) && isExact(b)) {
    const scale = Math.max(a.scale, b.scale);
    return Number(scaled(a, scale) - scaled(b, scale) > 0n) - Number(scaled(a, scale) - scaled(b, scale) < 0n);
  }
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}

/** As a query and a path write it. */
export function textOf(value: Value): string {
  if (value === null || !isExact(value)) return String(value);
  const digits = String(value.units < 0n ? -value.units : value.units).padStart(value.scale + 1, "0");
  const cut = digits.length - value.scale;
  return `${value.units < 0n ? "-" : ""}${digits.slice(0, cut)}${value.scale > 0 ? `.${digits.slice(cut)}` : ""}`;
}

/** Numbers become texts of their own kind: `12.50` and `12.5` are one number, `9007199254740993` keeps its digits. */
const numberText = (digits: string): string => `#${digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits}`;

export const shown = (value: Value): unknown => (value !== null && isExact(value) ? numberText(textOf(value)) : value);

/** An answer's JSON with its numbers as `shown` writes them. */
export const shownJson = (text: string): unknown =>
  parse(text, (_, item) => (isLosslessNumber(item) ? numberText(item.toString()) : item));
