// What makes the API look for a changed schema when no request does: the database says so, or some seconds have passed.
import type { Database } from "./session.js";

export interface NoticeOptions {
  /**
   * Listen for `NOTIFY sapwood` where the database has such a thing (PostgreSQL), on a connection of its own? Default `true`.
   */
  readonly listenForChanges?: boolean;
  /** Also look every so many seconds whether the schema has changed; 0 is never. Default 0. */
  readonly schemaPoll?: number;
}

export interface Notices {
  /** Nothing where there is nothing to listen to. */
  readonly isListening: boolean | undefined;
  /** `Listening.isShared` */
  readonly isShared: boolean;
  /** From now on, `look` is called. Waits until it listens, or cannot for now. */
  begin(look: () => void): Promise<void>;
  close(): Promise<void>;
}

/** Listens at once, so that nothing is missed while the schema is read for the first time. Keeps no process alive. */
export function openNotices(database: Database, { listenForChanges = true, schemaPoll = 0 }: NoticeOptions): Notices {
  let look: (() => void) | undefined;
  let missed = false;
  let timer: NodeJS.Timeout | undefined;
  const heard = () => {
    missed = look === undefined;
    look?.();
  };
  const listening = listenForChanges ? database.dialect.listen?.(() => database.connect(), heard) : undefined;
  return {
    get isListening() {
      return listening?.isConnected;
    },
    get isShared() {
      return listening?.isShared ?? false;
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
