// The forms in which a scalar inside JSON is looked at. Whatever is not of the form is NULL, as JSON's own null and a path to nowhere are.
import type { ColumnType } from "../schema/schema.js";

export type JsonForm =
  /** Whether anything is there: objects and arrays are something too. */
  | "value"
  /** Any scalar's text: `Paris`, `5`, `true`. */
  | "text"
  /** The text of what is no number: two spellings of one number (`1.5`, `1.50`) are not two texts. */
  | "string"
  /** Numbers by their value. */
  | "number";

const TEXT: ColumnType = { kind: "text", native: "json" };

/** `native: "json"` tells dialects that the text has no collation of its own: it compares by code point everywhere. */
export const typeOfForm: Readonly<Record<JsonForm, ColumnType>> = {
  value: TEXT,
  text: TEXT,
  string: TEXT,
  /** What every database compares exactly: 28 digits before the point, and 10 behind it. */
  number: { kind: "decimal", native: "json", precision: 38, scale: 10 },
};

/** Whether something is there: 0 or 1. */
export const MISSING: ColumnType = { kind: "integer", native: "json" };
