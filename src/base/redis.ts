// A Redis that several processes share. Nothing waits for one that is away, and its words stay out of the log: they may hold a password.
import type { Redis } from "ioredis";
import type { Logger } from "./logger.js";

/** Milliseconds that Redis has for an answer. */
export const REDIS_PATIENCE = 1_000;

export interface RedisNaming {
  /** The setting that the address stands in, for mistakes. */
  readonly setting: string;
  /** What it is for: `the rate store`. */
  readonly what: string;
  /** What happens while it is away. */
  readonly meanwhile: string;
}

/** Is it the address of a Redis? */
export const isRedisUrl = (url: string): boolean => /^rediss?:\/\/./.test(url) && URL.canParse(url);

/** Throws an `Error` of one line for an address that is none or a Redis Cluster's, and where the package is missing. Tells once that it is away, and that it is back. */
export async function openRedis(
  url: string,
  { setting, what, meanwhile }: RedisNaming,
  logger: Logger | undefined,
): Promise<Redis> {
  if (!isRedisUrl(url))
    throw new Error(`${setting}: it is memory, or the address of a Redis such as redis://localhost:6379.`);
  const loaded = await import("ioredis").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Error(`${setting}: the package ioredis is not installed. Install it: npm install ioredis`);
  });
  // ioredis 5.0 has no names for import, and is the class itself.
  const Client = loaded.Redis ?? (loaded.default as unknown as typeof loaded.Redis);
  const waiting = { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: REDIS_PATIENCE };
  const client = new Client(url, { ...waiting, lazyConnect: true, connectTimeout: 5_000 });
  let told = false;
  client.on("error", (error: NodeJS.ErrnoException) => {
    if (told) return;
    told = true;
    logger?.warn({ code: error.code }, `${what} is away: ${meanwhile}`);
  });
  client.on("ready", () => {
    if (told) logger?.info({}, `${what} is back`);
    told = false;
  });
  await client.connect().catch(() => undefined);
  if (await isOfCluster(client)) {
    client.disconnect();
    throw new Error(
      `${setting}: this is a node of a Redis Cluster, which keeps only some of the keys. Name a single Redis, or the primary of one with replicas.`,
    );
  }
  return client;
}

/** One that is away, or does not tell, is taken for a single one. */
async function isOfCluster(client: Redis): Promise<boolean> {
  const told = await client.info("cluster").catch(() => "");
  return /^cluster_enabled:1/m.test(told);
}
