// One filter on a column or a place in its JSON → its condition, values typed.

import { excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import type { Filter, Quantifier } from "../request/filter.js";
import type { TableLookup } from "../schema/lookup.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { isHeld } from "./charset.js";
import type { FoundColumn } from "./column-names.js";
import { type Comparing, containsText, likeCondition, literalPattern, matchCondition, TEXT } from "./comparing.js";
import { patternOf, patternText, readValue, valueOfText } from "./filter-value.js";
import type { HeldTexts } from "./held-texts.js";
import { jsonComparing } from "./json-path.js";
import { looseComparing } from "./loose-comparing.js";
import { NUMBER } from "./row-segment.js";
import { planSearch, type Searching } from "./search.js";
import { refuseSet, setCondition } from "./sets.js";
import type { Comparison, Condition, SetComparison } from "./terms.js";
import { isTrue, truthIn, truthOf } from "./truth.js";
import type { Values } from "./values.js";

export interface FilterLimits {
  /** The most values of one `in:` or `nin:`. */
  readonly maxValues: number;
  /** The most words of one `fts:`. */
  readonly maxWords: number;
}

/** The table that a filter stands on, and what the database can search. */
export interface FilterPlace {
  readonly entry: TableLookup;
  readonly searching: Searching | undefined;
  readonly limits: FilterLimits;
  readonly held: HeldTexts | undefined;
}

/** Throws 400. */
export function planFilter(filter: Filter, found: FoundColumn, place: FilterPlace, values: Values): Condition[] {
  if (filter.quantifier !== undefined) return [planEach(filter, found, place, values)];
  const { type, name } = found.column;
  const held = filter.values.filter((text) => isHeld(text, type.element ?? type));
  if (held.length === filter.values.length) return planHeld(filter, found, place, values);
  if (filter.operator === "ne" || (filter.operator === "nin" && held.length === 0))
    return [{ type: "null", column: name, negated: true }];
  if (filter.operator === "isdistinct") return [ALWAYS(name)];
  const isList = filter.operator === "in" || filter.operator === "nin";
  return isList ? planHeld({ ...filter, values: held }, found, place, values) : [{ type: "never" }];
}

/** `like.any:a%,b%`: as many filters as values. Of no values none is met by any row, and all of them by each. */
function planEach(
  { quantifier, ...filter }: Filter,
  found: FoundColumn,
  place: FilterPlace,
  values: Values,
): Condition {
  const where = filter.values.flatMap((value) => planFilter({ ...filter, values: [value] }, found, place, values));
  if (where.length === 0) return quantifier === "any" ? { type: "never" } : ALWAYS(found.column.name);
  return { type: quantifier as Quantifier, where };
}

/** Not among no values: every row, those with NULL as well. */
const ALWAYS = (column: string): Condition => ({ type: "in", column, values: [], negated: true });

/** Of texts that the column can hold. */
function planHeld(filter: Filter, { column, steps }: FoundColumn, place: FilterPlace, values: Values): Condition[] {
  const { entry, searching, limits } = place;
  const { maxValues, maxWords } = limits;
  const search = () => planSearch(filter, column, { entry, searching, maxWords }, values);
  const comparing =
    steps === undefined ? columnComparing(filter, column, place, search, values) : jsonComparing(column, steps, values);
  const { operator } = filter;
  const [first = "", second = ""] = filter.values;
  const like = (pattern: string, matchCase = true) => [comparing.like(patternOf(filter, pattern), matchCase)];
  switch (operator) {
    case "is":
      return [comparing.null(isPresent(filter))];
    case "in":
    case "nin": {
      const { length } = filter.values;
      if (length > maxValues)
        throw problem("too_complex", `${operator}: takes at most ${maxValues} values, and this has more.`);
      return length === 0 && operator === "in"
        ? [{ type: "never" }]
        : [comparing.in(filter.values, operator === "nin")];
    }
    case "between":
      return comparing.between(first, second);
    case "like":
    case "ilike":
      return like(first, operator === "like");
    case "contains":
      return [comparing.contains(patternText(filter, first))];
    case "overlaps":
      return [comparing.overlaps(first)];
    case "containedby":
      return [comparing.containedBy(first)];
    case "icontains":
      return like(`%${literalPattern(first)}%`, false);
    case "startswith":
    case "istartswith":
      return like(`${literalPattern(first)}%`, operator === "startswith");
    case "endswith":
    case "iendswith":
      return like(`%${literalPattern(first)}`, operator === "endswith");
    case "fts":
      return [comparing.search()];
    case "isdistinct":
      return [comparing.distinct(first)];
    case "match":
    case "imatch":
      requireMatching(first, searching);
      // MySQL takes no empty expression, which every text meets.
      if (first === "") return [comparing.null(true)];
      return [comparing.match(patternText(filter, first), operator === "match")];
    default:
      return [comparing.compare(operator, first)];
  }
}

/** `is:null` or `is:notnull`: is something to be there? Throws 400. */
export function isPresent({ name, values: [said = ""] }: Filter): boolean {
  if (said === "null" || said === "notnull") return said === "notnull";
  throw problem("invalid_filter", `'${name}=is:' takes null or notnull, not '${excerpt(said)}'.`);
}

const LONGEST_EXPRESSION = 1000;

function requireMatching(pattern: string, searching: Searching | undefined): void {
  if (searching === undefined)
    throw problem("invalid_filter", "match: looks at a table's rows, and not at the groups that are made of them.");
  if (!searching.matches)
    throw problem("not_supported", "This database knows no regular expressions: use like: or contains:.");
  if (pattern.length > LONGEST_EXPRESSION)
    throw problem("too_complex", `A regular expression has at most ${LONGEST_EXPRESSION} characters.`);
}

function columnComparing(
  filter: Filter,
  column: Column,
  { entry, held }: FilterPlace,
  search: () => Condition,
  values: Values,
): Comparing {
  const typed = typedComparing(filter, column, search, values);
  if (!column.type.loose || held === undefined) return typed;
  const read = (text: string) => valueOfText(filter, column, text);
  return { ...typed, ...looseComparing(column, read, { table: entry.table.id, held }, values) };
}

function typedComparing(filter: Filter, column: Column, search: () => Condition, values: Values): Comparing {
  const { name } = column;
  const isJson = column.type.kind === "json";
  const typed = (text: string) => typedValue(filter, column, text, values);
  const set = (how: SetComparison, text: string) =>
    setCondition(how, column, text, (type, item) => readValue(filter, fieldOf(column), type, item), values);
  // What is a number in a column of no type may stand there as a text as well.
  const spellings = (text: string) =>
    column.type.kind === "any" && column.type.loose && NUMBER.test(text)
      ? [typed(text), values.add({ value: text, type: TEXT })]
      : [typed(text)];
  const compare = (operator: Comparison, text: string): Condition => {
    const truth = column.type.numeric
      ? truthOf(operator, readValue(filter, fieldOf(column), column.type, text))
      : undefined;
    if (truth !== undefined) return isTrue(name, truth, values);
    const both = operator === "eq" || operator === "ne" ? spellings(text) : [typed(text)];
    const [value = 0] = both;
    if (both.length > 1) return { type: "in", column: name, values: both, negated: operator === "ne" };
    return { type: "compare", column: name, operator, value };
  };
  return {
    null: (negated) => ({ type: "null", column: name, negated }),
    compare,
    in: (texts, negated) =>
      column.type.numeric && texts.length > 0
        ? truthIn(
            texts.map((text) => compare("eq", text)),
            negated,
          )
        : { type: "in", column: name, values: texts.flatMap(spellings), negated },
    between: (low, high) => [compare("gte", low), compare("lte", high)],
    contains(text) {
      if (isJson) return jsonComparing(column, [], values).contains(text);
      return set("contains", text) ?? containsText(ofTexts(filter, column), text, values);
    },
    overlaps(text) {
      if (isJson) return jsonComparing(column, [], values).overlaps(text);
      return set("overlaps", text) ?? refuseSet("overlaps", column);
    },
    containedBy(text) {
      if (isJson) return jsonComparing(column, [], values).containedBy(text);
      return set("containedby", text) ?? refuseSet("containedby", column);
    },
    like: (pattern, matchCase) => likeCondition(ofTexts(filter, column), pattern, matchCase, values),
    match: (pattern, matchCase) => matchCondition(ofTexts(filter, column), pattern, matchCase, values),
    distinct: (text) => ({
      type: "any",
      where: [compare("ne", text), { type: "null", column: name, negated: false }],
    }),
    search,
  };
}

/** A geometry is kept as no text: what a pattern would meet is the database's own bytes. Throws 400. */
function ofTexts(filter: Filter, column: Column): string {
  if (column.type.geometry === undefined) return column.name;
  throw problem(
    "invalid_filter",
    `'${filter.name}=${filter.operator}:' looks at texts, and ${fieldOf(column)} holds geometries: they are compared as a whole.`,
  );
}

const typedValue = (filter: Filter, column: Column, text: string, values: Values): number =>
  values.add(valueOfText(filter, column, text));
