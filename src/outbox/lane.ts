// Delivers the messages of one queue. It looks for messages after a write, when the next attempt is due, and now and then for what other
// processes left.
import type { Logger } from "../base/logger.js";
import { type Destination, Undelivered } from "./destination.js";
import type { Leases } from "./leases.js";
import type { Messages, Waiting } from "./messages.js";
import type { DeliveryTally } from "./tally.js";

/** Milliseconds between two looks where nobody says anything. */
const POLL = 5_000;
/** Where another process delivers, or an attempt has just failed. */
const SOON = 1_000;
/** How many messages are read at once. */
const BATCH = 20;

export interface LaneGround {
  readonly messages: Messages;
  readonly leases: Leases;
  readonly tally: DeliveryTally;
  readonly logger: Logger;
}

export class Lane {
  #running: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #closing = new AbortController();

  constructor(
    readonly destination: Destination,
    readonly ground: LaneGround,
  ) {}

  /** Looks for messages now. */
  wake(): void {
    if (this.#closing.signal.aborted) return;
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#again = false;
    this.#running = this.#work().then((pause) => this.#sleep(pause));
  }

  /** Stops. A message on its way is broken off, and delivered later: by another process, or after the next start. */
  async close(): Promise<void> {
    this.#closing.abort(new Undelivered("the process was told to stop"));
    clearTimeout(this.#timer);
    await this.#running;
  }

  #sleep(pause: number): void {
    this.#running = undefined;
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => this.wake(), this.#again ? 0 : pause).unref();
  }

  /** Returns the milliseconds until it is to look again. Does not reject. */
  async #work(): Promise<number> {
    const { messages, leases, logger } = this.ground;
    const { queue } = this.destination;
    try {
      const next = await messages.nextDue(queue);
      if (next === undefined) return POLL;
      if (next > Date.now()) return Math.min(POLL, next - Date.now());
      if (!(await leases.take(queue))) return SOON;
      try {
        return await this.#deliverAll();
      } finally {
        await leases.give(queue);
      }
    } catch (error) {
      // The database is away, or refuses. The messages are still there.
      logger.warn({ err: error, queue }, "the outbox could not be read; it is tried again");
      return POLL;
    }
  }

  async #deliverAll(): Promise<number> {
    const { messages } = this.ground;
    const { queue } = this.destination;
    for (;;) {
      const due = await messages.due(queue, this.destination.strict ? 1 : BATCH);
      if (due.length === 0)
        return Math.max(0, Math.min(POLL, ((await messages.nextDue(queue)) ?? Infinity) - Date.now()));
      for (const message of due) {
        if (this.#closing.signal.aborted || !(await this.ground.leases.take(queue))) return SOON;
        const pause = await this.#deliver(message);
        if (pause !== undefined) return pause;
      }
    }
  }

  /** Returns how long to wait after a failure. `undefined` after a success. */
  async #deliver(message: Waiting): Promise<number | undefined> {
    const { messages, tally } = this.ground;
    const { queue } = this.destination;
    try {
      await this.#attempt(message);
    } catch (error) {
      if (this.#closing.signal.aborted) return SOON;
      return this.#failed(message, error);
    }
    tally.count(queue, "delivered");
    await messages.delivered(message.id);
    return undefined;
  }

  /** A delivery that does not stop at its signal is not waited for. */
  async #attempt({ messageId, text }: Waiting): Promise<void> {
    const { destination } = this;
    const seconds = destination.timeout / 1000;
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new Undelivered(`took longer than ${seconds} seconds`)),
      destination.timeout,
    );
    const signal = AbortSignal.any([late.signal, this.#closing.signal]);
    signal.throwIfAborted();
    const broken = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    try {
      await Promise.race([destination.deliver(messageId, text, signal), broken]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #failed({ id, messageId, attempts }: Waiting, error: unknown): Promise<number> {
    const { messages, tally, logger } = this.ground;
    const { queue } = this.destination;
    const tried = attempts + 1;
    const wanted = error instanceof Undelivered ? (error.retryAfter ?? 0) : 0;
    const own = this.destination.pause(tried);
    const seconds = own === undefined || wanted === Infinity ? undefined : Math.max(own, wanted);
    const words = error instanceof Error ? error.message : String(error);
    await messages.failed(id, tried, words, seconds === undefined ? undefined : Date.now() + seconds * 1000);
    tally.count(queue, seconds === undefined ? "dead" : "failed");
    const fields = { queue, message: messageId, attempts: tried, err: error };
    if (seconds === undefined) logger.error(fields, "a message was not delivered, and is not tried any more");
    else logger.warn(fields, `a message was not delivered; it is tried again in ${Math.ceil(seconds)} seconds`);
    return Math.min(SOON, (seconds ?? 0) * 1000);
  }
}
