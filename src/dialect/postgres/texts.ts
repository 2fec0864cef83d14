// Values as the texts that PostgreSQL reads, and rows of texts as they are shown.
import type { RowTexts } from "../row-texts.js";
import { checkCount } from "./columns.js";

/** A parameter: text as the server reads it, or bytes. */
export type Parameter = string | Buffer | null;

/** One row, as the driver has made strings of its columns. */
export function takeStrings(texts: RowTexts, fields: readonly (string | null)[]): void {
  const { length: shown } = texts.form.heads;
  checkCount(texts.form, fields.length);
  const values = fields.slice(0, shown).map((field) => (field === null ? null : Buffer.from(field)));
  texts.startRow(values.reduce((sum, value) => sum + (value?.length ?? 0), 0));
  for (const [i, value] of values.entries()) {
    if (value === null) texts.writeNull(i);
    else texts.write(i, value, 0, value.length);
  }
  texts.endRow();
  for (const text of fields.slice(shown)) texts.addFurther(text ?? "");
}

/** Bytes go as they are, everything else as the text that PostgreSQL reads. */
export function toParameter(value: unknown): Parameter {
  if (typeof value === "string" || value === null || Buffer.isBuffer(value)) return value;
  return Array.isArray(value) ? toArray(value) : String(value);
}

/** An array's text (manual: arrays, «Array Input and Output Syntax»). */
const toArray = (items: readonly unknown[]): string => `{${items.map(toElement).join(",")}}`;

function toElement(value: unknown): string {
  if (value === null) return "NULL";
  if (Array.isArray(value)) return toArray(value);
  const text = Buffer.isBuffer(value) ? `\\x${value.toString("hex")}` : String(value);
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
