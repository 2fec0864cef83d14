// The option `idempotency`: whether `Idempotency-Key` is used, and how long answers are kept.

import { ConfigError, checkBoolean, checkKeys } from "../base/config-error.js";
import type { Logger } from "../base/logger.js";
import { answerTables, ensureTables } from "../database/making-own-tables.js";
import type { OpenDatabase } from "../database/session.js";
import { Idempotency } from "./idempotency.js";

export interface IdempotencyOptions {
  /** Seconds that an answer is kept for requests with the same key. Default 86400, a day. */
  readonly ttl?: number;
  /** Makes the table `sapwood_answers` where it is not there. Default `true`; `false`: its absence is an error. */
  readonly create?: boolean;
}

/** `true` is the same as `{}`. */
export type IdempotencyOption = boolean | IdempotencyOptions;

export const TTL = 86_400;
const MOST_TTL = 31_536_000;
const place = "options.idempotency";

/** Throws a `ConfigError` for a mistake. */
export function checkIdempotency(option: unknown): void {
  if (option === undefined || typeof option === "boolean") return;
  checkKeys(option as object, ["ttl", "create"], place);
  const { ttl, create } = option as IdempotencyOptions;
  checkBoolean(create, `${place}.create`);
  if (ttl !== undefined && !(typeof ttl === "number" && ttl >= 1 && ttl <= MOST_TTL))
    throw new ConfigError(`${place}.ttl`, `is a number of seconds from 1 to ${MOST_TTL}, not ${JSON.stringify(ttl)}.`);
}

export interface IdempotencyGround {
  readonly database: OpenDatabase;
  readonly logger: Logger | undefined;
  readonly readOnly: boolean;
  /** Will nothing be written? Then no table is read or made. */
  readonly looks: boolean;
}

/** Returns `undefined` where it is off. I/O: reads its table, and makes it where it may. */
export async function openIdempotency(
  option: IdempotencyOption | undefined,
  { database, logger, readOnly, looks }: IdempotencyGround,
): Promise<Idempotency | undefined> {
  if (option === undefined || option === false) return undefined;
  if (readOnly) throw new ConfigError("options.readOnly", `is true, and ${place} keeps answers in the database.`);
  const { ttl = TTL, create = true } = option === true ? {} : option;
  if (!looks) await ensureTables(database, answerTables, create, place);
  return new Idempotency(database, ttl * 1000, logger);
}
