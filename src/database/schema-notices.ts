// What makes the API look for a changed schema when no request does: the database says so, or some seconds have passed.
import { ConfigError } from "../base/config-error.js";
import type { Deaf } from "../dialect/connection.js";
import type { Database } from "./session.js";

export interface NoticeOptions {
  /**
   * Listen for NOTIFY where the database has such a thing (PostgreSQL), on a connection of its own? Default `true`.
   */
  readonly listenForChanges?: boolean;
  /** The channel of NOTIFY, as `NOTIFY "Shop"` would name it in quotes. Default `sapwood`. */
  readonly notifyChannel?: string;
  /** Also look every so many seconds whether the schema has changed; 0 is never. Default 0. */
  readonly schemaPoll?: number;
}

export interface Notices {
  /** Nothing where there is nothing to listen to. */
  readonly isListening: boolean | undefined;
  /** `Listening.deaf` */
  readonly deaf: Deaf | undefined;
  /** From now on, `look` is called. Waits until it listens, or cannot for now. */
  begin(look: () => void): Promise<void>;
  close(): Promise<void>;
}

export const NOTIFY_CHANNEL = "sapwood";
/** By which processes with `cache` tell each other of their writes. */
export const WRITTEN_CHANNEL = "sapwood_written";

/** Longer ones would be cut (manual: NOTIFY). Throws a `ConfigError` for what is no channel. */
export function checkChannel(channel: unknown, place: string): void {
  if (channel === WRITTEN_CHANNEL)
    throw new ConfigError(
      place,
      `is not ${WRITTEN_CHANNEL}: processes that keep answers tell each other of writes by that one.`,
    );
  const isName = typeof channel === "string" && channel !== "" && !channel.includes("\0");
  if (channel === undefined || (isName && Buffer.byteLength(channel) <= 63)) return;
  throw new ConfigError(place, `is the name of a channel of NOTIFY, of 1 to 63 bytes, such as ${NOTIFY_CHANNEL}.`);
}

/** Listens at once, so that nothing is missed while the schema is read for the first time. Keeps no process alive. */
export function openNotices(
  database: Database,
  { listenForChanges = true, notifyChannel = NOTIFY_CHANNEL, schemaPoll = 0 }: NoticeOptions,
): Notices {
  let look: (() => void) | undefined;
  let missed = false;
  let timer: NodeJS.Timeout | undefined;
  const heard = () => {
    missed = look === undefined;
    look?.();
  };
  const listening = listenForChanges
    ? database.dialect.listen?.(() => database.connect(), heard, notifyChannel)
    : undefined;
  return {
    get isListening() {
      return listening?.isConnected;
    },
    get deaf() {
      return listening?.deaf;
    },
    begin: async (then) => {
      look = then;
      if (missed) look();
      if (schemaPoll > 0) timer = setInterval(look, schemaPoll * 1000).unref();
      await listening?.ready;
    },
    close: async () => {
      clearInterval(timer);
      await listening?.close();
    },
  };
}
