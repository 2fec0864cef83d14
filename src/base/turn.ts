// Long work in pieces: others have their turn of the event loop in between.
import { setImmediate as nextTurn } from "node:timers/promises";

/** Milliseconds of work between two turns: what others wait for. */
const LONGEST = 15;

/** When the first of the work in this turn began. */
let began: number | undefined;

/** Nothing as long as the turn is young; otherwise to be awaited before the next piece. */
export function turnOver(): Promise<void> | undefined {
  const now = performance.now();
  if (began !== undefined) return now - began < LONGEST ? undefined : nextTurn();
  began = now;
  setImmediate(() => {
    began = undefined;
  });
  return undefined;
}
