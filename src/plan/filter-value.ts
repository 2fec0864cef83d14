// The texts of a filter → values typed by its column, and patterns.
import { didYouMean, excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import type { Filter } from "../request/filter.js";
import { operators } from "../request/operators.js";
import { type Column, type ColumnType, fieldOf } from "../schema/schema.js";
import { TEXT } from "./comparing.js";
import { numberType } from "./key-value.js";
import { NUMBER } from "./row-segment.js";
import type { Value } from "./terms.js";
import { type Canonical, fromText } from "./value.js";

/** Typed by the column. Throws 400. */
export function valueOfText(filter: Filter, column: Column, text: string): Value {
  const type = filterType(column.type, text);
  return { value: readValue(filter, fieldOf(column), type, text), type };
}

/** In the form that the database is given it in. Throws 400, of a misspelt operator too. */
export function readValue(filter: Filter, field: string, type: ColumnType, text: string): Canonical {
  const typed = fromText(text, type);
  if (typed.ok) return typed.value;
  if (filter.notOperator === undefined)
    throw problem("invalid_filter", `${field} ${typed.message}.`, { errors: [{ field, message: typed.message }] });
  const hint = didYouMean(filter.notOperator, operators);
  throw problem(
    "unknown_operator",
    `'${excerpt(filter.notOperator)}' is no operator.${hint} The operators are ${operators.join(", ")}.`,
  );
}

/**
 * A filter's text may be longer than the column holds: it matches nothing, which is an answer. Where a column of no type
 * may hold either, what looks like a number is one: the count in a view is.
 */
function filterType(type: ColumnType, text: string): ColumnType {
  if (type.kind === "text" && type.length !== undefined) return { ...type, length: undefined };
  if (type.kind === "any" && NUMBER.test(text)) return numberType(text);
  return type;
}

/** Of `like:`. Throws 400. */
export function patternOf(filter: Filter, text: string): string {
  if (/(^|[^\\])(\\\\)*\\$/.test(text))
    throw problem("invalid_filter", `A pattern does not end with a single \\: write \\\\ for the character itself.`);
  return patternText(filter, text);
}

/** A text that is looked for. Throws 400. */
export function patternText(filter: Filter, text: string): string {
  const typed = fromText(text, TEXT);
  if (typed.ok) return text;
  throw problem("invalid_filter", `${filter.name} ${typed.message}.`);
}
