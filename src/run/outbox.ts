// What is told of writes: messages that are written in the same transaction, to be delivered afterwards.
import type { Session } from "../database/session.js";

export const outboxEvents = ["create", "update", "delete"] as const;
export type OutboxEvent = (typeof outboxEvents)[number];

/** Who hears of which writes. */
export interface Listener {
  readonly queue: string;
  /** Does each message wait for all before it? Else for those of its own row alone. */
  readonly strict: boolean;
  readonly table: string;
  readonly on: readonly OutboxEvent[];
}

/** A message that is to be written. */
export interface NewMessage {
  readonly messageId: string;
  readonly queue: string;
  /** Messages of one subject go in their order. */
  readonly subject: string;
  /** JSON. */
  readonly text: string;
}

export interface Outbox {
  /** By table. Most have none, and pay nothing. */
  readonly listeners: ReadonlyMap<string, readonly Listener[]>;
  /** In the transaction of what they tell of. */
  add(messages: readonly NewMessage[], session: Session): Promise<void>;
  /** They are committed. */
  wake(queue: string): void;
}
