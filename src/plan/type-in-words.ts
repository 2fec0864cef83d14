// What a column takes, in the words of a sentence to a client.
import type { ColumnType, ValueKind } from "../schema/schema.js";

/** Returns a noun: `a whole number`, `text`. */
export function typeInWords(type: ColumnType): string {
  const names: Partial<Record<ValueKind, string>> = {
    integer: "a whole number",
    decimal: "a number",
    float: "a number",
    boolean: "true or false",
    array: "an array",
    binary: "base64 text",
    date: "a date such as 2024-02-29",
    datetime: "a date and time such as 2024-02-29T12:30:00",
    enum: `one of ${(type.values ?? []).join(", ")}`,
  };
  if (type.fields !== undefined) return `an object of ${type.fields.map(({ name }) => name).join(", ")}`;
  return names[type.kind] ?? (type.kind === "uuid" ? "a UUID in text" : "text");
}
