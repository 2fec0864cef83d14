// Values as a driver gives them, where the database makes no JSON of them → their JSON, in the forms of all other answers.
import { isLosslessNumber, LosslessNumber, parse, stringify } from "lossless-json";
import type { Column, ColumnType } from "../../schema/schema.js";

/** Rows of columns in this order, as JSON objects. */
export const rowsAsJson = (rows: readonly (readonly unknown[])[], columns: readonly Column[]): string[] =>
  rows.map((row) => {
    const fields = columns.map(({ name, type }, i) => `${JSON.stringify(name)}:${valueAsJson(row[i], type)}`);
    return `{${fields.join(",")}}`;
  });

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

export function valueAsJson(value: unknown, { kind }: ColumnType): string {
  if (value === null || value === undefined) return "null";
  if (Buffer.isBuffer(value)) return JSON.stringify(value.toString(kind === "binary" ? "base64" : "utf8"));
  const text = value instanceof Date ? value.toISOString() : String(value);
  switch (kind) {
    case "integer":
    case "decimal":
    case "float":
    case "any":
      if (typeof value === "string" && kind === "any") return JSON.stringify(value);
      return NUMBER.test(text) ? text : JSON.stringify(text);
    case "boolean":
      return String(/^(t|true|1)$/.test(text));
    case "json":
      return isJson(text) ? text : JSON.stringify(text);
    case "binary":
      return JSON.stringify(Buffer.from(text.replace(/^\\x/, ""), "hex").toString("base64"));
    case "datetime":
      return JSON.stringify(text.replace(" ", "T"));
    case "instant":
      return JSON.stringify(text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"));
    default:
      return JSON.stringify(text);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What a host's own function returns. A Buffer is base64, and whole numbers keep their digits. */
export function anyAsJson(value: unknown): string {
  return stringify(value, (_, one) => (isBytes(one) ? Buffer.from(one.data).toString("base64") : one)) ?? "null";
}

const isBytes = (value: unknown): value is { readonly data: number[] } =>
  typeof value === "object" &&
  value !== null &&
  !isLosslessNumber(value) &&
  (value as { type?: unknown }).type === "Buffer" &&
  Array.isArray((value as { data?: unknown }).data);

/** A config's default, as it was written. */
export const defaultValue = (text: string): unknown => parse(text, null, (digits) => new LosslessNumber(digits));
