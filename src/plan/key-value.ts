// A key's text in a path → its canonical value, and the type that it has there: a column of no strict type may hold another.
import type { ColumnType } from "../schema/schema.js";
import { NUMBER, unquoted } from "./row-segment.js";
import { fromText, type Typed } from "./value.js";

/** What a column of no strict type may hold all the same is a text. */
export function fromKeyText(text: string, type: ColumnType): { readonly typed: Typed; readonly type: ColumnType } {
  const { kind, loose } = type;
  if (!loose) return { typed: fromText(text, type), type };
  if (kind === "any") {
    const quoted = unquoted(text);
    if (quoted !== undefined) return { typed: fromText(quoted, type), type };
    const number = NUMBER.test(text) ? numberType(text) : type;
    return { typed: fromText(text, number), type: number };
  }
  const typed = fromText(text, type);
  // Rows may keep it in capitals: the letters are the database's to compare.
  if (typed.ok && kind === "uuid" && String(typed.value) === text.toLowerCase())
    return { typed: { ok: true, value: text }, type };
  return typed.ok ? { typed, type } : { typed: fromText(text, ANY), type: ANY };
}

/** Of a value that is what it is. */
export const ANY: ColumnType = { kind: "any", native: "" };
const WHOLE: ColumnType = { kind: "integer", native: "", min: "-9223372036854775808", max: "9223372036854775807" };
const FLOAT: ColumnType = { kind: "float", native: "" };

/** What a number is in a column of no type. */
export const numberType = (text: string): ColumnType =>
  /^-?\d+$/.test(text) && fromText(text, WHOLE).ok ? WHOLE : FLOAT;
