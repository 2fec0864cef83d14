// Places in JSON for SQL Server, by OPENJSON: JSON_VALUE does not tell `5` from `"5"` and ends at 4,000 characters. A path may
// be a parameter since 2017 (functions/openjson-transact-sql). OPENJSON gives items their indexes as keys, and compares keys exactly.
import type { JsonForm } from "../../plan/json-form.js";
import type { ColumnType } from "../../schema/schema.js";
import type { JsonArray, JsonPlace } from "../statement-parts.js";
import { asText, COLLATED } from "./json.js";

/** Its numbers: 0 null, 1 text, 2 a number, 3 a boolean, 4 an array, 5 an object. */
const types: Readonly<Record<JsonForm, string>> = {
  value: "<> 0",
  text: "IN (1, 2, 3)",
  string: "IN (1, 3)",
  number: "= 2",
};

export const jsonAt = (c: string, type: ColumnType, form: JsonForm, { parent, key }: JsonPlace): string =>
  `(SELECT TOP 1 ${itemText("j", form)} FROM OPENJSON(${document(c, type)}, ${parent()}) j WHERE j.[key] = ${key()} AND j.[type] ${types[form]})`;

export const jsonArray: JsonArray = {
  is: (c, type, { path }) => `LEFT(JSON_QUERY(${document(c, type)}, ${path()}), 1) = N'['`,
  items: (c, type, { path }, alias) => `OPENJSON(${document(c, type)}, ${path()}) ${alias}`,
  item: (alias, form) => `CASE WHEN ${alias}.[type] ${types[form]} THEN ${itemText(alias, form)} END`,
};

/**
 * `=` and the order know no spaces at a text's end (language-elements/string-comparison-assignment), so that something stands behind
 * them: what comes before every character that may follow there.
 */
export const exactText = (text: string): string => `(CAST(${text} AS nvarchar(max)) + NCHAR(1)) ${COLLATED}`;

/** A text from JSON, which compares by code point. */
export const isFromJson = ({ kind, native }: ColumnType): boolean => kind === "text" && native === "json";

/** Whatever is no JSON is an error to OPENJSON. */
function document(c: string, type: ColumnType): string {
  const text = asText(c, type);
  return `CASE WHEN ISJSON(${text}) = 1 THEN ${text} END`;
}

function itemText(alias: string, form: JsonForm): string {
  const value = `${alias}.[value]`;
  if (form !== "number") return value;
  // A decimal does not read an exponent, a float does.
  const decimal = (text: string) => `TRY_CAST(${text} AS decimal(38, 10))`;
  return `COALESCE(${decimal(value)}, ${decimal(`TRY_CAST(${value} AS float)`)})`;
}
