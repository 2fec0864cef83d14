// Places in JSON for PostgreSQL, by jsonpath: a path is one bound value, which filters what it leads to by its type as well.
import type { JsonForm } from "../../plan/json-form.js";
import type { PathStep } from "../../request/json-path.js";
import { isOfComposites } from "../../schema/document.js";
import type { ColumnType } from "../../schema/schema.js";
import { jsonPathText } from "../json-path.js";
import type { JsonArray, JsonPlace } from "../statement-parts.js";
import { documentOf } from "./shown.js";

const filters: Readonly<Record<JsonForm, string>> = {
  value: "",
  text: ' ? (@.type() != "object" && @.type() != "array")',
  string: ' ? (@.type() == "string" || @.type() == "boolean")',
  number: ' ? (@.type() == "number")',
};

/** Strict, as otherwise a scalar is an array of one, and a key is looked for in an array's items. */
export const jsonPath = (steps: readonly PathStep[], form: JsonForm): string =>
  `strict ${jsonPathText(steps)}${filters[form]}`;

/** What the path does not lead to is nothing, not an error: `silent`. */
const found = (c: string, type: ColumnType, { path }: JsonPlace): string => {
  const document = isOfComposites(type) ? documentOf(c, type) : c;
  return `jsonb_path_query_first(${type.native === "jsonb" ? c : `CAST(${document} AS jsonb)`}, ${path()}::jsonpath, '{}', true)`;
};

export function jsonAt(c: string, type: ColumnType, form: JsonForm, place: JsonPlace): string {
  const text = `(${found(c, type, place)} #>> '{}')`;
  return form === "number" ? `${text}::numeric` : text;
}

export const jsonArray: JsonArray = {
  is: (c, type, place) => `jsonb_typeof(${found(c, type, place)}) = 'array'`,
  items: (c, type, place, alias) => `jsonb_array_elements(${found(c, type, place)}) ${alias}(v)`,
  item(alias, form) {
    const text = `(${alias}.v #>> '{}')`;
    return form === "number"
      ? `CASE WHEN jsonb_typeof(${alias}.v) = 'number' THEN ${text}::numeric END`
      : `CASE WHEN jsonb_typeof(${alias}.v) IN ('string', 'boolean') THEN ${text} END`;
  },
};
