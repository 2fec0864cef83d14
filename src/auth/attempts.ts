// Failed sign-ins, counted in the database so that all processes count together: too many lock the name, or turn the address away.

import type { Store } from "../database/store.js";
import { problem } from "../http/problem.js";
import { hashOf } from "./secrets.js";

export interface LockOptions {
  /** Failures within `lockFor` that lock a name until that time has passed since the first of them. Default 10. */
  readonly lockAfter?: number;
  /** Seconds. Default 900. */
  readonly lockFor?: number;
}

export const lockDefaults = { lockAfter: 10, lockFor: 900 } as const;

/** From one address there may be so many times as many. */
const ADDRESS_TIMES = 10;

/** One attempt: it counts as a failure until it is told otherwise. */
export interface Attempt {
  /** Whatever the password is, it is not taken. */
  readonly locked: boolean;
  /** It was right. */
  succeeded(): Promise<void>;
  /** It was not judged at all. */
  undone(): Promise<void>;
}

interface Counted {
  readonly failures: number;
  readonly until: number;
}

export class Attempts {
  readonly #most: number;
  readonly #window: number;

  constructor(
    readonly store: Store,
    options: LockOptions,
  ) {
    this.#most = options.lockAfter ?? lockDefaults.lockAfter;
    this.#window = (options.lockFor ?? lockDefaults.lockFor) * 1000;
  }

  /** Counted before the password is looked at: of many guesses at once no more get through. Throws 429 for the address. */
  async begin(name: string, address: string | undefined): Promise<Attempt> {
    const nameKey = hashOf(`name ${name}`);
    const addressKey = address === undefined ? undefined : hashOf(`address ${address}`);
    if (addressKey !== undefined) refuseMany(await this.#count(addressKey), this.#most * ADDRESS_TIMES);
    const { failures } = await this.#count(nameKey);
    const forgive = async (key: string | undefined) => void (key !== undefined && (await this.#forgive(key)));
    return {
      locked: failures > this.#most,
      succeeded: async () => {
        await this.store.write(`DELETE FROM "sapwood_attempts" WHERE "attempt_key" = ?`, nameKey);
        await forgive(addressKey);
      },
      undone: async () => {
        await forgive(nameKey);
        await forgive(addressKey);
      },
    };
  }

  async #count(key: string): Promise<Counted> {
    const now = Date.now();
    if ((await this.#add(key, now)) === 0) {
      try {
        await this.store.write(
          `INSERT INTO "sapwood_attempts" ("attempt_key", "failures", "until_at") VALUES (?, ?, ?)`,
          ...[key, 1, now + this.#window],
        );
      } catch (error) {
        if ((error as { code?: unknown }).code !== "unique_violation") throw error;
        await this.#add(key, now);
      }
    }
    const [[failures, until] = [1, now]] = await this.store.read(
      `SELECT "failures", "until_at" FROM "sapwood_attempts" WHERE "attempt_key" = ?`,
      key,
    );
    return { failures: Number(failures), until: Number(until) };
  }

  /** `failures` comes first: MySQL gives the second the new values of what stands before it. */
  #add(key: string, now: number): Promise<number> {
    return this.store.write(
      `UPDATE "sapwood_attempts" SET "failures" = CASE WHEN "until_at" <= ? THEN 1 ELSE "failures" + 1 END,
       "until_at" = CASE WHEN "until_at" <= ? THEN ? ELSE "until_at" END WHERE "attempt_key" = ?`,
      ...[now, now, now + this.#window, key],
    );
  }

  #forgive(key: string): Promise<number> {
    return this.store.write(
      `UPDATE "sapwood_attempts" SET "failures" = "failures" - 1 WHERE "attempt_key" = ? AND "failures" > 0`,
      key,
    );
  }
}

function refuseMany({ failures, until }: Counted, most: number): void {
  if (failures <= most) return;
  const seconds = Math.max(1, Math.ceil((until - Date.now()) / 1000));
  throw problem(
    "too_many_requests",
    `Too many sign-ins from your address have failed. Try again in ${seconds} seconds.`,
    {
      headers: { "retry-after": String(seconds) },
    },
  );
}
