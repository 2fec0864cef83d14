// One server that follows the one that is written to: what is known of it at the moment, and the reads that run on it.
import type { Replication } from "../dialect/parts/replication.js";
import type { Deadline } from "../http/deadline.js";
import { askOf } from "./database.js";
import type { OpenDatabase, StatementRunner } from "./session.js";

/** How long a server may take to say how far it has come, in milliseconds. */
export const REPLICA_PATIENCE = 2_000;

/** Why a replica is passed over: it does not answer, is too far behind, or follows nobody. */
export type ReplicaState = "ready" | "away" | "behind" | "not a replica";

export class Replica {
  state: ReplicaState = "away";
  /** Seconds that it was behind when it was last asked; `undefined` before it has answered. */
  lag: number | undefined;
  /** Up to here it shows everything. It may have come further since. */
  position: string | undefined;
  /** Statements that run on it. */
  running = 0;
  #asking: Promise<void> | undefined;
  /** Called when it is found to be silent: what they wait for will not come. */
  readonly #waiting = new Set<(lost: Error) => void>();

  constructor(
    /** As health, metrics and logs call it: `replica1`. */
    readonly name: string,
    readonly database: OpenDatabase,
    /** The same with a connection of its own: one that waits for the others' statements would seem silent. */
    readonly beside: OpenDatabase,
    readonly replication: Replication,
  ) {}

  until(ending: Deadline): StatementRunner {
    return this.database.until(ending);
  }

  /** Asks it how far it has come. Those who ask at the same moment share one question; never rejects. */
  look(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async close(): Promise<void> {
    await Promise.all([this.database.close(), this.beside.close()]);
  }

  /** What the work answers; rejects where the replica falls silent meanwhile. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.running++;
    let give: ((lost: Error) => void) | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        give = reject;
        this.#waiting.add(reject);
        work.then(resolve, reject);
      });
    } finally {
      this.running--;
      if (give !== undefined) this.#waiting.delete(give);
    }
  }

  /** It does not answer: nothing is read there until it does. */
  lose(): void {
    this.state = "away";
    this.lag = undefined;
    for (const give of this.#waiting) give(new Error(`${this.name} does not answer.`));
  }

  hasReached(position: string): boolean {
    return this.position !== undefined && this.replication.hasReached(this.position, position);
  }

  async #ask(): Promise<void> {
    try {
      const [row] = await askOf(this.beside, REPLICA_PATIENCE)(this.replication.standing);
      const position = String(row?.position ?? "");
      if (!this.replication.isPosition(position) || !row?.follows) {
        this.state = "not a replica";
        this.position = undefined;
        return;
      }
      this.position = position;
      if (this.state !== "ready") this.state = "behind";
    } catch {
      this.lose();
    }
  }
}
