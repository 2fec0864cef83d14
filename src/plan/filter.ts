// Filters and sorting as asked for → conditions and sortings on this table: names resolved, values typed by their column.

import { didYouMean, excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import type { Filter, FilterNode } from "../request/filter.js";
import { beforeArrows } from "../request/json-path.js";
import { type OrderTerm, parameters, ROW_COUNT } from "../request/query.js";
import type { AnyRelation } from "../routes/tree.js";
import { hasRowNumber, type Lookup, ROW_NUMBER, type TableLookup, tableOf } from "../schema/lookup.js";
import { type FoundColumn, listOfNames, type RelationNames, relationsFrom, resolve } from "./column-names.js";
import { type FilterLimits, type FilterPlace, isPresent, planFilter } from "./condition.js";
import { filteredPart, partNamed } from "./date-part-named.js";
import { related, toOther } from "./has-related.js";
import type { HeldTexts } from "./held-texts.js";
import { jsonSortings } from "./json-path.js";
import { mergeAll, mergeAny } from "./merge-related.js";
import { misread } from "./misplaced-name.js";
import { countOf, planCount } from "./related-count.js";
import { keepUnknown, type Searching } from "./search.js";
import { planSearchBox } from "./search-box.js";
import type { Condition, CountOf, Hop, PartOfDate, Sorting } from "./terms.js";
import type { Values } from "./values.js";

/** The most relations in one name: `a.b.c.d.e.column`. */
export const MAX_STEPS = 5;

export interface PlanLimits extends FilterLimits {
  readonly defaultLimit: number;
  readonly maxLimit: number;
}

/** What names may mean: a table's columns, and the relations that lead on from it. */
export interface Names extends RelationNames {
  readonly lookup: Lookup;
  /** What one query may ask for. */
  readonly limits: PlanLimits;
  /** Left out where names are those of groups. */
  readonly searching?: Searching;
  /** Texts of filters that are none of their columns' values, and are shown by rows all the same. */
  readonly held?: HeldTexts | undefined;
}

/** All filters, joined by AND. */
export function planFilters(
  nodes: readonly FilterNode[],
  entry: TableLookup,
  names: Names,
  values: Values,
): Condition[] {
  const planned = nodes.flatMap((node) => {
    if (node.type === "filter") return planPath(node, node.name, entry, names, values);
    const parts = node.parts.map((part) => together(planFilters([part], entry, names, values)));
    const where = node.type === "and" ? mergeAll(parts, names.lookup) : mergeAny(parts);
    return negate([{ type: node.type === "and" ? "all" : "any", where }], node.negated);
  });
  return mergeAll(planned, names.lookup);
}

const negate = (where: Condition[], negated: boolean): Condition[] =>
  negated ? [{ type: "not", where: where.map(keepUnknown) }] : where;

const together = (where: Condition[]): Condition =>
  where.length === 1 ? (where[0] as Condition) : { type: "all", where };

/** A column's own name wins over a path of the same spelling. */
function planPath(filter: Filter, name: string, entry: TableLookup, names: Names, values: Values): Condition[] {
  const step = nextRelation(name, entry, names);
  if (step === undefined) return planName(filter, name, entry, names, values);
  if (step.rest === ROW_COUNT) {
    const counted = planCount(filter, step.relation, placeOf(entry, names), values);
    return negate(counted, filter.negated);
  }
  const target = tableOf(names.lookup, step.relation.table);
  return [related(step.relation, planPath(filter, step.rest, target, names, values))];
}

const placeOf = (entry: TableLookup, { searching, limits, held }: Names): FilterPlace => ({
  entry,
  searching,
  limits,
  held,
});

function planName(filter: Filter, name: string, entry: TableLookup, names: Names, values: Values): Condition[] {
  const place = placeOf(entry, names);
  if (filter.anywhere) return [planSearchBox(filter, place, values)];
  const relations = filter.operator === "is" ? relationsFrom(entry, names) : undefined;
  const relation = entry.readable.has(name) ? undefined : relations?.get(name);
  if (relation !== undefined) return planPresence(filter, relation);
  const mistake = misread(filter.name, name, entry, names);
  if (mistake !== undefined) throw mistake;
  return negate(
    planFilter(filter, resolve(name, entry, [...parameters, ...(relations?.keys() ?? [])]), place, values),
    filter.negated,
  );
}

/** `album=is:null`: there is no related row. */
const planPresence = (filter: Filter, relation: AnyRelation): Condition[] =>
  negate([related(relation, [])], filter.negated === isPresent(filter));

/** `album.artist.name` → the relation `album`, and `artist.name` behind it; nothing where a column is named already. */
function nextRelation(
  name: string,
  entry: TableLookup,
  names: Names,
): { relation: AnyRelation; rest: string } | undefined {
  if (entry.readable.has(name)) return undefined;
  const path = beforeArrows(name);
  const dot = path.indexOf(".");
  if (dot === -1 || entry.readable.has(path)) return undefined;
  if (path.split(".").length > MAX_STEPS + 1) {
    throw problem("too_complex", `A name leads through at most ${MAX_STEPS} relations.`);
  }
  const relations = relationsFrom(entry, names);
  const first = name.slice(0, dot);
  const relation = relations.get(first);
  if (relation !== undefined) return { relation, rest: name.slice(dot + 1) };
  const part = filteredPart(name, entry, relations);
  if (part !== undefined) throw part;
  const known = relations.size === 0 ? "It has no relations." : `Its relations are ${listOfNames(relations.keys())}.`;
  const hint = didYouMean(first, relations.keys());
  // `total.sum()` is no misspelt relation.
  const mistake = hint === "" && name.endsWith("()") ? misread(name, name, entry, names) : undefined;
  if (mistake !== undefined) throw mistake;
  throw problem("unknown_relation", `${entry.label} has no relation '${excerpt(first)}'.${hint} ${known}`);
}

const keyOrders = new WeakMap<TableLookup, readonly Sorting[]>();

function keyOrder(entry: TableLookup): readonly Sorting[] {
  const known = keyOrders.get(entry);
  if (known !== undefined) return known;
  const columns = hasRowNumber(entry.table) ? [...entry.table.primaryKey, ROW_NUMBER.name] : entry.table.primaryKey;
  const order = columns.map((column) => ({ column, descending: false, nullsFirst: true }));
  keyOrders.set(entry, order);
  return order;
}

/** Sorting as asked for, or by primary key; a key that ends it makes the order total, so that pages never overlap. */
export function planOrder(
  terms: readonly OrderTerm[],
  entry: TableLookup,
  names: Names,
  values: Values,
): readonly Sorting[] {
  const key = keyOrder(entry);
  if (terms.length === 0) return key;
  const asked = terms.flatMap((term): Sorting[] => {
    const { found, through } = sortedBy(term.name, term.name, entry, names);
    const nullsFirst = term.nulls === undefined ? !term.descending : term.nulls === "first";
    const sorted = { descending: term.descending, nullsFirst, ...(through.length === 0 ? {} : { through }) };
    if ("countOf" in found || "part" in found) return [{ column: found, ...sorted }];
    const { column, steps } = found;
    return steps === undefined ? [{ column: column.name, ...sorted }] : jsonSortings(column, steps, sorted, values);
  });
  // A column that stands a second time changes nothing, and is an error on some databases.
  const seen = new Set<string>();
  return [...asked, ...key].filter(({ column, through, missing }: Sorting) => {
    const name = JSON.stringify([column, through, missing]);
    return !seen.has(name) && seen.add(name);
  });
}

interface SortedBy {
  readonly found: FoundColumn | CountOf | PartOfDate;
  readonly through: readonly Hop[];
}

/** `album.title`: only relations to one row, for which of many would it be? But how many there are is a number. */
function sortedBy(path: string, name: string, entry: TableLookup, names: Names): SortedBy {
  const part = partNamed(name, entry, relationsFrom(entry, names));
  if (part !== undefined) return { found: part, through: [] };
  const step = nextRelation(name, entry, names);
  if (step === undefined) {
    const mistake = misread(path, name, entry, names);
    if (mistake !== undefined) throw mistake;
    return { found: resolve(name, entry, []), through: [] };
  }
  if (step.rest === ROW_COUNT) return { found: countOf(step.relation), through: [] };
  const { join, table, many } = step.relation;
  if (many || join.via === "link") {
    throw problem(
      "malformed_query",
      `order-by=${excerpt(name)}: '${step.relation.name}' leads to many rows. Sort by this table's columns, through relations to one row, or by their number: ${step.relation.name}.count().`,
    );
  }
  if (join.via === "call") {
    throw problem(
      "malformed_query",
      `order-by=${excerpt(name)}: '${step.relation.name}' is what a function answers. Sort by this table's columns, or by a function that answers the value.`,
    );
  }
  const { found, through } = sortedBy(path, step.rest, tableOf(names.lookup, table), names);
  return { found, through: [{ table, ...toOther(join) }, ...through] };
}
