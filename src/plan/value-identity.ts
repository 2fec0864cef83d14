// Are two values of one column the same? `1` and `1.0` are one decimal, bytes are equal byte by byte.
import type { ColumnType } from "../schema/schema.js";
import type { Value } from "./terms.js";
import type { Canonical } from "./value.js";

export const isSame = (one: Value, other: Value): boolean => identityOf(one) === identityOf(other);

/** A text that rows of the same key share. */
export const keyText = (key: readonly Value[]): string => JSON.stringify(key.map(identityOf));

function identityOf({ value, type }: Value): string | null {
  if (value === null) return null;
  if (Buffer.isBuffer(value)) return value.toString("base64");
  if (Array.isArray(value)) return JSON.stringify(value.map((item) => partOf(item, type)));
  const { kind } = type;
  if (kind === "uuid") return String(value).toLowerCase();
  if (kind === "float") return String(Number(value));
  return kind === "decimal" ? digitsOf(String(value)) : String(value);
}

/** An array's element, or one of several arrays in it; a composite value's part. */
const partOf = (value: Canonical, type: ColumnType): unknown =>
  identityOf({ value, type: Array.isArray(value) ? type : (type.element ?? type) });

/** Without the zeros that say nothing. What is no number (NaN) is what it is. */
function digitsOf(text: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  if (match === null) return text;
  const [, sign = "", before = "", behind = "", exponent = "0"] = match;
  const point = before.length + Number(exponent);
  const all = `${"0".repeat(Math.max(0, -point))}${before}${behind}`.padEnd(point, "0");
  const whole = all.slice(0, Math.max(0, point)).replace(/^0+/, "");
  const fraction = all.slice(Math.max(0, point)).replace(/0+$/, "");
  const digits = `${whole || "0"}${fraction === "" ? "" : `.${fraction}`}`;
  return sign === "-" && digits !== "0" ? `-${digits}` : digits;
}
