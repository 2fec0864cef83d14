// Where messages of a queue go, and what becomes of one that cannot be delivered.
import type { OutboxEvent } from "../run/outbox.js";

/** One that is to be delivered. */
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
  /** Does each message wait for all before it? Else for those of its own row alone. */
  readonly strict: boolean;
  /** Seconds until the next attempt, after so many; nothing where there is none. */
  pause(attempts: number): number | undefined;
  /** Throws where it could not be delivered. `text` is the message's JSON as it is kept. */
  deliver(messageId: string, text: string, signal: AbortSignal): Promise<void>;
}

/** Why an attempt failed, in words that may be kept and shown. */
export class Undelivered extends Error {
  constructor(
    message: string,
    /** Seconds that the other side wants to be left alone for. `Infinity`: for ever. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}
