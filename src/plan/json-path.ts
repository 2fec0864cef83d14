// A place in a column of JSON → its conditions and sortings. They mean the same on every database: a scalar is compared by its text, a number by
// its value; a missing place, JSON's null, objects and arrays are NULL to every operator but `is:`.

import { problem } from "../http/problem.js";
import type { PathStep } from "../request/json-path.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { type Comparing, containsText, itemsOf, likeCondition, matchCondition } from "./comparing.js";
import { type JsonForm, typeOfForm } from "./json-form.js";
import type { Comparison, Condition, JsonPath, Operand, Sorting, ValueIndex } from "./terms.js";
import { fromText } from "./value.js";
import type { Values } from "./values.js";

const { text: TEXT, number: NUMBER } = typeOfForm;

export function jsonComparing(column: Column, steps: readonly PathStep[], values: Values): Comparing {
  const place = jsonPlace(column, steps, values);
  const put = (text: string, form: JsonForm): ValueIndex => {
    const type = typeOfForm[form];
    const typed = fromText(text, type);
    if (typed.ok) return values.add({ value: typed.value, type });
    throw problem("invalid_filter", `${fieldOf(column)} ${typed.message}.`);
  };
  const ordered = (operator: Comparison, text: string, form: JsonForm): Condition => ({
    type: "compare",
    column: place(form),
    operator,
    value: put(text, form),
  });
  const equal = (texts: readonly string[]): Condition => {
    const numbers = texts.filter(isNumber);
    const among = (form: JsonForm, some: readonly string[]): Condition => ({
      type: "in",
      column: place(form),
      values: some.map((text) => put(text, form)),
      negated: false,
    });
    // No number's text is equal to a text that is no number.
    if (numbers.length === 0) return among("text", texts);
    // Each guarded by the other's NULL, so that the whole is unknown only where both are: then it can be negated.
    return any([
      all([among("number", numbers), isNull(place("string"))]),
      all([among("string", texts), isNull(place("number"))]),
    ]);
  };
  const holding = (texts: readonly string[]): Condition => {
    const items = texts.map((item) => ({
      string: put(item, "string"),
      ...(isNumber(item) ? { number: put(item, "number") } : {}),
    }));
    return { type: "holds", column: place("value"), items };
  };
  const not = (condition: Condition): Condition => ({ type: "not", where: [condition] });
  return {
    null: (negated) => ({ type: "null", column: place("value"), negated }),
    compare(operator, text) {
      if (operator === "eq") return equal([text]);
      if (operator === "ne") return not(equal([text]));
      return ordered(operator, text, isNumber(text) ? "number" : "string");
    },
    in(texts, negated) {
      if (texts.length === 0) return { type: "in", column: place("text"), values: [], negated };
      return negated ? not(equal(texts)) : equal(texts);
    },
    between(low, high) {
      const form = isNumber(low) && isNumber(high) ? "number" : "string";
      return [ordered("gte", low, form), ordered("lte", high, form)];
    },
    contains(text) {
      const array = holding(itemsOf(text));
      // A whole document is no text.
      if (steps.length === 0) return array;
      const here = isNull(place("text"));
      return any([all([containsText(place("text"), text, values), { ...here, negated: true }]), all([array, here])]);
    },
    overlaps(text) {
      const items = itemsOf(text);
      // Unknown is what is no array, also of nothing that it could hold.
      return items.length === 0 ? not(holding([])) : any(items.map((item) => holding([item])));
    },
    containedBy() {
      throw problem("invalid_filter", "containedby: compares columns that are arrays or ranges, and no JSON.");
    },
    like: (pattern, matchCase) => likeCondition(place("text"), pattern, matchCase, values),
    match: (pattern, matchCase) => matchCondition(place("text"), pattern, matchCase, values),
    distinct: (text) => any([not(equal([text])), isNull(place("text"))]),
    search() {
      throw problem("invalid_filter", `fts: searches columns of text, and no places in JSON.`);
    },
  };
}

/** Ascending: NULL, then texts, then numbers; `nulls` may stand on the other side. */
export function jsonSortings(
  column: Column,
  steps: readonly PathStep[],
  sorted: Omit<Sorting, "column">,
  values: Values,
): Sorting[] {
  const place = jsonPlace(column, steps, values);
  const usual = { ...sorted, nullsFirst: !sorted.descending };
  const apart =
    sorted.nullsFirst === usual.nullsFirst
      ? []
      : [{ ...sorted, column: place("text"), missing: true, descending: sorted.nullsFirst }];
  return [...apart, { ...usual, column: place("number") }, { ...usual, column: place("string") }];
}

/** The place in each form that is asked for; what the forms share is one value. */
export function jsonPlace(column: Column, steps: readonly PathStep[], values: Values): (form: JsonForm) => JsonPath {
  const path = (some: readonly PathStep[], form: JsonForm): ValueIndex =>
    values.add({ value: some, type: TEXT, path: form });
  const parent = path(steps.slice(0, -1), "value");
  const key = values.add({ value: String(steps.at(-1) ?? ""), type: TEXT });
  const arrays = steps.flatMap((step, i) => (typeof step === "number" ? [path(steps.slice(0, i), "value")] : []));
  return (form) => ({ column: column.name, as: form, path: path(steps, form), parent, key, arrays });
}

/** Written as a number, and one that every database compares exactly. */
const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) && fromText(text, NUMBER).ok;

const isNull = (column: Operand) => ({ type: "null", column, negated: false }) as const;
const all = (where: readonly Condition[]): Condition => ({ type: "all", where });
const any = (where: readonly Condition[]): Condition => ({ type: "any", where });
