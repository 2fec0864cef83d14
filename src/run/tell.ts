// Writes → messages for those who hear of them, in the writes' own transaction.
import { randomUUID } from "node:crypto";
import { stringify } from "lossless-json";
import { sha256 } from "../base/sha256.js";
import type { Transaction } from "../database/session.js";
import { parseText } from "../request/body.js";
import { namedParams } from "../routes/match.js";
import type { Operation } from "../routes/tree.js";
import { columnOf, type TableLookup, tableOf } from "../schema/lookup.js";
import { fieldOf } from "../schema/schema.js";
import { readByKeys } from "./by-key.js";
import type { Call } from "./call.js";
import type { RequestContext } from "./context.js";
import type { Listener, NewMessage, Outbox, OutboxEvent } from "./outbox.js";
import { rowSegment, valuesOf } from "./row-address.js";
import { asConnectionUser } from "./transaction.js";

/** A row that was written, or is gone; without one where nothing was written, or nothing is known of it. */
export interface ToldWrite {
  readonly call: Call;
  readonly row: string | undefined;
}

export const tableListeners = ({ snapshot: { outbox } }: RequestContext, table: string): readonly Listener[] =>
  outbox?.listeners.get(table) ?? [];

/** A row that is restored is there again for those who were told that it is gone. */
const events: Readonly<Partial<Record<Operation, OutboxEvent>>> = {
  create: "create",
  link: "create",
  restore: "create",
  replace: "update",
  update: "update",
  updateMany: "update",
  relink: "update",
  delete: "delete",
  deleteMany: "delete",
  unlink: "delete",
  unlinkMany: "delete",
};

/** Writes the messages, and wakes who delivers them when they are committed. */
export async function tellOutbox(
  writes: readonly ToldWrite[],
  table: string,
  inner: RequestContext,
  session: Transaction,
): Promise<void> {
  const listeners = tableListeners(inner, table);
  const { outbox } = inner.snapshot;
  const told = writes.filter(({ call }) => listeners.some(({ on }) => on.includes(eventOf(call.route.operation))));
  if (outbox === undefined || told.length === 0) return;
  await asConnectionUser(inner, session, async () => {
    const rows = await wholeRows(told, table, inner);
    await outbox.add(
      rows.flatMap((write) => messagesOf(write, listeners, inner)),
      session,
    );
  });
  wakeAfter(listeners, outbox, session);
}

const eventOf = (operation: Operation): OutboxEvent => events[operation] ?? "update";

function wakeAfter(listeners: readonly Listener[], outbox: Outbox, session: Transaction): void {
  session.onCommit(async () => {
    for (const { queue } of listeners) outbox.wake(queue);
  });
}

/** With all that there is to know of the rows, whatever the caller may see of them. */
async function wholeRows(
  writes: readonly ToldWrite[],
  table: string,
  { access, ...context }: RequestContext,
): Promise<readonly ToldWrite[]> {
  if (access === undefined) return writes;
  const entry = tableOf(access.whole.lookup, table);
  const { primaryKey } = entry.table;
  const seen = tableOf(context.snapshot.lookup, table);
  const isKeyed =
    primaryKey.length > 0 && primaryKey.every((name) => seen.readable.has(fieldOf(columnOf(entry, name))));
  const read = writes.flatMap(({ call, row }, i) =>
    isKeyed && row !== undefined && eventOf(call.route.operation) !== "delete" && call.route.operation !== "relink"
      ? [{ i, key: valuesOf(row, primaryKey, entry) }]
      : [],
  );
  const keys = read.map(({ key }) => key);
  const rows = await readByKeys(primaryKey, keys, entry, { ...context, snapshot: access.whole });
  const whole = new Map(read.map(({ i }, n) => [i, rows[n]]));
  return writes.map((write, i) => ({ ...write, row: whole.get(i) ?? write.row }));
}

function messagesOf(
  write: ToldWrite,
  listeners: readonly Listener[],
  { snapshot, access }: RequestContext,
): NewMessage[] {
  const { operation } = write.call.route;
  const event = eventOf(operation);
  const hearing = listeners.filter(({ on }) => on.includes(event));
  const [first] = hearing;
  const entry = first && tableOf((access?.whole ?? snapshot).lookup, first.table);
  const data = entry && dataOf(write, entry);
  if (entry === undefined || data === undefined) return [];
  const timestamp = JSON.stringify(new Date().toISOString());
  const type = JSON.stringify(`${entry.label}.${event}`);
  const text = `{"type":${type},"timestamp":${timestamp},"data":${data.text}}`;
  return hearing.map(({ queue, strict, table }) => ({
    messageId: `msg_${randomUUID()}`,
    queue,
    subject: sha256(strict ? queue : JSON.stringify([queue, table, data.row])),
    text,
  }));
}

/** The row, or of one that is gone its key; of links that nobody has read, what the path says. And what tells it from other rows. */
function dataOf({ call, row }: ToldWrite, entry: TableLookup): { text: string; row: string } | undefined {
  const { operation } = call.route;
  if (operation === "relink" || operation === "unlink" || operation === "unlinkMany") {
    const text = JSON.stringify(namedParams(call.matched));
    return { text, row: text };
  }
  if (row === undefined) return undefined;
  const segment = rowSegment(row, entry) ?? row;
  if (eventOf(operation) !== "delete") return { text: row, row: segment };
  const fields = parseText(row) as Record<string, unknown>;
  const key = entry.table.primaryKey.map((name) => fieldOf(columnOf(entry, name)));
  const kept = key.length === 0 ? fields : Object.fromEntries(key.map((field) => [field, fields[field]]));
  return { text: stringify(kept) as string, row: segment };
}
