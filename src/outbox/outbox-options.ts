// The option `outbox`: functions of the host that are told of writes, one after the other, until each has succeeded.

import { ConfigError, checkKeys, checkWord } from "../base/config-error.js";
import { parseText } from "../request/body.js";
import type { OtherApis } from "../run/other-apis.js";
import { type Listener, type OutboxEvent, outboxEvents } from "../run/outbox.js";
import type { Destination, OutboxMessage } from "./destination.js";

export interface OutboxOptions {
  /** What its messages are kept under: another name is another queue. */
  readonly name: string;
  /** A table of the API, or several. */
  readonly table: string | readonly string[];
  /** Default all: `create`, `update`, `delete`. */
  readonly on?: readonly OutboxEvent[];
  /**
   * Is called with one message after another, in the order of the queue. Where it throws, the same message comes again: each comes at least
   * once. Where the process ends in the middle, another one delivers the message.
   */
  deliver(message: OutboxMessage, around: OutboxAround): unknown;
  /** Seconds that one call may take. Default 30. */
  readonly timeout?: number;
}

export interface OutboxAround {
  /** In a server of several databases: their APIs, by their names. */
  readonly apis: OtherApis;
  /** Aborted when the time is over, or the process is to stop. */
  readonly signal: AbortSignal;
}

const TIMEOUT = 30;
/** Returns seconds: half a second at first, twice as many each time, 30 at most. */
const pause = (attempts: number): number => Math.min(30, 0.5 * 2 ** Math.min(attempts - 1, 10));

/** Throws a `ConfigError` for a mistake. */
export function checkOutbox(options: unknown): void {
  if (options === undefined) return;
  if (!Array.isArray(options)) throw new ConfigError("options.outbox", "is a list: [{ name, table, deliver }].");
  const names = new Set<string>();
  for (const [i, entry] of options.entries()) {
    const place = `options.outbox[${i}]`;
    checkKeys(entry, ["name", "table", "on", "deliver", "timeout"], place);
    const { name, table, on, deliver, timeout } = entry as OutboxOptions;
    if (typeof name !== "string" || !/^[\w.-]{1,100}$/.test(name))
      throw new ConfigError(`${place}.name`, "is a word of at most 100 letters, digits, '.', '-' and '_'.");
    if (names.has(name)) throw new ConfigError(`${place}.name`, `there are two of the name ${name}.`);
    names.add(name);
    checkTables(table, `${place}.table`);
    checkEvents(on, `${place}.on`);
    if (typeof deliver !== "function") throw new ConfigError(`${place}.deliver`, "is a function: (message) => ….");
    checkTimeout(timeout, `${place}.timeout`);
  }
}

export function checkTables(table: unknown, place: string): void {
  const tables = [table].flat();
  if (tables.length === 0 || tables.some((name) => typeof name !== "string" || name === ""))
    throw new ConfigError(place, "is a table's name, or several.");
}

export function checkEvents(on: unknown, place: string): void {
  if (on === undefined) return;
  if (!Array.isArray(on) || on.length === 0) throw new ConfigError(place, `is a list of ${outboxEvents.join(", ")}.`);
  for (const event of on) checkWord(event, outboxEvents, place);
}

export function checkTimeout(timeout: unknown, place: string): void {
  if (timeout === undefined || (typeof timeout === "number" && timeout > 0 && timeout <= 300)) return;
  throw new ConfigError(place, `is a number of seconds up to 300, not ${JSON.stringify(timeout)}.`);
}

const queueOf = ({ name }: OutboxOptions): string => `outbox ${name}`;

export const outboxListeners = (entry: OutboxOptions): Listener[] =>
  [entry.table].flat().map((table) => ({ queue: queueOf(entry), strict: true, table, on: entry.on ?? outboxEvents }));

export const destinationOf = (entry: OutboxOptions, apis: OtherApis): Destination => ({
  queue: queueOf(entry),
  timeout: (entry.timeout ?? TIMEOUT) * 1000,
  strict: true,
  pause,
  deliver: async (id, text, signal) => void (await entry.deliver(messageOf(id, text), { apis, signal })),
});

function messageOf(id: string, text: string): OutboxMessage {
  const { type, timestamp, data } = parseText(text) as Pick<OutboxMessage, "type" | "timestamp" | "data">;
  const dot = type.lastIndexOf(".");
  return { id, type, timestamp, resource: type.slice(0, dot), event: type.slice(dot + 1) as OutboxEvent, data };
}
