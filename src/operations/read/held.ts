// A long list whose rows have no places to be gone on behind: one question, which stays open in its transaction while the answer is sent.
// That keeps a connection busy: few may do so at once, and none for a client that does not read on.
import type { Limits } from "../../http/limits.js";
import { problem } from "../../http/problem.js";
import type { Value } from "../../plan/terms.js";
import type { RequestContext } from "../../run/context.js";
import { openCursor, type RowCursor } from "../../run/cursor.js";
import { readingTransaction } from "../../run/transaction.js";
import { type Long, lengthFor, type Pace, type Pieces, paceOf } from "./chunks.js";
import { type CursorScope, type Page, toPageRows } from "./page.js";

/** For how long a piece may stand unread, in milliseconds. */
const PATIENCE = 30_000;
/** Of one API. Further ones are answered whole, and bounded. */
const MOST_HELD = 4;

const held = new WeakMap<Limits, number>();

const count = (limits: Limits, by: number): void => void held.set(limits, (held.get(limits) ?? 0) + by);

const mayBeHeld = ({ limit, places, plan }: Page, { snapshot }: RequestContext): boolean =>
  places === undefined &&
  plan.from !== undefined &&
  snapshot.dialect.cursor !== undefined &&
  limit > paceOf(plan, snapshot.limits).first &&
  (held.get(snapshot.limits) ?? 0) < MOST_HELD;

interface AskedPage {
  readonly page: Page;
  readonly scope: CursorScope;
  readonly values: readonly Value[];
  /** Somebody reads the pieces, which nobody does of HEAD. */
  readonly isRead: boolean;
}

/** Nothing where the rows cannot be read so. */
export async function readHeld(asked: AskedPage, context: RequestContext): Promise<Long | undefined> {
  if (!mayBeHeld(asked.page, context)) return undefined;
  const holding = new Holding(context.snapshot.limits);
  let isHeld = false;
  try {
    return await readingTransaction(context, async (inner, hold) => {
      const long = await readOpen(asked, inner, holding);
      isHeld = long?.pieces !== undefined;
      if (isHeld) hold(holding.awaited());
      return long;
    });
  } finally {
    if (!isHeld) holding.end();
  }
}

/** Its pieces come of the transaction at hand. */
async function readOpen(
  { page, scope, values, isRead }: AskedPage,
  context: RequestContext,
  holding: Holding,
): Promise<Long | undefined> {
  const pace = paceOf(page.plan, context.snapshot.limits);
  const cursor = await openCursor({ plan: page.plan, values }, context);
  if (cursor === undefined) return undefined;
  const items = await cursor.take(pace.first);
  if (items.length < pace.first) return toPageRows(page, scope, { items, more: false });
  const more = await cursor.isBeyond(page.limit, items.length);
  const rows = toPageRows(page, scope, { items, more });
  return isRead ? { ...rows, pieces: pieces(items, page.limit, { cursor, pace, holding }) } : rows;
}

/** Until the last piece is read, or nobody asks for the next one. */
class Holding {
  readonly #over: Promise<void>;
  #end: () => void = () => {};
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly limits: Limits) {
    count(limits, 1);
    this.#over = new Promise<void>((resolve) => {
      this.#end = resolve;
    });
  }

  /** A piece is the client's. Resolves once all of them are read, or nobody reads on. */
  awaited(): Promise<void> {
    this.#timer = setTimeout(() => this.end(), PATIENCE).unref();
    return this.#over;
  }

  /** The next one is asked for. */
  resume(): void {
    clearTimeout(this.#timer);
    if (this.#isOver) throw problem("timeout", "The rest of the answer was not read in time.");
  }

  end(): void {
    clearTimeout(this.#timer);
    if (!this.#isOver) count(this.limits, -1);
    this.#isOver = true;
    this.#end();
  }
}

interface Held {
  readonly cursor: RowCursor;
  readonly pace: Pace;
  readonly holding: Holding;
}

async function* pieces(first: readonly string[], limit: number, { cursor, pace, holding }: Held): Pieces {
  let items = first;
  let left = limit - items.length;
  try {
    for (let wanted = items.length; ; ) {
      holding.resume();
      if (items.length > 0) {
        holding.awaited();
        yield items;
        holding.resume();
      }
      if (left === 0 || items.length < wanted) return;
      wanted = Math.min(left, lengthFor(items, pace));
      items = await cursor.take(wanted);
      left -= items.length;
    }
  } finally {
    holding.end();
  }
}
