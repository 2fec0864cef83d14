// One page of a list: where it begins, how long it is, and, once its rows are there, what leads to the pages beside it.
import {
  fieldsOfPlace,
  hasPlaces,
  listName,
  planAfter,
  reversed,
  scopeOf,
  shownPlace,
  withoutPlaces,
} from "../plan/cursor.js";
import type { Condition, ListPlan, Sorting, Value } from "../plan/plan.js";
import { brokenCursor, type Start, skipping, writeCursor } from "../request/cursor.js";
import type { Query } from "../request/query.js";
import { tableOf } from "../schema/lookup.js";
import type { ColumnType } from "../schema/schema.js";
import { problem } from "./problem.js";
import type { Found, World } from "./world.js";

export interface Page {
  readonly plan: ListPlan;
  readonly limit: number;
  readonly offset: number;
  readonly start?: Start;
  /** What its cursors carry, and the fields that show a row's place; nothing where rows have no places. */
  readonly places?: { readonly name: string; readonly fields: readonly string[] | undefined };
}

/** What leads to another page: a query parameter and its value. */
export interface Turn {
  readonly name: "after" | "before" | "offset";
  readonly value: string;
}

export interface Turned {
  /** The rows' JSON. */
  readonly items: readonly string[];
  /** There are rows beyond the last of them, in the direction that the page was read in. */
  readonly more: boolean;
  readonly next?: Turn;
  readonly prev?: Turn;
}

const WHOLE: ColumnType = { kind: "integer", native: "bigint" };

/** A list's page. One row more than the limit is asked for: it tells whether there is a next page. */
export function planPage(list: ListPlan, query: Query, params: readonly string[], world: World, values: Value[]): Page {
  const { start } = query;
  const entry = tableOf(world.lookup, list.table);
  const { dialect } = world.database;
  const limit = Math.min(query.limit ?? world.limits.defaultLimit, world.limits.maxLimit);
  const offset = query.offset ?? 0;
  const order = start?.backward ? reversed(list.order) : list.order;
  const places = hasPlaces(entry, list)
    ? {
        name: listName(list.table, list.order, scopeOf(query, params), values),
        fields: fieldsOfPlace(list.order, list, entry, dialect),
      }
    : undefined;
  const where =
    start === undefined ? list.where : [...list.where, ...behind(start, places, order, list, world, values)];
  const put = (value: number) => values.push({ value, type: WHOLE }) - 1;
  const skip = start?.cursor.skip ?? offset;
  const plan: ListPlan = {
    ...list,
    where,
    order,
    ...(places && limit > 0 && places.fields === undefined ? { places: true } : {}),
    limit: put(limit === 0 ? 0 : limit + 1),
    // Only where one was asked for, so that common requests share a statement.
    ...(skip === 0 ? {} : { offset: put(skip) }),
  };
  return { plan, limit, offset, ...(places && { places }), ...(start && { start }) };
}

function behind(
  { cursor }: Start,
  places: Page["places"],
  direction: readonly Sorting[],
  list: ListPlan,
  world: World,
  values: Value[],
): Condition[] {
  const entry = tableOf(world.lookup, list.table);
  if (places === undefined) throw withoutPlaces(entry, list);
  if (cursor.of !== places.name) {
    throw problem(
      "malformed_query",
      "This cursor belongs to another list: its path, filters and order-by must stay as they were on the page that the cursor was taken from.",
    );
  }
  const where = planAfter(cursor, direction, entry, world.lookup, world.database.dialect, values);
  if (where === undefined) throw brokenCursor(cursor.text);
  return where;
}

/** The page's rows as they were found → those to show, and the ways on. */
export function turnPage(page: Page, { items: found, places, more }: Found): Turned {
  const { start, offset } = page;
  const backward = start?.backward ?? false;
  const items = backward ? found.toReversed() : found;
  if (found.length === 0) return { items, more };
  const turn = (name: "after" | "before") => {
    const at = (name === "after") === backward ? 0 : found.length - 1;
    return turnTo(page, name, found[at] as string, places?.[at]);
  };
  const next = more || backward ? turn("after") : undefined;
  const prev = (backward ? more : start !== undefined || offset > 0) ? turn("before") : undefined;
  return { items, more, ...(next && { next }), ...(prev && { prev }) };
}

/** Behind the last row or before the first; by counting where a row has no place, or one that is too long to be told. */
function turnTo(page: Page, name: "after" | "before", row: string, place: string | undefined): Turn | undefined {
  const { limit, offset, places } = page;
  if (places === undefined)
    return { name: "offset", value: String(name === "after" ? offset + limit : Math.max(0, offset - limit)) };
  const cursor = writeCursor(places.name, place ?? shownPlace(row, places.fields ?? []));
  if (cursor !== undefined) return { name, value: cursor };
  return name === (page.start?.backward ? "before" : "after") ? pastRows(page) : undefined;
}

/** From where this page began, and past its rows. */
export function pastRows({ places, start, offset, limit }: Page): Turn {
  const beginning = start?.cursor.text ?? (writeCursor(places?.name as string) as string);
  const name = start?.backward ? "before" : "after";
  return { name, value: skipping(beginning, (start?.cursor.skip ?? offset) + limit) };
}
