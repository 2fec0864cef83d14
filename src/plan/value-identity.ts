// Are two values of one column the same? `1` and `1.0` are one decimal, bytes are equal byte by byte.
import type { Value } from "./terms.js";

export const isSame = (one: Value, other: Value): boolean => identityOf(one) === identityOf(other);

/** A text that rows of the same key share. */
export const keyText = (key: readonly Value[]): string => JSON.stringify(key.map(identityOf));

function identityOf({ value, type: { kind } }: Value): string | null {
  if (value === null) return null;
  if (Buffer.isBuffer(value)) return value.toString("base64");
  if (kind === "uuid") return String(value).toLowerCase();
  if (kind === "float") return String(Number(value));
  return kind === "decimal" ? digitsOf(String(value)) : String(value);
}

/** Without the zeros that say nothing. */
function digitsOf(text: string): string {
  if (/e/i.test(text)) return digitsOf(Number(text).toFixed(20));
  const [, sign = "", whole = "", fraction = ""] = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
  const digits = `${whole || "0"}${fraction === "" ? "" : `.${fraction}`}`;
  return sign === "-" && digits !== "0" ? `-${digits}` : digits;
}
