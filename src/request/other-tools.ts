// How other tools spell what a query string asks for → the hint with the spelling here.

import { spellings } from "./operators.js";

const SORT = "Sorting is order-by=name:asc.";
const PAGE = "A page is limit=20&offset=40, or the next link's after=….";
const FIELDS = "The fields are chosen by select=id,name, or select=-body for all but one.";
const RELATED = "Related rows are chosen by select=*,relation(*).";
const SEARCH = "A text is searched for by search=text, name=contains:text or name=fts:words.";
const FILTER = "A filter is name=operator:value, such as name=gt:5.";
const COUNT = "The total is asked for by count=exact.";

/** Parameters of other tools, in lower case and without `$`, `_` and `-`. */
const parameters: ReadonlyMap<string, string> = new Map(
  Object.entries({
    [SORT]: "sort sortby sortorder sortdir order orderby ordering",
    [PAGE]: "page pagesize perpage pagenumber size take top first last skip start end cursor rows range",
    [FIELDS]: "fields columns cols properties exclude omit",
    [RELATED]: "include includes expand embed with populate join related",
    [SEARCH]: "q query term keyword",
    [FILTER]: "filter filters where",
    [COUNT]: "total counttotal totalcount includecount",
  }).flatMap(([hint, words]) => words.split(" ").map((word) => [word, hint] as const)),
);

/** Operators of other tools, in lower case and without `_`; those that are spelled alike here need no row. */
const operators: ReadonlyMap<string, string> = new Map(
  Object.entries({
    neq: "ne",
    noteq: "ne",
    equals: "eq",
    notequals: "ne",
    notin: "nin",
    cs: "contains",
    ov: "overlaps",
    overlap: "overlaps",
    cd: "containedby",
    not: "ne",
    sw: "startswith",
    starts: "startswith",
    ew: "endswith",
    ends: "endswith",
    bt: "between",
    null: "is",
    nnull: "is",
    notnull: "is",
  }),
);

/** What a parameter that is no column means in other tools: a sentence, or nothing. `isColumn` knows the columns. */
export function parameterHint(name: string, isColumn: (name: string) => boolean): string {
  const [, bracketed = "", inside] = /^([^[\]]*)\[([^[\]]*)\]/.exec(name) ?? [];
  // `name[gt]=5`, and `page[size]=5`, `filter[name]=x`.
  if (inside !== undefined) return isColumn(bracketed) ? filterHint(bracketed, inside) : plainHint(bracketed);
  // `name__gt=5`, `name_gte=5`.
  const [, column = "", word = ""] = /^(.+?)__?([a-z]+)$/i.exec(name) ?? [];
  if (operatorCalled(word) !== undefined && isColumn(column)) return filterHint(column, word);
  return plainHint(name);
}

const plainHint = (name: string): string => parameters.get(bare(name)) ?? "";

function filterHint(column: string, word: string): string {
  const operator = operatorCalled(word);
  return operator === undefined
    ? FILTER
    : `Such a filter is ${column}=${operator}:${operator === "is" ? "null" : "…"}.`;
}

/** The operator here that other tools give this name, or a name alike: `neq`, `_gte`, `starts_with`. */
export function operatorCalled(word: string): string | undefined {
  const name = bare(word);
  return spellings.has(name) ? name : operators.get(name);
}

const bare = (word: string): string => word.toLowerCase().replace(/[$_-]/g, "");
