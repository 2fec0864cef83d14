// Callers whose tokens were verified a moment ago: a signature costs several times what else a small request does.
import { createHash } from "node:crypto";
import { BoundedCache } from "../base/bounded-cache.js";
import type { Caller, Claims } from "../http/caller.js";

/** Milliseconds: so long a token counts on whose key was withdrawn. */
const LASTS = 60_000;
const MOST = 1_000;
/** Of tokens, as a measure of what their claims take. */
const MOST_CHARACTERS = 4_194_304;

interface Vouched {
  readonly caller: Caller;
  readonly until: number;
}

/** Remembers callers by a hash of their tokens, never the tokens, and none past its `exp`. */
export class TokenCache {
  readonly #known = new BoundedCache<Vouched>(MOST, MOST_CHARACTERS);

  constructor(readonly maxAge = Number.POSITIVE_INFINITY) {}

  /** The token's caller: as remembered, or as `verify` says. */
  async of(token: string, verify: () => Promise<Caller>): Promise<Caller> {
    const key = createHash("sha256").update(token).digest("base64");
    const known = this.#known.get(key);
    if (known !== undefined && Date.now() < known.until) return known.caller;
    const caller = frozen(await verify());
    this.#known.set(key, { caller, until: Math.min(Date.now() + LASTS, this.#end(caller.claims)) }, token.length);
    return caller;
  }

  /** A claim that is missing is none to end by. */
  #end({ exp, iat }: Claims): number {
    const ends = [Number(exp), Number(iat) + this.maxAge].filter((end) => !Number.isNaN(end));
    return Math.min(...ends) * 1000;
  }
}

/** Many requests have it: what one of them changed would be the next one's claims. */
function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
