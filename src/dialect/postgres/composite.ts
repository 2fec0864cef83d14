// Values of composite types → the text that PostgreSQL reads (manual: rowtypes, «Composite Type Input and Output Syntax»).
import { isOfComposites } from "../../schema/document.js";
import type { ColumnType } from "../../schema/schema.js";
import { toParameter } from "./texts.js";

/** A composite value is the array of its parts; an array of composites has such in it. */
export function withComposites(value: readonly unknown[], type: ColumnType): unknown {
  const { fields, element } = type;
  if (fields === undefined) {
    const inner = (item: unknown) => (Array.isArray(item) && element ? withComposites(item, element) : item);
    return value.map(inner);
  }
  return `(${value.map((part, i) => partText(part, fields[i]?.type)).join(",")})`;
}

/** NULL is nothing at all. */
function partText(part: unknown, type: ColumnType | undefined): string {
  const whole = Array.isArray(part) && type !== undefined && isOfComposites(type) ? withComposites(part, type) : part;
  const text = toParameter(whole);
  if (text === null) return "";
  const said = Buffer.isBuffer(text) ? `\\x${text.toString("hex")}` : text;
  return `"${said.replace(/[\\"]/g, "$&$&")}"`;
}
