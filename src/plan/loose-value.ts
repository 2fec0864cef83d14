// A value of JSON → what it is in a column whose type is a habit and no promise: a row may hold a value of any other (SQLite).
import { isLosslessNumber, stringify } from "lossless-json";
import type { ColumnType } from "../schema/schema.js";
import { numberIn } from "./held-texts.js";
import { ANY } from "./key-value.js";
import type { Value } from "./terms.js";
import { fromJson } from "./value.js";

/** Letters of a UUID are the database's to compare. */
export function looseValue(value: unknown, type: ColumnType): Value {
  const typed = fromJson(value, type);
  if (typed.ok && type.kind !== "uuid") return { value: typed.value, type };
  if (typeof value === "string") return { value, type: typed.ok ? type : ANY };
  const text = stringify(value) as string;
  return isLosslessNumber(value) || typeof value === "number" ? numberIn(text) : { value: text, type: ANY };
}
