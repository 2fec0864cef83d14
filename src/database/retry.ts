// A write that met another one (deadlock, serialization failure, lock wait) is run again as a whole, a bounded number of times.
import { setTimeout } from "node:timers/promises";
import type { Limits } from "../http/limits.js";
import { Collision } from "./refusals.js";
import type { Session } from "./session.js";

/** What a write runs in, as far as trying it again goes. */
interface Retryable {
  readonly session: Pick<Session, "isTransaction">;
  readonly snapshot: { readonly limits: Pick<Limits, "retries"> };
}

/** Inside a transaction the whole of it is what must run again: that is its owner's business. */
export async function retrying<T>({ session, snapshot }: Retryable, write: () => Promise<T>): Promise<T> {
  return session.isTransaction ? write() : upTo(snapshot.limits.retries, write);
}

/** So many times again. */
export async function upTo<T>(retries: number, write: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof Collision) || tries >= retries) throw error;
    }
    await setTimeout(pause(tries));
  }
}

/** Longer each time, and never the same for two that met: 5 to 15 ms at first, a second at the most. */
const pause = (tries: number): number => Math.min(1000, 10 * 2 ** tries) * (0.5 + Math.random());
