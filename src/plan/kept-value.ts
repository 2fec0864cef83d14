// What a row keeps in a column of no strict type, and what it shows of it → the one by which the row is found again.
import type { ColumnType } from "../schema/schema.js";
import type { Value } from "./terms.js";

/** What is JSON is compared without its white space, and a moment as what it means. */
export function foundBy(kept: Value, shown: Value, type: ColumnType): Value {
  if (!type.loose) return shown;
  const means = type.kind === "json" ? isJson(kept.value) : isDateAndTime(type) && shown.type.kind === type.kind;
  return means ? shown : kept;
}

export const isDateAndTime = ({ kind }: ColumnType): boolean => kind === "datetime" || kind === "instant";

function isJson(value: Value["value"]): boolean {
  try {
    JSON.parse(String(value));
    return !Buffer.isBuffer(value);
  } catch {
    return false;
  }
}
