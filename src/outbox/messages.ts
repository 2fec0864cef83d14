// Messages that wait to be delivered, as rows of `sapwood_outbox`. I/O.
import type { Session } from "../database/session.js";
import type { Row, Store, StoredValue } from "../database/store.js";
import type { NewMessage } from "../run/outbox.js";

/** One that waits. */
export interface Waiting {
  readonly id: number;
  readonly messageId: string;
  readonly text: string;
  /** How often it was tried. */
  readonly attempts: number;
}

/** A message as people see it. */
export interface ListedMessage {
  readonly id: number;
  readonly queue: string;
  readonly type: string;
  readonly attempts: number;
  readonly dead: boolean;
  readonly dueAt: string;
  readonly error: string | undefined;
}

/** How many messages a queue has. */
export interface QueueSize {
  readonly queue: string;
  readonly dead: boolean;
  readonly count: number;
}

/** The most rows of one INSERT. */
const PIECE = 50;
/** The most characters that are kept of an error. */
const MOST_ERROR = 200;

const columns = ["message_id", "queue", "subject", "message", "attempts", "due_at", "dead", "created_at"];
const named = columns.map((name) => `"${name}"`).join(", ");
const row = `(${columns.map(() => "?").join(", ")})`;

/** The first message of each subject in a queue that is not dead. */
const firsts = `FROM "sapwood_outbox" m WHERE m."queue" = ? AND m."dead" = 0 AND NOT EXISTS (
  SELECT 1 FROM "sapwood_outbox" b WHERE b."subject" = m."subject" AND b."queue" = m."queue" AND b."dead" = 0 AND b."id" < m."id")`;

export class Messages {
  constructor(readonly store: Store) {}

  /** Adds messages, in the transaction of the writes that they tell of. */
  async add(messages: readonly NewMessage[], session: Session): Promise<void> {
    const within = this.store.within(session);
    const now = Date.now();
    for (let at = 0; at < messages.length; at += PIECE) {
      const piece = messages.slice(at, at + PIECE);
      const values = piece.flatMap(({ messageId, queue, subject, text }): StoredValue[] => [
        ...[messageId, queue, subject, text],
        ...[0, now, 0, now],
      ]);
      await within.write(
        `INSERT INTO "sapwood_outbox" (${named}) VALUES ${piece.map(() => row).join(", ")}`,
        ...values,
      );
    }
  }

  /** Returns the messages that may be delivered now: the first one of each subject, if it is due. */
  async due(queue: string, most: number): Promise<readonly Waiting[]> {
    const rows = await this.store.page(
      `SELECT m."id", m."message_id", m."message", m."attempts" ${firsts} AND m."due_at" <= ? ORDER BY m."id"`,
      ...[most, 0, queue, Date.now()],
    );
    return rows.map(([id, messageId, text, attempts]) => ({
      id: Number(id),
      messageId: String(messageId),
      text: String(text),
      attempts: Number(attempts),
    }));
  }

  /** Returns when the next message may be delivered, in milliseconds since 1970. `undefined` where none waits. */
  async nextDue(queue: string): Promise<number | undefined> {
    const [found] = await this.store.read(`SELECT MIN(m."due_at") ${firsts}`, queue);
    return found === undefined || found[0] === null ? undefined : Number(found[0]);
  }

  async delivered(id: number): Promise<void> {
    await this.store.write(`DELETE FROM "sapwood_outbox" WHERE "id" = ?`, id);
  }

  /** Notes a failed attempt. Without a time for the next attempt the message is dead. */
  async failed(id: number, attempts: number, error: string, dueAt: number | undefined): Promise<void> {
    await this.store.write(
      `UPDATE "sapwood_outbox" SET "attempts" = ?, "error" = ?, "due_at" = ?, "dead" = ? WHERE "id" = ?`,
      ...[attempts, error.slice(0, MOST_ERROR), dueAt ?? Date.now(), dueAt === undefined ? 1 : 0, id],
    );
  }

  /** Returns messages in the order in which they were written. */
  async list(limit: number, offset: number): Promise<readonly ListedMessage[]> {
    const rows = await this.store.page(
      `SELECT "id", "queue", "message", "attempts", "dead", "due_at", "error" FROM "sapwood_outbox" ORDER BY "id"`,
      limit,
      offset,
    );
    return rows.map(listed);
  }

  /** Has one message delivered now, or all that are dead. Returns how many that are. */
  async again(id?: number): Promise<number> {
    const set = `UPDATE "sapwood_outbox" SET "attempts" = 0, "dead" = 0, "due_at" = ?`;
    const now = Date.now();
    if (id !== undefined) return this.store.write(`${set} WHERE "id" = ?`, now, id);
    return this.store.write(`${set} WHERE "dead" = 1`, now);
  }

  async sizes(): Promise<readonly QueueSize[]> {
    const rows = await this.store.read(
      `SELECT "queue", "dead", COUNT(*) FROM "sapwood_outbox" GROUP BY "queue", "dead"`,
    );
    return rows.map(([queue, dead, count]) => ({
      queue: String(queue),
      dead: Number(dead) !== 0,
      count: Number(count),
    }));
  }
}

const listed = ([id, queue, text, attempts, dead, dueAt, error]: Row): ListedMessage => ({
  id: Number(id),
  queue: String(queue),
  type: String((JSON.parse(String(text)) as { type?: unknown }).type),
  attempts: Number(attempts),
  dead: Number(dead) !== 0,
  dueAt: new Date(Number(dueAt)).toISOString(),
  error: error === null ? undefined : String(error),
});
