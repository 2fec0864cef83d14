// A list too long to be held: read and sent piece by piece. Each piece is a statement of its own that begins behind the last
// row of the one before it, so that a slow client keeps no connection busy, no snapshot open and no row locked.
import type { Limits } from "../../http/limits.js";
import type { ListPlan } from "../../plan/plan.js";
import { parseStart, type Start } from "../../request/cursor.js";
import type { RequestContext } from "../../run/context.js";
import { type CursorScope, type Page, type PageLink, type PageRows, pastRows } from "./page.js";

/** Lists up to `first` rows are one statement and one text. A later piece has `most` rows and about so many `bytes`, at the most. */
export interface Pace {
  readonly first: number;
  readonly most: number;
  readonly bytes: number;
}

const ofTables: Pace = { first: 1_000, most: 10_000, bytes: 262_144 };
/** Each piece calls the routine again: there are few of them. */
const ofCalls: Pace = { first: 10_000, most: 50_000, bytes: 4_194_304 };

/** No piece has more than one answer may hold. */
export function paceOf({ from }: ListPlan, { maxAnswerRows, maxAnswerBytes }: Limits): Pace {
  const { first, most, bytes } = from === undefined ? ofTables : ofCalls;
  return {
    first: Math.min(first, maxAnswerRows),
    most: Math.min(most, maxAnswerRows),
    bytes: Math.min(bytes, maxAnswerBytes / 2),
  };
}

/** Reads so many rows, from the page's own beginning or from another one. */
export type ReadChunk = (start: Start | undefined, limit: number) => Promise<PageRows>;

/** The first of a page's rows, with the whole page's ways on; and all of them where there are more than these. */
export interface Long extends PageRows {
  readonly pieces?: Pieces;
}

/** Some rows' JSON after the other. An error ends them where they stand: the status is on its way by then. */
export type Pieces = AsyncIterable<readonly string[]>;

/**
 * Only rows that have places can be gone on behind, and only forward. Hooks see an answer whole, and what stands in a
 * transaction is answered before its end, but for what can be read `apart` from it.
 */
export const isLong = (
  { limit, places, start, plan }: Page,
  { snapshot: { hooks, limits }, session }: RequestContext,
  apart: boolean,
): boolean =>
  limit > paceOf(plan, limits).first &&
  places !== undefined &&
  start?.backward !== true &&
  !hooks.get(plan.table)?.postRead.length &&
  (plan.from === undefined ? !session.isTransaction : apart);

/** How a list's pieces are read: those before the answer begins, and those `later` that are read while it is sent. */
interface Reading {
  readonly read: ReadChunk;
  readonly later: ReadChunk;
  readonly limits: Limits;
}

export async function readInChunks(page: Page, name: CursorScope, { read, later, limits }: Reading): Promise<Long> {
  const pace = paceOf(page.plan, limits);
  const first = await read(page.start, pace.first);
  if (!first.more) return first;
  const next = pastRows(page, name);
  const isLast = (await read(startOf(next), 1)).items.length === 0;
  return { ...first, next: isLast ? undefined : next, pieces: pieces(first, page.limit, later, pace) };
}

const startOf = ({ value }: PageLink): Start => parseStart("after", value, undefined);

async function* pieces(
  first: PageRows,
  limit: number,
  read: ReadChunk,
  pace: Pace,
): AsyncGenerator<readonly string[], void> {
  let turned = first;
  let left = limit - turned.items.length;
  yield turned.items;
  while (left > 0 && turned.next !== undefined) {
    turned = await read(startOf(turned.next), Math.min(left, lengthFor(turned.items, pace)));
    yield turned.items;
    left -= turned.items.length;
  }
}

/** As many rows as take about as much room as a piece may. */
export function lengthFor(items: readonly string[], { most, bytes }: Pace): number {
  const characters = items.reduce((sum, item) => sum + item.length, 1);
  const length = Math.max(1, Math.min(most, Math.floor((bytes * items.length) / characters)));
  // A power of two, as each length is another statement.
  return 2 ** Math.floor(Math.log2(length));
}
