// A long list whose rows have no places to be gone on behind: one question, which stays open in its transaction while the answer is sent.
// That keeps a connection busy: few may do so at once, and none for a client that does not read on.
import type { Limits } from "../../http/limits.js";
import { problem } from "../../http/problem.js";
import type { Value } from "../../plan/terms.js";
import type { RequestContext } from "../../run/context.js";
import { openCursor, type RowCursor } from "../../run/cursor.js";
import { type Long, lengthFor, type Pace, type Pieces, paceOf } from "./chunks.js";
import { type CursorScope, type Page, toPageRows } from "./page.js";

/** For how long a piece may stand unread, in milliseconds. */
const PATIENCE = 30_000;
/** Of one API. Further ones are answered whole, and bounded. */
const MOST_HELD = 4;

const held = new WeakMap<Limits, number>();

const count = (limits: Limits, by: number): void => void held.set(limits, (held.get(limits) ?? 0) + by);

export const mayBeHeld = ({ limit, places, plan }: Page, { hold, snapshot }: RequestContext): boolean =>
  hold !== undefined &&
  places === undefined &&
  plan.from !== undefined &&
  snapshot.dialect.cursor !== undefined &&
  limit > paceOf(plan, snapshot.limits).first &&
  (held.get(snapshot.limits) ?? 0) < MOST_HELD;

/** `isRead`: somebody reads the pieces, which nobody does of HEAD. Nothing where the rows cannot be read so. */
export async function readHeld(
  page: Page,
  name: CursorScope,
  values: readonly Value[],
  context: RequestContext,
  isRead: boolean,
): Promise<Long | undefined> {
  const { limits } = context.snapshot;
  const pace = paceOf(page.plan, limits);
  const holding = new Holding(limits);
  let isHeld = false;
  try {
    const cursor = await openCursor({ plan: page.plan, values }, context);
    if (cursor === undefined) return undefined;
    const items = await cursor.take(pace.first);
    if (items.length < pace.first) return toPageRows(page, name, { items, more: false });
    const more = await cursor.isBeyond(page.limit, items.length);
    isHeld = isRead;
    if (isHeld) context.hold?.(holding.awaited());
    return { ...toPageRows(page, name, { items, more }), pieces: pieces(items, page.limit, { cursor, pace, holding }) };
  } finally {
    if (!isHeld) holding.end();
  }
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
