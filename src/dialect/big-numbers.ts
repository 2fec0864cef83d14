// `bigNumbers: "string"`: for clients that read JSON numbers as doubles, such as JSON.parse.
import type { ColumnType } from "../schema/schema.js";
import type { Dialect } from "./dialect.js";

/** How they are shown. */
export const bigNumbers = ["number", "string"] as const;

/** The same dialect, whose JSON has strings for what a double may round: decimals, and integers of more than 53 bits. */
export function bigNumbersAsStrings(dialect: Dialect): Dialect {
  const { textColumn: plain, fallback: careful } = dialect;
  return {
    ...dialect,
    bigNumbersAsText: true,
    json: (expression, type) => (isBig(type) ? dialect.jsonDigits(expression, type) : dialect.json(expression, type)),
    ...(plain && { textColumn: (expression, type) => plain(expression, type, isBig(type)) }),
    ...(careful && { fallback: bigNumbersAsStrings(careful) }),
  };
}

/** By what the column may hold, not by what it holds: a client wants one type for one field. */
export function isBig(type: ColumnType): boolean {
  if (type.kind === "decimal") return true;
  if (type.fields !== undefined) return type.fields.some((field) => isBig(field.type));
  if (type.kind === "array") return type.element !== undefined && isBig(type.element);
  return type.kind === "integer" && [type.min, type.max].some((bound) => bound !== undefined && isUnsafe(bound));
}

const isUnsafe = (bound: string): boolean => !Number.isSafeInteger(Number(bound));
