// A query string → what was asked for, in the grammar of contract 3.1. Names are not resolved and values not typed yet:
// a `Query` may still ask for columns that do not exist.

import { didYouMean, excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import { parseStart, type Start } from "./cursor.js";
import { type FilterNode, parseFilter } from "./filter.js";
import { isLogic, type LogicLimits, parseHaving, parseLogic, tooManyFilters } from "./logic.js";
import { parseSearchBox } from "./search-box.js";
import { parseSelect, relationsIn, type Select } from "./select.js";

export interface OrderTerm {
  readonly name: string;
  readonly descending: boolean;
  /** Left out: NULL counts as the smallest value. */
  readonly nulls?: "first" | "last";
}

export interface Query {
  readonly select?: Select;
  readonly filters: readonly FilterNode[];
  readonly order: readonly OrderTerm[];
  readonly limit?: number;
  readonly offset?: number;
  readonly count?: "exact" | "estimated";
  /** The rows stand in an object that says what they are a part of; a count stands in it. */
  readonly envelope?: boolean;
  /** The filters as they were written, those of relations too: names and values. */
  readonly said: readonly (readonly [string, string])[];
  /** A cursor, which the page begins behind or ends before. */
  readonly start?: Start;
  /** Conditions on the groups that aggregates make. */
  readonly having?: readonly FilterNode[];
  /** What is asked of each relation in `select`, by the field that shows it: `tracks.limit=5` under `tracks`. */
  readonly embedded: ReadonlyMap<string, Query>;
}

/** How much a client can pile up in one request. */
export interface QueryLimits extends LogicLimits {
  readonly maxEmbedDepth: number;
  readonly maxEmbeds: number;
}

export const parameters = [
  "select",
  "order-by",
  "limit",
  "offset",
  "after",
  "before",
  "count",
  "envelope",
  "having",
  "search",
] as const;

/** Behind a relation it is the number of its rows: `tracks.count()`. */
export const ROW_COUNT = "count()";

const nothing: Query = { filters: [], order: [], embedded: new Map(), said: [] };

/** Throws 400 `malformed_query`, or `too_complex` past the limits. */
export function parseQuery(text: string, limits: QueryLimits): Query {
  if (text === "") return nothing;
  requireFewPairs(text, limits);
  const query = readPairs(pairsOf(text), undefined, limits);
  requireRoom(query, limits.maxFilters);
  return query;
}

export interface Pair {
  /** Without the names of the relations that it is asked of. */
  readonly name: string;
  readonly value: string;
}

/** What stands between `&`, decoded; the first ones where that is enough. */
export const pairsOf = (text: string, most?: number): Pair[] =>
  text
    .split("&", most)
    .filter((pair) => pair !== "")
    .map(pairOf);

function pairOf(pair: string): Pair {
  const cut = pair.indexOf("=");
  const name = decode(cut === -1 ? pair : pair.slice(0, cut));
  if (cut === -1) throw problem("malformed_query", `'${excerpt(name)}' has no value: write ${excerpt(name)}=value.`);
  return { name, value: decode(pair.slice(cut + 1)) };
}

/** `embedded` is set for what is asked of a relation, whose names begin with `path`: its `select` stands within the parent's. */
function readPairs(
  pairs: readonly Pair[],
  embedded: Select | undefined,
  limits: QueryLimits,
  path = "",
  said: [string, string][] = [],
): Query {
  const filters: FilterNode[] = [];
  const having: FilterNode[] = [];
  const order: OrderTerm[] = [];
  const query: {
    select?: Select;
    limit?: number;
    offset?: number;
    count?: "exact" | "estimated";
    envelope?: boolean;
    having?: FilterNode[];
    start?: Start;
  } = {};
  const selects = embedded === undefined ? pairs.filter(({ name }) => name === "select") : [];
  if (selects.length > 1) throw problem("malformed_query", "select stands twice.");
  const select = embedded ?? (selects[0] && parseSelect(selects[0].value, limits.maxEmbedDepth, limits.maxEmbeds));
  if (select !== undefined) query.select = select;
  const relations = relationsIn(select);
  const theirs = new Map([...relations.keys()].map((field) => [field, [] as Pair[]]));
  for (const { name, value } of pairs) {
    const dot = name.indexOf(".");
    const rest = name.slice(dot + 1);
    const of = dot === -1 || rest === ROW_COUNT ? undefined : theirs.get(name.slice(0, dot));
    if (of !== undefined) of.push({ name: rest, value });
    else if (name === "select" && embedded === undefined) continue;
    else if (name === "order-by") order.push(...parseOrder(value, limits.maxFilters));
    else if (name === "having") having.push(parseHaving(value, limits));
    else if (name === "limit") query.limit = wholeNumber("limit", value, query.limit);
    else if (name === "offset") query.offset = wholeNumber("offset", value, query.offset);
    else if ((name === "after" || name === "before") && embedded === undefined)
      query.start = parseStart(name, value, query.start);
    else if (name === "count" && embedded === undefined) query.count = parseCount(value);
    else if (name === "envelope" && embedded === undefined) query.envelope = parseEnvelope(value);
    else {
      filters.push(filterIn(name, value, limits));
      said.push([path + name, value]);
    }
  }
  const asked = [...relations].map(
    ([field, { select }]) =>
      [field, readPairs(theirs.get(field) as Pair[], select, limits, `${path}${field}.`, said)] as const,
  );
  if (having.length > 0) query.having = having;
  if (query.start !== undefined && query.offset !== undefined)
    throw problem("malformed_query", "A page begins at a cursor or at an offset: leave one of them out.");
  // A total belongs to the envelope, however little it was asked for.
  if (query.envelope) query.count ??= "exact";
  return { filters, order, ...query, embedded: new Map(asked), said };
}

function filterIn(name: string, value: string, limits: LogicLimits): FilterNode {
  if (name === "search") return parseSearchBox(value);
  return isLogic(name, value) ? parseLogic(name, value, limits) : parseFilter(name, value, limits.maxValues);
}

/** Every filter and sorting column by itself, and all parameters of each relation: what has more is over a limit, whatever it says. */
export function requireFewPairs(text: string, { maxFilters, maxEmbeds }: QueryLimits): void {
  const most = 2 * maxFilters + parameters.length * (maxEmbeds + 1);
  let at = text.indexOf("&");
  for (let pairs = 1; at !== -1; pairs++) {
    if (pairs >= most) throw tooManyFilters(maxFilters);
    at = text.indexOf("&", at + 1);
  }
}

/** One room for the whole request, however deep its filters and sortings stand. */
function requireRoom(query: Query, most: number): void {
  const sum = (count: (query: Query) => number, of: Query): number =>
    count(of) + [...of.embedded.values()].reduce((total, inner) => total + sum(count, inner), 0);
  const filters = sum(
    ({ filters, having = [] }) => [...filters, ...having].reduce((total, node) => total + countFilters(node), 0),
    query,
  );
  if (filters <= most && sum(({ order }) => order.length, query) <= most) return;
  throw tooManyFilters(most);
}

/** Each value behind a quantifier is a condition of its own. */
const countFilters = (node: FilterNode): number =>
  node.type === "filter"
    ? node.quantifier === undefined
      ? 1
      : node.values.length
    : node.parts.reduce((sum, part) => sum + countFilters(part), 0);

/** One more than so many at the most, which is too many. */
function parseOrder(text: string, most: number): OrderTerm[] {
  return text.split(",", most + 1).map((item) => {
    const [name = "", ...words] = item.split(":");
    const term: { name: string; descending: boolean; nulls?: "first" | "last" } = { name, descending: true };
    if (item.includes("::"))
      throw problem(
        "malformed_query",
        `order-by=${excerpt(item)}: types stand in select. Rows are sorted by the column itself.`,
      );
    if (name === "") throw problem("malformed_query", `order-by names columns: order-by=last_name:asc,id:desc.`);
    for (const [i, word] of words.entries()) {
      if (i === 0 && (word === "asc" || word === "desc")) term.descending = word === "desc";
      else if (i === words.length - 1 && word === "nullsfirst") term.nulls = "first";
      else if (i === words.length - 1 && word === "nullslast") term.nulls = "last";
      else {
        const hint = didYouMean(word, ["asc", "desc", "nullsfirst", "nullslast"]);
        throw problem(
          "malformed_query",
          `order-by=${excerpt(item)}: behind a column comes asc or desc, then nullsfirst or nullslast.${hint}`,
        );
      }
    }
    return term;
  });
}

/** No list is as long as the largest that can be told exactly. */
function wholeNumber(name: string, text: string, before: number | undefined): number {
  if (!/^\d+$/.test(text))
    throw problem("malformed_query", `${name} is a whole number from 0 up, not '${excerpt(text)}'.`);
  if (before !== undefined) throw problem("malformed_query", `${name} stands twice.`);
  return Math.min(Number(text), MOST_ROWS);
}

const MOST_ROWS = 2 ** 48;

function parseEnvelope(text: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw problem("malformed_query", `envelope is true or false, not '${excerpt(text)}'.`);
}

function parseCount(text: string): "exact" | "estimated" {
  if (text === "exact" || text === "estimated") return text;
  throw problem("malformed_query", `count is exact or estimated, not '${excerpt(text)}'.`);
}

/** Form encoding: `+` is a space. Throws 400 where `%` is not followed by UTF-8 in hexadecimal. */
function decode(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw problem("malformed_query", `'${excerpt(text)}' is not percent-encoded UTF-8: write % as %25.`);
  }
}
