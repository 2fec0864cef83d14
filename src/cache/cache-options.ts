// The option `cache`: for how long answers are kept, where, and how many.
import { ConfigError, checkKeys, checkSeconds } from "../base/config-error.js";
import { isRedisUrl } from "../base/redis.js";
import { didYouMean } from "../base/suggest.js";
import type { Schema } from "../schema/schema.js";

export interface CacheOptions {
  /** Seconds that an answer is kept at the most. A write through the API drops it at once. */
  readonly ttl: number;
  /** The same for answers that rows of these tables are in; 0 keeps none of them. Of several tables the shortest holds. */
  readonly tables?: Readonly<Record<string, number>>;
  /** Seconds after its `ttl` in which an answer is still given while a new one is made. Default 0. */
  readonly staleWhileRevalidate?: number;
  /**
   * Seconds that browsers and proxies may keep an answer without asking again. No write drops it there. Default 0: they ask each time,
   * and get a 304 where nothing has changed.
   */
  readonly maxAge?: number;
  /**
   * Where answers are kept: `memory` of each process, or a Redis (`redis://…`, package ioredis) that several processes share. Default:
   * in memory, and on PostgreSQL processes tell each other of their writes by NOTIFY, on a connection of its own.
   */
  readonly store?: string;
  /** The most bytes of all answers that are kept. Default 64 MiB. */
  readonly maxBytes?: number;
}

export const MEMORY = "memory";

export const cacheDefaults = { maxBytes: 67_108_864, staleWhileRevalidate: 0, maxAge: 0 } as const;

const names: readonly (keyof CacheOptions)[] = ["ttl", "tables", "staleWhileRevalidate", "maxAge", "store", "maxBytes"];

/** Throws a `ConfigError` for a mistake. Whether the tables exist is not known yet. */
export function checkCache(value: unknown, place: string): void {
  if (value === undefined) return;
  checkKeys(value as object, names, place);
  const { ttl, tables = {}, staleWhileRevalidate, maxAge, store, maxBytes } = value as Partial<CacheOptions>;
  if (ttl === undefined) throw new ConfigError(`${place}.ttl`, "is missing: seconds that an answer is kept.");
  checkSeconds(ttl, `${place}.ttl`);
  checkSeconds(staleWhileRevalidate, `${place}.staleWhileRevalidate`);
  checkSeconds(maxAge, `${place}.maxAge`);
  if (store !== undefined && store !== MEMORY && !(typeof store === "string" && isRedisUrl(store)))
    throw new ConfigError(`${place}.store`, "is memory, or the address of a Redis such as redis://localhost:6379.");
  if (typeof tables !== "object" || tables === null || Array.isArray(tables))
    throw new ConfigError(`${place}.tables`, "is an object: { countries: 3600 }.");
  for (const [name, seconds] of Object.entries(tables)) {
    if (seconds === undefined) throw new ConfigError(`${place}.tables.${name}`, "is a number of seconds.");
    checkSeconds(seconds, `${place}.tables.${name}`);
  }
  if (maxBytes !== undefined && !(Number.isSafeInteger(maxBytes) && maxBytes >= 1))
    throw new ConfigError(`${place}.maxBytes`, `is a whole number from 1 up, not ${JSON.stringify(maxBytes)}.`);
}

/** Throws a `ConfigError` for a table that the schema does not have. */
export function checkCachedTables(options: CacheOptions | undefined, { tables }: Schema): void {
  const known = tables.map(({ id }) => id);
  for (const name of Object.keys(options?.tables ?? {}))
    if (!known.includes(name))
      throw new ConfigError(`options.cache.tables.${name}`, `there is no such table.${didYouMean(name, known)}`);
}

/** Returns for how many milliseconds an answer made of these tables is kept. */
export function lifetimeOf(tables: Iterable<string>, { ttl, tables: own = {} }: CacheOptions): number {
  let least: number | undefined;
  for (const table of tables) if (Object.hasOwn(own, table)) least = Math.min(least ?? Infinity, own[table] as number);
  return (least ?? ttl) * 1000;
}
