// The settings of the cache that stand in flags and variables, laid over what `cache` says.
import type { CacheOptions } from "../cache/cache-options.js";

export interface CacheSettings {
  /** As `cache.ttl`: answers to GET are kept for so many seconds. Default: as `cache` says, and without it none is kept. */
  readonly cacheTtl?: number;
  /** As `cache.store`. */
  readonly cacheStore?: string;
  /** As `cache.maxBytes`. */
  readonly cacheMaxBytes?: number;
}

/** The option `cache` as all settings together say it. Throws an `Error` of one line. */
export function cacheOf(settings: CacheSettings & { readonly cache?: CacheOptions }): CacheOptions | undefined {
  const { cache, cacheTtl: ttl = cache?.ttl, cacheMaxBytes: maxBytes, cacheStore: store } = settings;
  const own = { ...(maxBytes !== undefined && { maxBytes }), ...(store !== undefined && { store }) };
  if (ttl !== undefined) return { ...cache, ttl, ...own };
  const [name] = Object.keys(own);
  if (cache !== undefined || name === undefined) return cache;
  throw new Error(
    `${name === "store" ? "cacheStore" : "cacheMaxBytes"} is about answers that are kept, and none are: say cacheTtl.`,
  );
}
