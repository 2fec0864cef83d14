// A list too long to be held: read and sent piece by piece. Each piece is a statement of its own that begins behind the last
// row of the one before it, so that a slow client keeps no connection busy, no snapshot open and no row locked.
import { parseStart, type Start } from "../../request/cursor.js";
import type { RequestContext } from "../../run/context.js";
import { type CursorScope, type Page, type PageLink, type PageRows, pastRows } from "./page.js";

/** Lists up to this are one statement and one text. */
const PIECE = 1_000;
/** The most rows of a later piece, and about how large one is made. */
const MOST_ROWS = 10_000;
const MOST_BYTES = 262_144;

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
 * transaction is answered before its end.
 */
export const isLong = (
  { limit, places, start, plan }: Page,
  { snapshot: { hooks }, session }: RequestContext,
): boolean =>
  limit > PIECE &&
  plan.from === undefined &&
  places !== undefined &&
  start?.backward !== true &&
  !hooks.get(plan.table)?.postRead.length &&
  !session.isTransaction;

export async function readInChunks(page: Page, name: CursorScope, read: ReadChunk): Promise<Long> {
  const first = await read(page.start, PIECE);
  if (!first.more) return first;
  const next = pastRows(page, name);
  const isLast = (await read(startOf(next), 1)).items.length === 0;
  return { ...first, next: isLast ? undefined : next, pieces: pieces(first, page.limit, read) };
}

const startOf = ({ value }: PageLink): Start => parseStart("after", value, undefined);

async function* pieces(first: PageRows, limit: number, read: ReadChunk): AsyncGenerator<readonly string[], void> {
  let turned = first;
  let left = limit - turned.items.length;
  yield turned.items;
  while (left > 0 && turned.next !== undefined) {
    turned = await read(startOf(turned.next), Math.min(left, lengthFor(turned.items)));
    yield turned.items;
    left -= turned.items.length;
  }
}

/** As many rows as take about as much room as a piece may. */
function lengthFor(items: readonly string[]): number {
  const characters = items.reduce((sum, item) => sum + item.length, 1);
  const most = Math.max(1, Math.min(MOST_ROWS, Math.floor((MOST_BYTES * items.length) / characters)));
  // A power of two, as each length is another statement.
  return 2 ** Math.floor(Math.log2(most));
}
