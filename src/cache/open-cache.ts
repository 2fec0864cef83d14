// The option `cache` → what keeps answers.
import type { Logger } from "../base/logger.js";
import type { Peers } from "../base/peers.js";
import { AnswerCache } from "./answer-cache.js";
import type { AnswerStore } from "./answer-store.js";
import { identityOf } from "./cache-identity.js";
import { type CacheOptions, cacheDefaults, MEMORY } from "./cache-options.js";
import { MemoryStore } from "./memory-store.js";
import { openRedisStore } from "./redis-store.js";
import { Writes } from "./writes.js";

/** The options that the cache looks at; the others shape answers. */
interface Options {
  readonly cache: CacheOptions;
  readonly include?: unknown;
  readonly exclude?: unknown;
  readonly logger?: Logger;
}

/** `db` is what the database is named by. Throws an `Error` of one line where the store cannot be opened. */
export async function openCache(db: unknown, options: Options, peers?: Peers): Promise<AnswerCache> {
  const rules = { tables: {}, store: MEMORY, ...cacheDefaults, ...options.cache };
  const writes = new Writes();
  const store = await storeOf(db, { ...options, cache: rules }, writes, peers);
  const hides = options.include !== undefined || options.exclude !== undefined;
  return new AnswerCache({ rules, store, writes, hides });
}

async function storeOf(
  db: unknown,
  options: Options & { readonly cache: Required<CacheOptions> },
  writes: Writes,
  peers: Peers | undefined,
): Promise<AnswerStore> {
  const { cache, logger } = options;
  if (cache.store !== MEMORY) return openRedisStore(cache.store, identityOf(db, options), cache.maxBytes, logger);
  peers?.on("written", (tables) => {
    writes.note(tables as readonly string[]);
    return true;
  });
  return new MemoryStore(writes, cache.maxBytes, peers);
}
