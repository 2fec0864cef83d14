// A query string → what was asked for, in the grammar of contract 3.1. Names are not resolved and values not typed yet:
// a `Query` may still ask for columns that do not exist.
import { problem } from "../api/problem.js";
import { type FilterNode, parseFilter } from "./filter.js";
import { isLogic, parseLogic } from "./logic.js";
import { perhaps, shown } from "./nearest.js";

export interface OrderTerm {
  readonly name: string;
  readonly descending: boolean;
  /** Left out: NULL counts as the smallest value. */
  readonly nulls?: "first" | "last";
}

export interface Query {
  readonly filters: readonly FilterNode[];
  readonly order: readonly OrderTerm[];
  readonly limit?: number;
  readonly offset?: number;
  readonly count?: "exact";
}

export const parameters = ["order-by", "limit", "offset", "count"] as const;

const nothing: Query = { filters: [], order: [] };

/** Throws 400 `malformed_query`; `maxFilters` bounds what a client can pile up. */
export function parseQuery(text: string, maxFilters: number): Query {
  if (text === "") return nothing;
  const filters: FilterNode[] = [];
  let room = maxFilters;
  let order: OrderTerm[] = [];
  const query: { limit?: number; offset?: number; count?: "exact" } = {};
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const cut = pair.indexOf("=");
    const name = decode(cut === -1 ? pair : pair.slice(0, cut));
    const value = cut === -1 ? undefined : decode(pair.slice(cut + 1));
    if (value === undefined)
      throw problem("malformed_query", `'${shown(name)}' has no value: write ${shown(name)}=value.`);
    if (name === "order-by") order = order.concat(parseOrder(value));
    else if (name === "limit") query.limit = wholeNumber("limit", value, query.limit);
    else if (name === "offset") query.offset = wholeNumber("offset", value, query.offset);
    else if (name === "count") query.count = parseCount(value);
    else {
      const node = isLogic(name, value) ? parseLogic(name, value) : parseFilter(name, value);
      filters.push(node);
      room -= countFilters(node);
    }
    if (room < 0 || order.length > maxFilters) {
      throw problem(
        "too_complex",
        `At most ${maxFilters} filters and ${maxFilters} sorting columns are taken in one request.`,
      );
    }
  }
  return { filters, order, ...query };
}

const countFilters = (node: FilterNode): number =>
  node.type === "filter" ? 1 : node.parts.reduce((sum, part) => sum + countFilters(part), 0);

function parseOrder(text: string): OrderTerm[] {
  return text.split(",").map((item) => {
    const [name = "", ...words] = item.split(":");
    const term: { name: string; descending: boolean; nulls?: "first" | "last" } = { name, descending: true };
    if (name === "") throw problem("malformed_query", `order-by names columns: order-by=last_name:asc,id:desc.`);
    for (const [i, word] of words.entries()) {
      if (i === 0 && (word === "asc" || word === "desc")) term.descending = word === "desc";
      else if (i === words.length - 1 && word === "nullsfirst") term.nulls = "first";
      else if (i === words.length - 1 && word === "nullslast") term.nulls = "last";
      else {
        const hint = perhaps(word, ["asc", "desc", "nullsfirst", "nullslast"]);
        throw problem(
          "malformed_query",
          `order-by=${shown(item)}: behind a column comes asc or desc, then nullsfirst or nullslast.${hint}`,
        );
      }
    }
    return term;
  });
}

function wholeNumber(name: string, text: string, before: number | undefined): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw problem("malformed_query", `${name} is a whole number from 0 up, not '${shown(text)}'.`);
  }
  if (before !== undefined) throw problem("malformed_query", `${name} stands twice.`);
  return value;
}

function parseCount(text: string): "exact" {
  if (text === "exact") return text;
  throw problem("malformed_query", `count is exact, not '${shown(text)}'.`);
}

/** Form encoding: `+` is a space. Throws 400 where `%` is not followed by UTF-8 in hexadecimal. */
function decode(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw problem("malformed_query", `'${shown(text)}' is not percent-encoded UTF-8: write % as %25.`);
  }
}
