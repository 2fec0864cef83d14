// What an UPDATE sets a column to: who sends a whole record back has not changed what shows the same, however it is kept.
import type { ColumnType } from "../../schema/schema.js";
import { asWritten, isMoment, withoutFraction } from "./shown.js";
import { BYTES } from "./statements.js";

/** `Dialect.assigned`. */
export function kept(column: string, placeholder: string, bound: string, type: ColumnType): string {
  const same = sameAs(column, placeholder, type);
  return same === undefined ? bound : `CASE WHEN ${same} THEN ${column} ELSE ${bound} END`;
}

const infinite = "WHEN 'Infinity' THEN 9e999 WHEN '-Infinity' THEN -9e999";

function sameAs(c: string, placeholder: string, type: ColumnType): string | undefined {
  if (isMoment(type)) return `${asWritten(c, type)} = ${placeholder}`;
  if (type.kind === "json") return sameJson(c, placeholder);
  if (!type.loose) return undefined;
  const bytes = `${c} >= x'' AND sapwood_base64(${c}) = ${placeholder}`;
  switch (type.kind) {
    case "text":
    case "other":
      return bytes;
    case "any":
      return `${bytes} OR ${c} = CASE ${placeholder} ${infinite} END`;
    case "uuid":
      return `lower(${c}) = ${placeholder}`;
    case "time":
      return `${placeholder} IN (${withoutFraction(c)}, ${c} || ':00')`;
    case "binary":
      return `typeof(${c}) = 'text' AND ${BYTES}(${c}) = ${placeholder}`;
    default:
      return undefined;
  }
}

/** What is no JSON is shown as a text. */
function sameJson(c: string, placeholder: string): string {
  const text = `CASE WHEN json_valid(${c}, 9) THEN json(${c}) ELSE json_quote(sapwood_base64(${c})) END`;
  return `${text} = json(${placeholder})`;
}
