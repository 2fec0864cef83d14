// What the server notes of a request on its way, for its logs and metrics.
import type { IncomingMessage } from "node:http";
import type { Logger } from "../base/logger.js";

export interface Seen {
  readonly id: string;
  readonly logger: Logger;
  /** The pattern of its path, once it is known: `/api/albums/:id/tracks`. */
  route: string | undefined;
  /** The API has counted it, by its own pattern. */
  counted: boolean;
  /** Which of a database's servers were asked; left out where there are no replicas. */
  servers?: ReadonlySet<string>;
}

/** On the request itself: a WeakMap of every request costs the garbage collector more than all else here. */
const SEEN = Symbol("seen");

interface Noted extends IncomingMessage {
  [SEEN]?: Seen;
}

export function see(req: Noted, seen: Seen): void {
  req[SEEN] = seen;
}

/** Nothing where nobody watches the server. */
export const seenOf = (req: Noted): Seen | undefined => req[SEEN];
