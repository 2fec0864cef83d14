// A database that is not up yet → it is waited for: containers start in any order.
import { setTimeout as sleep } from "node:timers/promises";
import { TimedOut, within } from "../base/timeout.js";
import { dialectFor, type GivenDb, namedDatabase } from "./open-knex.js";

/** Milliseconds before the second try; twice as long before each further one. */
const FIRST = 250;
const LONGEST = 3_000;

export interface Patience {
  /** Milliseconds for all tries together. */
  readonly patience: number;
  /** Is told once why it waits. */
  tell(why: string): void;
}

/** It did not come in time; `cause` is what the last try failed with. */
export class NeverThere extends Error {
  override readonly name = "NeverThere";
  constructor(
    readonly seconds: number,
    override readonly cause: unknown,
  ) {
    super(`The database was not there within ${seconds} seconds: ${wordsOf(cause)}`);
  }
}

/**
 * What `open` answers, tried again with growing pauses as long as the database cannot be reached. Throws at once what waiting does
 * not mend, such as a wrong password; `TimedOut` where a try was not answered in time.
 */
export async function whenThere<T>(db: GivenDb, open: () => Promise<T>, { patience, tell }: Patience): Promise<T> {
  const end = Date.now() + patience;
  let pause = FIRST;
  let last: unknown;
  for (;;) {
    try {
      return await within(Math.max(1, end - Date.now()), open());
    } catch (error) {
      if (error instanceof TimedOut) throw last === undefined ? error : new NeverThere(patience / 1000, last);
      if (!passesByItself(error, db)) throw error;
      const left = end - Date.now();
      if (left <= 0) throw new NeverThere(patience / 1000, error);
      if (pause === FIRST)
        tell(`the database is not there yet, and is tried again for ${patience / 1000} seconds: ${wordsOf(error)}`);
      last = error;
      await sleep(Math.min(pause, left));
      pause = Math.min(LONGEST, pause * 2);
    }
  }
}

/** Is the database away for a reason that may be gone a moment later? What sapwood says of it has the driver's error behind it. */
function passesByItself(error: unknown, db: GivenDb): boolean {
  if (!(error instanceof Error)) return false;
  const refusal = dialectFor(namedDatabase(db)).refusal(error);
  if (refusal !== undefined) return refusal.code === "database_away" && !refusal.lasting;
  return passesByItself(error.cause, db);
}

/** Of the two addresses of `localhost` node tells in an `AggregateError` without words. */
function wordsOf(error: unknown): string {
  const [first = error] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? first.message : String(first);
}
