// A database that another process has locked: who comes to it tries again after a while, and meanwhile its connection is for others.
import { setTimeout } from "node:timers/promises";

/** How long one waits, in milliseconds. What is locked for longer is a write that met another one. */
const PATIENCE = 1_000;
/** The same where the lock is one of our own, in a process beside: as long as for a connection. */
const OWN_PATIENCE = 10_000;
/** From one try to the next, in milliseconds. */
const FIRST = 2;
const LONGEST = 50;

/** What writes in a process beside. */
export interface OwnWriter {
  readonly isWriting: boolean;
}

/** `attempt` is tried again as long as it fails with a lock that `isLocked` knows, before anything was done. */
export async function outwaiting<T>(
  isLocked: (error: unknown) => boolean,
  attempt: () => Promise<T>,
  own?: OwnWriter,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!isLocked(error)) throw error;
  }
  return again(isLocked, attempt, own);
}

async function again<T>(isLocked: (error: unknown) => boolean, attempt: () => Promise<T>, own?: OwnWriter): Promise<T> {
  const start = performance.now();
  let until = start + PATIENCE;
  for (let pause = FIRST; ; pause = Math.min(LONGEST, 2 * pause)) {
    await setTimeout(pause * (0.5 + Math.random()));
    if (own?.isWriting) until = Math.min(start + OWN_PATIENCE, performance.now() + PATIENCE);
    try {
      return await attempt();
    } catch (error) {
      if (!isLocked(error) || performance.now() >= until) throw error;
    }
  }
}
