// The options `outbox` and `webhooks` → who is told of which writes, and what delivers the messages.

import { ConfigError } from "../base/config-error.js";
import type { Logger } from "../base/logger.js";
import { didYouMean } from "../base/suggest.js";
import { ensureTables, outboxTables } from "../database/making-own-tables.js";
import type { OpenDatabase } from "../database/session.js";
import type { OtherApis } from "../run/other-apis.js";
import type { Listener, Outbox } from "../run/outbox.js";
import { whyLasting } from "../schema/lasting.js";
import type { Schema } from "../schema/schema.js";
import * as hosts from "./outbox-options.js";
import { OutboxRelay } from "./relay.js";
import * as web from "./webhook-options.js";

export interface TellingOptions {
  /** Functions that are told of writes, one message after another, until they have done it. */
  readonly outbox?: readonly hosts.OutboxOptions[];
  /** Addresses that are told of writes, by signed requests. */
  readonly webhooks?: readonly web.WebhookOptions[];
}

export interface OutboxGround {
  readonly database: OpenDatabase;
  readonly logger: Logger | undefined;
  readonly readOnly: boolean;
  /** Will nothing be written? Then no table is read or made. */
  readonly looks: boolean;
  readonly apis: OtherApis;
}

export interface OpenOutbox {
  readonly relay: OutboxRelay;
  /**
   * Returns the listeners of one schema. Throws a `ConfigError` for a table that is not there, or that has no transactions. Tables of other
   * schemas are passed over.
   */
  of(schema: Schema, concerns?: (table: string) => boolean): Outbox;
}

/** Returns `undefined` where nobody is to be told. I/O: reads its tables, and makes them where it may. */
export async function openOutbox(
  { outbox = [], webhooks = [] }: TellingOptions,
  { database, logger, readOnly, looks, apis }: OutboxGround,
): Promise<OpenOutbox | undefined> {
  if (outbox.length === 0 && webhooks.length === 0) return undefined;
  const place = outbox.length > 0 ? "options.outbox" : "options.webhooks";
  if (readOnly) throw new ConfigError("options.readOnly", `is true, and ${place} writes messages.`);
  const destinations = [...outbox.map((entry) => hosts.destinationOf(entry, apis)), ...web.destinationsOf(webhooks)];
  if (!looks) await ensureTables(database, outboxTables, true, place);
  const relay = new OutboxRelay(database, destinations, logger);
  const at = (place: string) => (listener: Listener) => ({ place, listener });
  const placed: readonly Placed[] = [
    ...outbox.flatMap((entry, i) => hosts.outboxListeners(entry).map(at(`options.outbox[${i}].table`))),
    ...webhooks.flatMap((entry, i) => web.webhookListeners(entry).map(at(`options.webhooks[${i}].table`))),
  ];
  const of: OpenOutbox["of"] = (schema, concerns = () => true) =>
    outboxOf(
      placed.filter(({ listener }) => concerns(listener.table)),
      schema,
      relay,
    );
  return { relay, of };
}

/** A listener, and the place in the options that names its table. */
interface Placed {
  readonly place: string;
  readonly listener: Listener;
}

function outboxOf(placed: readonly Placed[], schema: Schema, relay: OutboxRelay): Outbox {
  const names = schema.tables.map(({ id }) => id);
  const listeners = new Map<string, Listener[]>();
  for (const { place, listener } of placed) {
    const table = schema.tables.find(({ id }) => id === listener.table);
    if (table === undefined)
      throw new ConfigError(place, `there is no table ${listener.table}.${didYouMean(listener.table, names)}`);
    if (table.transactional === false)
      throw new ConfigError(place, `${table.id} cannot be told of for certain: ${whyLasting(table)}.`);
    listeners.set(table.id, [...(listeners.get(table.id) ?? []), listener]);
  }
  return {
    listeners,
    add: (messages, session) => relay.messages.add(messages, session),
    wake: (queue) => relay.wake(queue),
  };
}
