// Answers in a Redis that several processes share. It also holds when each table was written last. So a write in one process drops
// answers in all of them before it is answered. No kept answer is given without a look at these times.
//
// The clock is a number that each write moves on. It begins at Redis's own time in microseconds, so that one that is begun anew is
// ahead of all before; whatever was kept by an older one is of no use then.
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import type { Logger } from "../base/logger.js";
import { openRedis } from "../base/redis.js";
import { ANY_TABLE } from "../plan/tables-in.js";
import type { AnswerStore, FoundAnswer } from "./answer-store.js";
import type { KeptAnswers } from "./kept.js";
import { scripts } from "./redis-scripts.js";

/** The same for all that share a Redis. A process may drop too many answers of another one; that one makes them again. */
const WRITES = "sapwood:cache:writes";
/** No answer takes more than this part of the room. */
const PART = 8;
/** About how many bytes an entry takes beside its texts. */
const OVERHEAD = 500;
/** Milliseconds between two attempts to reach Redis again. */
const AGAIN = 1_000;
/** Stands between the parts of a kept answer. It cannot stand in their JSON. */
const LINE = 10;

type Answer = readonly (Buffer | null)[];

/** The scripts as ioredis calls them. */
interface Scripted {
  sapwoodFindBuffer(writes: string, entry: string): Promise<Answer>;
  sapwoodKeep(keys: readonly string[], ...values: readonly (string | number | Buffer)[]): Promise<readonly number[]>;
  sapwoodDrop(writes: string, ...tables: readonly string[]): Promise<unknown>;
}

export class RedisStore implements AnswerStore {
  readonly #client: Redis & Scripted;
  readonly #own: string;
  #usage = { answers: 0, bytes: 0 };
  /** Is Redis used? Not before everything is dropped that this process could not drop while Redis was away. */
  #isOn = false;
  /** There were writes of which Redis was not told. */
  #isBehind = false;
  #trying: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** `identity` tells the answers of one API on one database from those of other APIs. */
  constructor(
    client: Redis,
    identity: string,
    readonly maxBytes: number,
  ) {
    const script = (lua: string, keys?: number) => ({ lua, ...(keys !== undefined && { numberOfKeys: keys }) });
    client.defineCommand("sapwoodFind", script(scripts.find, 2));
    client.defineCommand("sapwoodKeep", script(scripts.keep, 4));
    client.defineCommand("sapwoodDrop", script(scripts.drop, 1));
    this.#client = client as Redis & Scripted;
    this.#own = `sapwood:cache:${hashed(identity)}`;
    // A process that comes back may have missed a write. The Redis itself may have lost the last writes.
    client.on("ready", () => void this.#begin());
    client.on("close", () => this.#lose());
  }

  get usage() {
    return { ...this.#usage, isShared: true };
  }

  /** Waits until Redis is used, or known to be away. */
  async ready(): Promise<void> {
    await this.#begin();
  }

  async find(key: string): Promise<FoundAnswer> {
    if (!this.#isOn) return {};
    try {
      const [now, kept] = await this.#client.sapwoodFindBuffer(WRITES, this.#entry(key));
      const found = kept && unpacked(kept);
      return { at: Number(now), ...(found && { kept: found }) };
    } catch {
      this.#lose();
      return {};
    }
  }

  async keep(key: string, kept: KeptAnswers, at: number, milliseconds: number): Promise<boolean> {
    if (!this.#isOn || milliseconds < 1) return false;
    const text = packed(kept);
    const size = text.length + key.length + OVERHEAD;
    const own = this.#own;
    try {
      const [isCurrent, answers = 0, bytes = 0] = await this.#client.sapwoodKeep(
        [WRITES, this.#entry(key), `${own}:ends`, `${own}:sizes`],
        ...[at, JSON.stringify(kept.tables), text, Math.ceil(milliseconds), size, this.maxBytes, PART, `${own}:e:`],
      );
      this.#usage = { answers, bytes };
      return isCurrent === 1;
    } catch {
      this.#lose();
      return false;
    }
  }

  async drop(tables: readonly string[]): Promise<void> {
    if (!this.#isOn) {
      this.#isBehind = true;
      return;
    }
    try {
      await this.#client.sapwoodDrop(WRITES, ...tables);
    } catch {
      this.#isBehind = true;
      this.#lose();
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#isOn = false;
    clearTimeout(this.#timer);
    this.#client.disconnect();
  }

  #entry(key: string): string {
    return `${this.#own}:e:${hashed(key)}`;
  }

  /** Redis is not used from here on, until it answers again. */
  #lose(): void {
    this.#isOn = false;
    clearTimeout(this.#timer);
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#begin(), AGAIN).unref();
  }

  #begin(): Promise<void> {
    this.#trying ??= this.#try().finally(() => {
      this.#trying = undefined;
    });
    return this.#trying;
  }

  async #try(): Promise<void> {
    if (this.#isOn || this.#isClosed) return;
    try {
      do {
        this.#isBehind = false;
        await this.#client.sapwoodDrop(WRITES, ANY_TABLE);
        // A table that was written meanwhile may have been written after Redis was asked.
      } while (this.#isBehind);
      this.#isOn = !this.#isClosed;
    } catch {
      this.#lose();
    }
  }
}

/** Throws an `Error` of one line where the address is wrong, or the package is missing. */
export async function openRedisStore(
  url: string,
  identity: string,
  maxBytes: number,
  logger: Logger | undefined,
): Promise<RedisStore> {
  const naming = { setting: "options.cache.store", what: "the cache's store", meanwhile: "no answers are kept" };
  const client = await openRedis(url, naming, logger);
  const store = new RedisStore(client, identity, maxBytes);
  await store.ready();
  return store;
}

const hashed = (text: string): string => createHash("sha256").update(text).digest("base64url");

function packed({ bytes, ...rest }: KeptAnswers): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(rest)}\n`), bytes]);
}

function unpacked(text: Buffer): KeptAnswers {
  const end = text.indexOf(LINE);
  return { ...JSON.parse(text.toString("utf8", 0, end)), bytes: text.subarray(end + 1) };
}
