// `column + value` for SQLite, which turns a whole number past 64 bits into a double, and adds decimals as doubles. What would come
// back rounded, or past the column's range, is refused.
import type { ColumnType } from "../../schema/schema.js";
import { exactSumOf } from "./decimal.js";

/** Thrown out of the statement. */
export class OutOfRange extends Error {}

const LEAST = "-9223372036854775808";
const MOST = "9223372036854775807";

/** The arguments of `plus` behind the two numbers, for a statement's text. */
export function columnLimits({ kind, min, max, precision, scale = 0, significant }: ColumnType): string {
  if (kind === "integer") return `'${min ?? LEAST}', '${max ?? MOST}', NULL`;
  const most =
    precision === undefined ? undefined : `${"9".repeat(Math.max(0, precision - scale))}.${"9".repeat(scale)}`;
  return `${most === undefined ? "NULL, NULL" : `'-${most}', '${most}'`}, ${significant ?? "NULL"}`;
}

/** Numbers are the decimals that they are shown as. */
export function plus(value: unknown, by: unknown, least: unknown, most: unknown, significant: unknown): unknown {
  if (value === null) return null;
  const sum = sumOf(value, by);
  if ((most !== null && isMore(sum, most)) || (least !== null && isMore(String(least), sum))) throw new OutOfRange();
  if (/^-?\d{1,18}$/.test(sum)) return BigInt(sum);
  const digits = sum.replace(/\D/g, "").replace(/^0+|0+$/g, "");
  if (significant !== null && digits.length > Number(significant)) throw new OutOfRange();
  return /^-?\d{19}$/.test(sum) && BigInt.asIntN(64, BigInt(sum)) === BigInt(sum) ? BigInt(sum) : sum;
}

export function plusFloat(value: unknown, by: unknown): unknown {
  if (value === null) return null;
  const sum = Number(value) + Number(by);
  if (!Number.isFinite(sum)) throw new OutOfRange();
  return sum;
}

/** A number in words is none: the column may hold anything. */
function sumOf(value: unknown, by: unknown): string {
  const number = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
  if (Buffer.isBuffer(value) || !number.test(String(value))) throw new OutOfRange();
  return exactSumOf(String(value).trim(), by) as string;
}

/** Is `one` more than `other`, digit by digit? */
function isMore(one: string, other: unknown): boolean {
  const negative = String(other).startsWith("-") ? String(other).slice(1) : `-${other}`;
  const rest = exactSumOf(one, negative) as string;
  return !rest.startsWith("-") && /[1-9]/.test(rest);
}
