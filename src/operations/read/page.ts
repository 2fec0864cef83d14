// One page of a list: where it begins, how long it is, and, once its rows are there, what leads to the pages beside it.

import { problem } from "../../http/problem.js";
import {
  fieldsOfPlace,
  hasPlaces,
  listName,
  planAfter,
  reversed,
  scopeOf,
  shownPlace,
  withoutPlaces,
} from "../../plan/cursor.js";
import type { ListPlan } from "../../plan/plan.js";
import type { Condition, Sorting, Value } from "../../plan/terms.js";
import type { Values } from "../../plan/values.js";
import { brokenCursor, type Start, skipping, writeCursor } from "../../request/cursor.js";
import type { Query } from "../../request/query.js";
import type { RequestContext } from "../../run/context.js";
import type { FoundRows } from "../../run/found-rows.js";
import { tableOf } from "../../schema/lookup.js";
import type { ColumnType } from "../../schema/schema.js";

export interface Page {
  readonly plan: ListPlan;
  readonly limit: number;
  readonly offset: number;
  readonly start?: Start;
  /** Nothing where rows have no places. */
  readonly places?: Places;
}

interface Places {
  /** Those that show a row's place; nothing where the plan asks for it. */
  readonly fields: readonly string[] | undefined;
}

/** What a list's cursors carry; asked for only where there is one. */
export type CursorScope = () => string;

type Direction = "after" | "before";

/** What leads to another page: a query parameter and its value. */
export interface PageLink {
  readonly name: Direction | "offset";
  readonly value: string;
}

export interface PageRows {
  /** The rows' JSON. */
  readonly items: readonly string[];
  /** There are rows beyond the last of them, in the direction that the page was read in. */
  readonly more: boolean;
  readonly next?: PageLink | undefined;
  readonly prev?: PageLink | undefined;
}

const WHOLE: ColumnType = { kind: "integer", native: "bigint" };

/** The name of the list that a query asks for at a path. */
export const cursorScopeOf =
  (list: ListPlan, query: Query, params: readonly string[], values: readonly Value[]): CursorScope =>
  () =>
    listName(list.table, list.order, scopeOf(query, params), values);

/** A list's page. One row more than the limit is asked for: it tells whether there is a next page. `name` is for a query with a cursor. */
export function planPage(
  list: ListPlan,
  query: Query,
  context: RequestContext,
  values: Values,
  name?: CursorScope,
): Page {
  const { start } = query;
  const entry = tableOf(context.snapshot.lookup, list.table);
  const { dialect, limits } = context.snapshot;
  const limit = Math.min(query.limit ?? limits.defaultLimit, limits.maxLimit);
  const offset = query.offset ?? 0;
  const order = start?.backward ? reversed(list.order) : list.order;
  const places = hasPlaces(entry, list) ? { fields: fieldsOfPlace(list.order, list, entry, dialect) } : undefined;
  const where =
    start === undefined
      ? list.where
      : [...list.where, ...behind({ start, name: places && name, order, list }, context, values)];
  const skip = start?.cursor.skip ?? offset;
  const plan: ListPlan = {
    ...list,
    where,
    order,
    ...(places && limit > 0 && places.fields === undefined ? { positions: true } : {}),
    limit: limit === 0 ? 0 : limit + 1,
    // Only where one was asked for, so that common requests share a statement.
    ...(skip === 0 ? {} : { offset: values.add({ value: skip, type: WHOLE }) }),
  };
  return { plan, limit, offset, ...(places && { places }), ...(start && { start }) };
}

interface Beginning {
  readonly start: Start;
  /** Nothing where rows have no places. */
  readonly name: CursorScope | undefined;
  readonly order: readonly Sorting[];
  readonly list: ListPlan;
}

/** The rows that stand behind the cursor. */
function behind(
  { start: { cursor }, name, order, list }: Beginning,
  context: RequestContext,
  values: Values,
): Condition[] {
  const entry = tableOf(context.snapshot.lookup, list.table);
  if (name === undefined) throw withoutPlaces(entry, list);
  if (cursor.of !== name()) {
    throw problem(
      "malformed_query",
      "This cursor belongs to another list: its path, filters and order-by must stay as they were on the page that the cursor was taken from.",
    );
  }
  const where = planAfter(cursor, order, entry, context.snapshot, values);
  if (where === undefined) throw brokenCursor(cursor.text);
  return where;
}

/** The page's rows as they were found → those to show, and the ways on. */
export function toPageRows(
  page: Page,
  name: CursorScope,
  { items: found, positions: places, more }: FoundRows,
): PageRows {
  const { start, offset } = page;
  const backward = start?.backward ?? false;
  const items = backward ? found.toReversed() : found;
  if (found.length === 0) return { items, more };
  const turn = (direction: Direction) => {
    const at = (direction === "after") === backward ? 0 : found.length - 1;
    return turnTo(page, name, direction, found[at] as string, places?.[at]);
  };
  const next = more || backward ? turn("after") : undefined;
  const prev = (backward ? more : start !== undefined || offset > 0) ? turn("before") : undefined;
  return { items, more, next, prev };
}

/** Behind the last row or before the first; by counting where a row has no place, or one that is too long to be told. */
function turnTo(
  page: Page,
  name: CursorScope,
  direction: Direction,
  row: string,
  place: string | undefined,
): PageLink | undefined {
  const { limit, offset, places } = page;
  if (places === undefined)
    return { name: "offset", value: String(direction === "after" ? offset + limit : Math.max(0, offset - limit)) };
  const cursor = writeCursor(name(), place ?? shownPlace(row, places.fields ?? []));
  if (cursor !== undefined) return { name: direction, value: cursor };
  return direction === (page.start?.backward ? "before" : "after") ? pastRows(page, name) : undefined;
}

/** From where this page began, and past its rows. */
export function pastRows({ start, offset, limit }: Page, name: CursorScope): PageLink {
  const beginning = start?.cursor.text ?? (writeCursor(name()) as string);
  const direction = start?.backward ? "before" : "after";
  return { name: direction, value: skipping(beginning, (start?.cursor.skip ?? offset) + limit) };
}
