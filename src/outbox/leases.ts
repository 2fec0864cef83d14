// Which process delivers a queue: one at a time, by a lease in `sapwood_lanes`. Every database can do that, and no transaction is open
// while a message is on its way, as it would be with locked rows (SKIP LOCKED). A process that has ended loses its lease. I/O.
import { sha256 } from "../base/sha256.js";
import type { Store } from "../database/store.js";
import { HttpError } from "../http/problem.js";

export class Leases {
  constructor(
    readonly store: Store,
    /** Which process this is: random, 64 characters at most. */
    readonly holder: string,
    /** Milliseconds. */
    readonly length: number,
  ) {}

  /** Makes the queue's row, unless it is there. */
  async open(queue: string): Promise<void> {
    const hash = sha256(queue);
    const found = await this.store.read(`SELECT "held_until" FROM "sapwood_lanes" WHERE "queue_hash" = ?`, hash);
    if (found.length > 0) return;
    try {
      await this.store.write(`INSERT INTO "sapwood_lanes" ("queue_hash", "held_until") VALUES (?, ?)`, hash, 0);
    } catch (error) {
      if (!(error instanceof HttpError) || error.code !== "unique_violation") throw error;
    }
  }

  /** Takes the lease, or extends it. Returns whether this process has it. */
  async take(queue: string): Promise<boolean> {
    const now = Date.now();
    const taken = await this.store.write(
      `UPDATE "sapwood_lanes" SET "holder" = ?, "held_until" = ? WHERE "queue_hash" = ? AND ("holder" = ? OR "held_until" <= ?)`,
      ...[this.holder, now + this.length, sha256(queue), this.holder, now],
    );
    return taken === 1;
  }

  async give(queue: string): Promise<void> {
    await this.store.write(
      `UPDATE "sapwood_lanes" SET "held_until" = 0 WHERE "queue_hash" = ? AND "holder" = ?`,
      sha256(queue),
      this.holder,
    );
  }
}
