// What an UPDATE sets a column to: who sends a whole record back has not changed what shows the same.
import { isOfComposites } from "../../schema/document.js";
import type { ColumnType } from "../../schema/schema.js";
import { assignedWkt } from "./geometry.js";
import { documentOf } from "./shown.js";

/** `Dialect.assigned`. Equal numbers may have more or fewer zeros behind the point, which are shown; within jsonb too. */
export function assigned(column: string, placeholder: string, bound: string, type: ColumnType): string {
  if (type.geometry !== undefined) return assignedWkt(column, placeholder, type);
  const { kind, scale, native, element } = type;
  if (native === "json") return assignedJson(column, bound, (c) => c);
  if (isOfComposites(type))
    return assignedJson(column, `CAST(${placeholder} AS ${native})`, (c) => documentOf(c, type));
  const zeros = (kind === "decimal" && scale === undefined) || element?.kind === "decimal";
  if (native === "jsonb")
    return `CASE WHEN ${column} = ${bound} OR (${bound} IS NULL AND ${column} = 'null') THEN ${column} ELSE ${bound} END`;
  if (kind === "array") return assignedArray(column, bound, type, zeros);
  return zeros ? `CASE WHEN ${column} = ${bound} THEN ${column} ELSE ${bound} END` : bound;
}

/** An array may begin elsewhere than at 1 (`[2:4]={…}`), which is not shown and is no equal one. */
function assignedArray(column: string, bound: string, { native }: ColumnType, zeros: boolean): string {
  const same = `to_json(${column})::text = to_json(CAST(${bound} AS ${native}))::text`;
  return `CASE WHEN ${zeros ? `${column} = ${bound} OR ` : ""}${same} THEN ${column} ELSE ${bound} END`;
}

/**
 * As jsonb equal numbers have more or fewer zeros, too. What jsonb does not take
 * (https://www.postgresql.org/docs/current/datatype-json.html) is never cast to it.
 */
function assignedJson(column: string, bound: string, shown: (c: string) => string): string {
  // Behind a subquery a value is not looked at before the row is.
  const said = `(SELECT ${shown(bound)}::json)`;
  const held = shown(column);
  const same = `CASE WHEN ${isStrange(held)} OR ${isStrange(said)} THEN false ELSE ${held}::jsonb = ${said}::jsonb END`;
  const isNull = `${said} IS NULL AND CAST(${held} AS text) = 'null'`;
  return `CASE WHEN (${same}) OR (${isNull}) THEN ${column} ELSE ${bound} END`;
}

/** A column of json by what it says, without its spaces. */
export const jsonMeant = (c: string): string =>
  `CASE WHEN ${isStrange(c)} THEN to_jsonb(CAST(${c} AS text)) ELSE CAST(${c} AS jsonb) END`;

const isStrange = (c: string): string => `CAST(${c} AS text) ~* E'\\\\\\\\u(0000|d[89a-f])|[0-9]e[-+]?[0-9]{3}'`;
