// Where requests are counted: in memory, or in a Redis that several servers share. Loaded only where something is counted.
import { createHash, randomBytes } from "node:crypto";
import {
  type RateLimiterAbstract,
  RateLimiterCluster,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";
import type { Logger } from "../base/logger.js";
import { openRedis, REDIS_PATIENCE } from "../base/redis.js";
import type { Team } from "./workers/team.js";

/** What is asked of one. */
export type Counter = Pick<RateLimiterAbstract, "consume" | "penalty" | "get">;

export interface RateStore {
  /** Counts up to `points` in `duration` seconds for each key. */
  counter(name: string, points: number, duration: number): Counter;
  close(): void;
}

/** What memory has room for, about 30 MB when all of it is in use; past it some clients share a count. */
const SLOTS = 65_536;
const naming = {
  setting: "rateStore",
  what: "the rate store",
  meanwhile: "requests are counted in memory",
};

/** As the library counts in memory, but in a number of slots that no client can choose. */
class BoundedCounter extends RateLimiterMemory {
  constructor(
    options: ConstructorParameters<typeof RateLimiterMemory>[0],
    readonly slotOf: (key: string | number) => string,
  ) {
    super(options);
  }

  override consume(key: string | number, ...more: [number?, object?]) {
    return super.consume(this.slotOf(key), ...more);
  }
  override penalty(key: string | number, ...more: [number?, object?]) {
    return super.penalty(this.slotOf(key), ...more);
  }
  override get(key: string | number, ...more: [object?]) {
    return super.get(this.slotOf(key), ...more);
  }
}

const slots =
  (secret: string) =>
  (key: string | number): string => {
    const hash = createHash("sha256").update(secret).update(String(key)).digest();
    return String(hash.readUInt32BE(0) % SLOTS);
  };

/** The first process counts for all workers. Each counts for itself while that does not answer. */
function inFirstProcess(options: Counted, { secret }: Team): Counter {
  const all = new RateLimiterCluster({ ...options, timeoutMs: REDIS_PATIENCE });
  const slotOf = slots(secret);
  const own = new BoundedCounter(options, slotOf);
  const alone =
    <T>(count: () => Promise<T>) =>
    (error: unknown): Promise<T> => {
      if (error instanceof RateLimiterRes) throw error;
      return count();
    };
  return {
    consume: (key) => all.consume(slotOf(key)).catch(alone(() => own.consume(key))),
    penalty: (key) => all.penalty(slotOf(key)).catch(alone(() => own.penalty(key))),
    get: (key) => all.get(slotOf(key)).catch(alone(() => own.get(key))),
  };
}

interface Counted {
  readonly keyPrefix: string;
  readonly points: number;
  readonly duration: number;
}

/** Throws an `Error` of one line for an address that is none, and where its package is missing. */
export async function openRateStore(url: string | undefined, logger: Logger, team?: Team): Promise<RateStore> {
  const slotOf = slots(randomBytes(16).toString("hex"));
  const inMemory = (keyPrefix: string, points: number, duration: number) =>
    new BoundedCounter({ keyPrefix, points, duration }, slotOf);
  const together: RateStore["counter"] = (keyPrefix, points, duration) =>
    team === undefined ? inMemory(keyPrefix, points, duration) : inFirstProcess({ keyPrefix, points, duration }, team);
  if (url === undefined || url === "memory") return { counter: together, close() {} };
  const client = await openRedis(url, naming, logger);
  return {
    counter: (name, points, duration) =>
      new RateLimiterRedis({
        ...{ storeClient: client, keyPrefix: `sapwood:${name}`, points, duration },
        // Each server counts for itself while Redis is away.
        insuranceLimiter: inMemory(name, points, duration),
      }),
    close: () => client.disconnect(),
  };
}
