// How something is compared with a filter's texts: a column, a place in its JSON, each in its own way.

import { problem } from "../http/problem.js";
import { splitList } from "../request/filter.js";
import type { ColumnType } from "../schema/schema.js";
import type { Comparison, Condition, Operand } from "./terms.js";
import type { Values } from "./values.js";

export interface Comparing {
  null(negated: boolean): Condition;
  compare(operator: Comparison, text: string): Condition;
  in(texts: readonly string[], negated: boolean): Condition;
  between(low: string, high: string): Condition[];
  /** Text that stands in a text; what an array holds. */
  contains(text: string): Condition;
  /** An array or a range that has something in common with these, or nothing else. */
  overlaps(text: string): Condition;
  containedBy(text: string): Condition;
  /** `pattern` as `like:` writes it. */
  like(pattern: string, matchCase: boolean): Condition;
  /** `pattern` as a regular expression. */
  match(pattern: string, matchCase: boolean): Condition;
  /** Another value, or nothing that could be compared. */
  distinct(text: string): Condition;
  search(): Condition;
}

export const TEXT: ColumnType = { kind: "text", native: "text" };

export function likeCondition(column: Operand, pattern: string, matchCase: boolean, values: Values): Condition {
  const value = values.add({ value: pattern, type: TEXT, pattern: { matchCase } });
  return { type: "like", column, matchCase, value };
}

export function matchCondition(column: Operand, pattern: string, matchCase: boolean, values: Values): Condition {
  return { type: "match", column, matchCase, value: values.add({ value: pattern, type: TEXT, regular: true }) };
}

/** A text that stands somewhere in the column's. */
export const containsText = (column: Operand, text: string, values: Values): Condition =>
  likeCondition(column, `%${literalPattern(text)}%`, true, values);

/** Values that one `contains:` looks for in a list: in JSON each is a subquery. */
const MAX_ITEMS = 50;

/** Throws 400 where there are too many. */
export function itemsOf(text: string): string[] {
  const list = splitList(text, MAX_ITEMS);
  if (list.length <= MAX_ITEMS) return list;
  throw problem("too_complex", `contains: takes at most ${MAX_ITEMS} values here, and this has more.`);
}

/** A text as a pattern that only it fits. */
export const literalPattern = (text: string): string => text.replace(/[\\%_]/g, "\\$&");
