// The messages of all queues that this process delivers.
import { randomBytes } from "node:crypto";
import { type Logger, quiet } from "../base/logger.js";
import type { Database } from "../database/session.js";
import { Store } from "../database/store.js";
import type { Destination } from "./destination.js";
import { Lane } from "./lane.js";
import { Leases } from "./leases.js";
import { Messages } from "./messages.js";
import { DeliveryTally } from "./tally.js";

/** Milliseconds beyond an attempt's own time. */
const MARGIN = 30_000;

export class OutboxRelay {
  readonly messages: Messages;
  readonly tally = new DeliveryTally();
  readonly #lanes: ReadonlyMap<string, Lane>;
  readonly #leases: Leases;

  constructor(
    database: Database,
    readonly destinations: readonly Destination[],
    readonly logger: Logger = quiet,
  ) {
    const store = new Store(database);
    this.messages = new Messages(store);
    const longest = Math.max(...destinations.map(({ timeout }) => timeout));
    this.#leases = new Leases(store, randomBytes(16).toString("hex"), longest + MARGIN);
    const ground = { messages: this.messages, leases: this.#leases, tally: this.tally, logger };
    this.#lanes = new Map(destinations.map((destination) => [destination.queue, new Lane(destination, ground)]));
  }

  /** Begins to deliver. I/O: makes what each queue needs, and says which messages nobody will deliver. */
  async start(): Promise<void> {
    for (const queue of this.#lanes.keys()) await this.#leases.open(queue);
    for (const { queue, count } of await this.messages.sizes())
      if (!this.#lanes.has(queue))
        this.logger.warn(
          { queue, count },
          "the outbox has messages of a queue that no option names: nobody delivers them",
        );
    for (const lane of this.#lanes.values()) lane.wake();
  }

  /** Is called after a commit. */
  wake(queue: string): void {
    this.#lanes.get(queue)?.wake();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
  }
}
