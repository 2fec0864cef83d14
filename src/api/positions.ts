// Reading one's own writes where reads go to replicas: answers to writes say how far the log had come, and who says so again is
// answered by a server that has come as far.
import { BoundedCache } from "../base/bounded-cache.js";
import type { Peers } from "../base/peers.js";
import { sha256 } from "../base/sha256.js";
import type { ReplicaSet } from "../database/replica-set.js";
import type { ReadsAfter } from "../database/session.js";
import type { ApiRequest, ApiResponse } from "../http/message.js";
import { problem } from "../http/problem.js";

export interface PositionOptions {
  /**
   * Do answers to writes set a cookie that has browsers read their own writes? Only used where there are `replicas`. Default `false`:
   * clients send the header `Sapwood-Position` back.
   */
  readonly positionCookie?: boolean;
}

const HEADER = "sapwood-position";
const COOKIE = "sapwood-position";
const TOPIC = "position";
/** Seconds that a cookie is sent back: every replica that is read from has come further by then. */
const COOKIE_AGE = 300;
/** How many callers' last writes are remembered, and how many characters of their credentials and positions. */
const MOST_CALLERS = 10_000;
const MOST_CHARACTERS = 4_000_000;

export class Positions {
  /** Credentials → where the last write of theirs ended that went through this process, or another worker. */
  readonly #last = new BoundedCache<string>(MOST_CALLERS, MOST_CHARACTERS);

  constructor(
    readonly replicas: ReplicaSet,
    /** The headers that say who asks, in lower case. */
    readonly credentials: readonly string[],
    readonly setsCookie: boolean,
    /** Other workers of the same server, which the next request may come to. */
    readonly peers?: Peers,
  ) {
    peers?.on(TOPIC, (said) => {
      const [key, position] = said as readonly [string, string];
      this.#remember(key, position);
      return true;
    });
  }

  /** What a request that only reads has to see; `undefined` for one that may write. */
  readsAfter(request: ApiRequest): ReadsAfter | undefined {
    if (!isReading(request.method)) return undefined;
    const said = request.header(HEADER);
    if (said !== undefined && !this.replicas.isPosition(said))
      throw problem("malformed_header", "Sapwood-Position is sent back as an answer to a write said it.");
    const kept = this.setsCookie ? cookieOf(request.header("cookie")) : undefined;
    const isKept = kept !== undefined && this.replicas.isPosition(kept);
    const key = this.#callerOf(request);
    const last = key && this.#last.get(key);
    return { after: [...(said ? [said] : []), ...(isKept ? [kept] : []), ...(last ? [last] : [])] };
  }

  /** The answer to a write that was done, with the place behind it. Without it where the database does not say. */
  async told(request: ApiRequest, response: ApiResponse): Promise<ApiResponse> {
    if (isReading(request.method) || request.method === "OPTIONS" || response.status >= 400) return response;
    const position = await this.replicas.position().catch(() => "");
    if (!this.replicas.isPosition(position)) return response;
    const key = this.#callerOf(request);
    if (key !== undefined) {
      this.#remember(key, position);
      await this.peers?.ask(TOPIC, [key, position]);
    }
    const cookie = `${COOKIE}=${encodeURIComponent(position)}; Path=/; Max-Age=${COOKIE_AGE}; HttpOnly; SameSite=Lax`;
    const headers = { ...response.headers, [HEADER]: position, ...(this.setsCookie && { "set-cookie": cookie }) };
    return { ...response, headers };
  }

  /** Answers of one caller may come in another order than its writes were done. */
  #remember(key: string, position: string): void {
    const before = this.#last.get(key);
    if (before !== undefined && this.replicas.replication.hasReached(before, position)) return;
    this.#last.set(key, position, key.length + position.length);
  }

  /** Nothing where nobody says who asks: then one client cannot be told from another. */
  #callerOf(request: ApiRequest): string | undefined {
    const said = this.credentials.map((name) => request.header(name) ?? "");
    if (said.every((value) => value === "")) return undefined;
    const key = JSON.stringify(said);
    // No credentials leave the process.
    return this.peers === undefined ? key : sha256(key);
  }
}

const isReading = (method: string): boolean => ["GET", "HEAD", "QUERY"].includes(method);

function cookieOf(header: string | undefined): string | undefined {
  const value = header?.split(/;\s*/).find((pair) => pair.startsWith(`${COOKIE}=`));
  try {
    return value && decodeURIComponent(value.slice(COOKIE.length + 1));
  } catch {
    return undefined;
  }
}
