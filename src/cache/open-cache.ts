// The option `cache` → what keeps answers.
import type { Logger } from "../base/logger.js";
import type { Peers } from "../base/peers.js";
import type { OpenDatabase } from "../database/session.js";
import { AnswerCache } from "./answer-cache.js";
import type { AnswerStore } from "./answer-store.js";
import { cacheIdentity } from "./cache-identity.js";
import { type CacheOptions, cacheDefaults, MEMORY } from "./cache-options.js";
import { MemoryStore } from "./memory-store.js";
import { openOthers } from "./others.js";
import { openRedisStore } from "./redis-store.js";
import { CacheWrites } from "./writes.js";

/** The options that the cache looks at; the others shape answers. */
interface Options {
  readonly cache: CacheOptions;
  readonly include?: unknown;
  readonly exclude?: unknown;
  readonly profiles?: unknown;
  readonly logger?: Logger;
}

/** What is cached of: the database, and what it is named by. */
interface Place {
  readonly db: unknown;
  readonly database: OpenDatabase;
  /** Other workers of the same server. */
  readonly peers?: Peers | undefined;
}

/** Throws an `Error` of one line where the store cannot be opened. */
export async function openCache(place: Place, options: Options): Promise<AnswerCache> {
  const rules = { tables: {}, store: MEMORY, ...cacheDefaults, ...options.cache };
  const writes = new CacheWrites();
  const store = await storeOf(place, options, writes, rules.maxBytes);
  // A write to a table that is hidden here, or that another profile shows, may change an answer.
  const hides = [options.include, options.exclude, options.profiles].some((option) => option !== undefined);
  return new AnswerCache({ rules, store, writes, hides });
}

async function storeOf(
  { db, database, peers }: Place,
  options: Options,
  writes: CacheWrites,
  maxBytes: number,
): Promise<AnswerStore> {
  const { cache, logger } = options;
  if (cache.store !== undefined && cache.store !== MEMORY)
    return openRedisStore(cache.store, cacheIdentity(db, options), maxBytes, logger);
  peers?.on("written", (tables) => {
    writes.note(tables as readonly string[]);
    return true;
  });
  const others = cache.store === undefined ? await openOthers(database, writes) : undefined;
  if (cache.store === undefined && others === undefined)
    logger?.info(
      {},
      `kept answers are dropped by writes of this ${peers === undefined ? "process" : "server's workers"} only: where others write too, set cache.store to a Redis`,
    );
  return new MemoryStore(writes, maxBytes, peers, others);
}
