// What SQL says by itself (ISO/IEC 9075): a dialect begins with these, and says what is otherwise with it.
import type { Dialect } from "./dialect.js";
import { jsonPathText } from "./json-path.js";

export const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** One ORDER BY item, where NULLS FIRST and NULLS LAST are known. `nullIs`: where NULL stands when nothing is said of it. */
export const orderWithNulls =
  (nullIs: "smallest" | "largest"): Dialect["order"] =>
  (expression, descending, nullsFirst, nullable) => {
    const direction = `${expression} ${descending ? "DESC" : "ASC"}`;
    const isMeant = nullsFirst === (nullIs === "smallest" ? !descending : descending);
    return !nullable || isMeant ? direction : `${direction} NULLS ${nullsFirst ? "FIRST" : "LAST"}`;
  };

/** A SELECT of one JSON text a row, for a database that knows no quicker way to one. */
export const selectJsonBy =
  (jsonObject: Dialect["jsonObject"]): Dialect["selectJson"] =>
  (fields, rest, second) =>
    `SELECT ${jsonObject(fields)}${second === undefined ? "" : `, ${second}`} ${rest}`;

/** A function of a value, called by the places of its arguments. */
export const callOfValue =
  (quoted: Dialect["quote"]): Dialect["callSource"] =>
  ({ name, arguments: given }, alias) =>
    `(SELECT ${name}(${given.map((text) => text ?? "NULL").join(", ")}) AS ${quoted("value")}) ${alias}`;

export const standard = {
  quote,
  placeholder: () => "?",
  bind: (placeholder) => placeholder,
  encode: (value) => value ?? null,
  comparable: (expression) => expression,
  sortable: (expression) => expression,
  truth: (expression, is) => `${expression} ${is ? "<>" : "="} 0`,
  // It has these of years, months, days and hours.
  datePart: (part, expression) => `EXTRACT(${part} FROM ${expression})`,
  likePattern: (pattern) => pattern,
  jsonPath: jsonPathText,
  limit: (limit, offset) =>
    (limit === undefined ? "" : ` LIMIT ${limit}`) + (offset === undefined ? "" : ` OFFSET ${offset}`),
  lock: { hint: "", clause: "" },
  returning: { insert: false, update: false },
  defaultOf: () => "DEFAULT",
  addExact: (expression, placeholder) => `${expression} + ${placeholder}`,
  insertDefaults: "DEFAULT VALUES",
  ignoreConflict: () => "ON CONFLICT DO NOTHING",
  ignoresByKey: true,
  argument: (placeholder) => placeholder,
  callSource: callOfValue(quote),
  // A comment may end the SELECT. What has a name for its only column: the first SELECT of a UNION says it.
  writtenSource: (select, alias, isValue) =>
    isValue
      ? `(SELECT NULL AS value WHERE 1 = 0 UNION ALL SELECT * FROM (${select}\n) written) ${alias}`
      : `(${select}\n) ${alias}`,
  callStatement: ({ name, arguments: given }) => `CALL ${name}(${given.map((text) => text ?? "NULL").join(", ")})`,
} satisfies Partial<Dialect>;
