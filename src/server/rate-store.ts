// Where requests are counted: in memory, or in a Redis that several servers share. Loaded only where something is counted.
import { createHash, randomBytes } from "node:crypto";
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import type { Logger } from "../base/logger.js";

export interface RateStore {
  /** Counts up to `points` in `duration` seconds for each key. */
  counter(name: string, points: number, duration: number): RateLimiterAbstract;
  close(): void;
}

/** What memory has room for, about 30 MB when all of it is in use; past it some clients share a count. */
const SLOTS = 65_536;
/** Milliseconds that Redis has for an answer. */
const PATIENCE = 1_000;

/** As the library counts in memory, but in a number of slots that no client can choose. */
class BoundedCounter extends RateLimiterMemory {
  readonly #secret = randomBytes(16);

  override consume(key: string | number, ...more: [number?, object?]) {
    return super.consume(this.#slotOf(key), ...more);
  }
  override penalty(key: string | number, ...more: [number?, object?]) {
    return super.penalty(this.#slotOf(key), ...more);
  }
  override get(key: string | number, ...more: [object?]) {
    return super.get(this.#slotOf(key), ...more);
  }

  #slotOf(key: string | number): string {
    const hash = createHash("sha256").update(this.#secret).update(String(key)).digest();
    return String(hash.readUInt32BE(0) % SLOTS);
  }
}

/** Throws an `Error` of one line for an address that is none, and where its package is missing. */
export async function openRateStore(url: string | undefined, logger: Logger): Promise<RateStore> {
  const inMemory = (name: string, points: number, duration: number) =>
    new BoundedCounter({ keyPrefix: name, points, duration });
  if (url === undefined || url === "memory") return { counter: inMemory, close() {} };
  const client = await connect(url, logger);
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

async function connect(url: string, logger: Logger) {
  if (!/^rediss?:\/\/./.test(url) || !URL.canParse(url))
    throw new Error("rateStore: it is memory, or the address of a Redis such as redis://localhost:6379.");
  const loaded = await import("ioredis").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Error("rateStore: the package ioredis is not installed. Install it: npm install ioredis");
  });
  // ioredis 5.0 has no names for import, and is the class itself.
  const Redis = loaded.Redis ?? (loaded.default as unknown as typeof loaded.Redis);
  // Nothing waits for a Redis that is away.
  const waiting = { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: PATIENCE };
  const client = new Redis(url, { ...waiting, lazyConnect: true, connectTimeout: 5_000 });
  let told = false;
  client.on("error", (error: NodeJS.ErrnoException) => {
    if (told) return;
    told = true;
    // Its own words may hold the address, and that a password.
    logger.warn({ code: error.code }, "the rate store is away: requests are counted in memory");
  });
  client.on("ready", () => {
    if (told) logger.info({}, "the rate store is back");
    told = false;
  });
  await client.connect().catch(() => undefined);
  return client;
}
