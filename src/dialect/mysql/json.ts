// Places in JSON for MySQL 8 and MariaDB, in the functions and the words of JSON_TYPE that both have.
import type { JsonForm } from "../../plan/json-form.js";
import type { ColumnType } from "../../schema/schema.js";
import type { JsonArray, JsonPlace } from "../statement-parts.js";

const NUMBERS = "'INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL'";
const NOTHING = "'NULL', 'OBJECT', 'ARRAY'";

export const jsonAt = (c: string, _: ColumnType, form: JsonForm, place: JsonPlace): string =>
  `CASE WHEN ${arraysOf(c, place)} AND ${formOf(form, () => at(c, place))} END`;

export const jsonArray: JsonArray = {
  is: (c, _, place) => `${arraysOf(c, place)} AND JSON_TYPE(${at(c, place)}) = 'ARRAY'`,
  // MariaDB has it since 10.6.
  items: (c, _, place, alias) => `JSON_TABLE(${at(c, place)}, '$[*]' COLUMNS (v JSON PATH '$')) ${alias}`,
  item: (alias, form) => `CASE WHEN ${formOf(form, () => `${alias}.v`)} END`,
};

/** JSON's own null, which is shown as NULL is. */
export const isKeptNull = (column: string, placeholder: string): string =>
  `(${placeholder} IS NULL AND JSON_TYPE(${column}) = 'NULL')`;

const at = (c: string, { path }: JsonPlace): string => `JSON_EXTRACT(${c}, ${path()})`;

/** An index is taken of anything else as of an array of one, so an array must stand there. */
const arraysOf = (c: string, { arrays }: JsonPlace): string =>
  [`JSON_VALID(${c})`, ...arrays().map((array) => `JSON_TYPE(JSON_EXTRACT(${c}, ${array})) = 'ARRAY'`)].join(" AND ");

/** `condition THEN value`. MySQL's JSON knows dates and times as well, which read as text. */
function formOf(form: JsonForm, value: () => string): string {
  const is = (types: string) => `JSON_TYPE(${value()}) ${types}`;
  const text = () => `JSON_UNQUOTE(${value()})`;
  switch (form) {
    case "value":
      return `${is("<> 'NULL'")} THEN ${text()}`;
    case "text":
      return `${is(`NOT IN (${NOTHING})`)} THEN ${text()}`;
    case "string":
      return `${is(`NOT IN (${NOTHING}, ${NUMBERS})`)} THEN ${text()}`;
    case "number":
      return `${is(`IN (${NUMBERS})`)} THEN CAST(${text()} AS DECIMAL(65, 20))`;
  }
}
