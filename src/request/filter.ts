// One filter's text → its name, operator and values. Names are not resolved and values not typed yet.

import { excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import { misspelt } from "./misspelt.js";
import { type Operator, operatorTable, spellings, takesMany } from "./operators.js";

/** Holds for any of the values, or for all of them. */
export type Quantifier = "any" | "all";

export interface Filter {
  readonly type: "filter";
  /** A column's field name, or relations and a column joined by `.`, as written. */
  readonly name: string;
  /** `not.` stood before the operator. */
  readonly negated: boolean;
  readonly operator: Operator;
  /** One value; several for `in`, `nin` and behind a quantifier; two for `between`. */
  readonly values: readonly string[];
  /** `like.any:a%,b%` */
  readonly quantifier?: Quantifier;
  /** Of any column of text: what stands last in the name is no column. */
  readonly anywhere?: true;
  /** `fts(english):` */
  readonly language?: string;
  /** What stood behind `=`, when it began with a word and `:` that is no operator: the hint when the value does not fit. */
  readonly notOperator?: string;
}

/** Filters joined by `and` or `or`. */
export interface Logic {
  readonly type: "and" | "or";
  readonly negated: boolean;
  readonly parts: readonly FilterNode[];
}

export type FilterNode = Filter | Logic;

/** What stands on both sides of `=`: `id` and `not.in:1,2`. Of a list's values no more than one past `maxValues` is read. */
export function parseFilter(name: string, whole: string, maxValues: number): Filter {
  const negated = whole.startsWith("not.") && operatorIn(whole.slice(4)) !== undefined;
  const text = negated ? whole.slice(4) : whole;
  const found = operatorIn(text);
  const base = { type: "filter", name, negated } as const;
  if (found === undefined) {
    const mistake = misspelt(name, whole);
    if (mistake !== undefined) throw mistake;
    const [, notOperator] = /^([a-z]+):/i.exec(text) ?? [];
    return { ...base, operator: "eq", values: [text], ...(notOperator === undefined ? {} : { notOperator }) };
  }
  const { operator, value, language, quantifier } = found;
  const takes = operatorTable[operator].values;
  if (quantifier !== undefined) return { ...base, operator, values: splitList(value, maxValues), quantifier };
  if (takes === "list") return { ...base, operator, values: splitList(value, maxValues) };
  if (language !== undefined) return { ...base, operator, values: [value], language };
  if (takes === "one") return { ...base, operator, values: [value] };
  const values = splitList(value, 2);
  if (values.length !== 2) throw problem("malformed_query", `'${excerpt(name)}' needs two values: ${operator}:1,9.`);
  return { ...base, operator, values };
}

interface Said {
  readonly operator: Operator;
  readonly value: string;
  readonly language?: string;
  readonly quantifier?: Quantifier;
}

function operatorIn(text: string): Said | undefined {
  const colon = text.indexOf(":");
  const word = colon === -1 ? "" : text.slice(0, colon);
  const value = text.slice(colon + 1);
  const operator = spellings.get(word);
  if (operator !== undefined) return { operator, value };
  const [, plain = "", quantifier] = /^([a-z]+)\.(any|all)$/.exec(word) ?? [];
  const many = spellings.get(plain);
  if (many !== undefined && takesMany(many)) return { operator: many, value, quantifier: quantifier as Quantifier };
  const [, language] = /^fts\((.*)\)$/s.exec(word) ?? [];
  return language === undefined ? undefined : { operator: "fts", value, language };
}

/**
 * `1,2,"a,b"` → 1 | 2 | a,b. In quotes, `\` keeps the next character as it is. An empty text is an empty list. Reads one
 * more than `most` at the most, which is too many.
 */
export function splitList(text: string, most: number): string[] {
  if (text === "") return [];
  const values: string[] = [];
  let at = 0;
  while (at <= text.length && values.length <= most) {
    if (text[at] === '"') {
      let value = "";
      for (at++; text[at] !== '"'; at++) {
        if (at >= text.length) throw problem("malformed_query", `A double quote is not closed in '${excerpt(text)}'.`);
        if (text[at] === "\\") at++;
        value += text[at] ?? "";
      }
      at++;
      if (at < text.length && text[at] !== ",") {
        throw problem("malformed_query", `Behind a quoted value comes ',' or the end, in '${excerpt(text)}'.`);
      }
      values.push(value);
    } else {
      const comma = text.indexOf(",", at);
      const end = comma === -1 ? text.length : comma;
      values.push(text.slice(at, end));
      at = end;
    }
    at++;
  }
  return values;
}
