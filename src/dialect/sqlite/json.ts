// Places in JSON for SQLite (https://sqlite.org/json1.html). What is no JSON makes its functions fail, so that is asked first.
import type { JsonForm } from "../../plan/json-form.js";
import type { ColumnType } from "../../schema/schema.js";
import type { JsonArray, JsonPlace } from "../statement-parts.js";

/** 9: JSON text or JSONB. */
const within = (c: string, expression: string): string => `CASE WHEN json_valid(${c}, 9) THEN ${expression} END`;

export const jsonAt = (c: string, _: ColumnType, form: JsonForm, { path }: JsonPlace): string =>
  within(
    c,
    formOf(form, {
      type: () => `json_type(${c}, ${path()})`,
      value: () => `json_extract(${c}, ${path()})`,
      digits: () => `${c} -> ${path()}`,
    }),
  );

export const jsonArray: JsonArray = {
  is: (c, _, { path }) => `${within(c, `json_type(${c}, ${path()})`)} = 'array'`,
  items: (c, _, { path }, alias) => `json_each(${c}, ${path()}) ${alias}`,
  item: (alias, form) => formOf(form, { type: () => `${alias}.type`, value: () => `${alias}.value`, digits: () => "" }),
};

interface Scalar {
  type(): string;
  value(): string;
  /** A number as it is written. */
  digits(): string;
}

function formOf(form: JsonForm, { type, value, digits }: Scalar): string {
  if (form === "value") return value();
  if (form === "number") return `CASE WHEN ${type()} IN ('integer', 'real') THEN ${value()} END`;
  const string = `CASE ${type()} WHEN 'text' THEN ${value()} WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'`;
  return form === "string"
    ? `${string} END`
    : `${string} WHEN 'integer' THEN ${digits()} WHEN 'real' THEN ${digits()} END`;
}
