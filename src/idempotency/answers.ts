// The answers that were given under a key, as rows of `sapwood_answers`. I/O.
import type { Session } from "../database/session.js";
import type { Store } from "../database/store.js";
import type { ApiResponse } from "../http/message.js";
import { HttpError } from "../http/problem.js";

/** A request under its key. */
export interface Keyed {
  readonly keyHash: string;
  readonly requestHash: string;
}

export interface KeptAnswer {
  readonly requestHash: string;
  readonly answer: Pick<ApiResponse, "status" | "headers" | "body">;
}

/** Another request has the key. Its transaction is committed, or was the same one's. */
export class KeyTaken extends Error {}

/** How many rows past their time are removed at once, so that each removal is short. */
const MOST_CLEANED = 500;

export class IdempotentAnswers {
  constructor(
    readonly store: Store,
    /** Milliseconds that an answer is kept. */
    readonly ttl: number,
  ) {}

  /** Returns the answer that is committed under the key. One past its time is removed. */
  async find(keyHash: string, session: Session): Promise<KeptAnswer | undefined> {
    const store = this.store.within(session);
    const [row] = await store.readLatest(
      `SELECT "request_hash", "answer", "expires_at" FROM "sapwood_answers" WHERE "key_hash" = ?`,
      keyHash,
    );
    if (row === undefined) return undefined;
    const now = Date.now();
    if (Number(row[2]) > now) return { requestHash: String(row[0]), answer: JSON.parse(String(row[1])) };
    await store.write(`DELETE FROM "sapwood_answers" WHERE "key_hash" = ? AND "expires_at" <= ?`, keyHash, now);
    return undefined;
  }

  /** Takes the key in a transaction, and waits for another transaction that has taken it. Throws `KeyTaken`; then the transaction is over. */
  async take({ keyHash, requestHash }: Keyed, session: Session): Promise<void> {
    try {
      await this.store
        .within(session)
        .write(
          `INSERT INTO "sapwood_answers" ("key_hash", "request_hash", "answer", "expires_at") VALUES (?, ?, ?, ?)`,
          ...[keyHash, requestHash, "", Date.now() + this.ttl],
        );
    } catch (error) {
      throw error instanceof HttpError && error.code === "unique_violation" ? new KeyTaken() : error;
    }
  }

  /** Keeps the answer under the key, in the same transaction. */
  async keep({ keyHash }: Keyed, answer: string, session: Session): Promise<void> {
    const store = this.store.within(session);
    await store.write(`UPDATE "sapwood_answers" SET "answer" = ? WHERE "key_hash" = ?`, answer, keyHash);
  }

  /** Removes some rows past their time. Returns whether there may be more. */
  async clean(): Promise<boolean> {
    const old = await this.store.page(
      `SELECT "expires_at" FROM "sapwood_answers" WHERE "expires_at" <= ? ORDER BY "expires_at"`,
      ...[MOST_CLEANED, 0, Date.now()],
    );
    const last = old.at(-1)?.[0];
    if (last !== undefined)
      await this.store.write(`DELETE FROM "sapwood_answers" WHERE "expires_at" <= ?`, Number(last));
    return old.length === MOST_CLEANED;
  }
}
