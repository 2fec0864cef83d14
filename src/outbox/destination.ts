// Where the messages of a queue go, and what happens to a message that cannot be delivered.
import type { OutboxEvent } from "../run/outbox.js";

/** A message that is to be delivered. */
export interface OutboxMessage {
  /** The same at each attempt, so that whoever gets it twice knows. */
  readonly id: string;
  /** The resource and what was done: `orders.create`. */
  readonly type: string;
  /** When it was written, in ISO 8601. */
  readonly timestamp: string;
  /** The table's resource: `orders`. */
  readonly resource: string;
  readonly event: OutboxEvent;
  /** The row as it was written, by its field names; of a row that is gone, its key. Numbers that a double would round are `LosslessNumber`s. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Destination {
  readonly queue: string;
  /** Milliseconds that an attempt may take. */
  readonly timeout: number;
  /** Does a message wait for all messages before it? If not, it waits only for those of its own row. */
  readonly strict: boolean;
  /** Returns the seconds until the next attempt, after so many attempts. `undefined`: there is no further one. */
  pause(attempts: number): number | undefined;
  /** Delivers a message. Throws where it cannot. `text` is the message's JSON as it is kept. */
  deliver(messageId: string, text: string, signal: AbortSignal): Promise<void>;
}

/** Why an attempt failed, in words that may be kept and shown. */
export class Undelivered extends Error {
  constructor(
    message: string,
    /** Seconds for which the receiver asks not to be called. `Infinity`: never again. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}
