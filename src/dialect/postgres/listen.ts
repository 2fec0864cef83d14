// LISTEN on a connection of its own (manual: NOTIFY). Out: a call whenever `NOTIFY sapwood` arrives, or may have been missed.
import type { Client } from "pg";
import type { Listening } from "../connection.js";

/** How long to wait before a lost connection is made anew, in milliseconds: longer each time. */
const FIRST = 500;
const LONGEST = 30_000;

/** In milliseconds. */
const KEEP_ALIVE = 60_000;

type DriverClient = Client & {
  unref(): void;
  readonly connection?: { readonly stream?: { setKeepAlive?(on: boolean, delay: number): void } };
};

/** The pool's connections come and go, and one that is lent to a request hears nothing: this one does nothing else. */
export function listen(connect: () => Promise<unknown>, heard: () => void): Listening {
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let pause = FIRST;

  const again = () => {
    client = undefined;
    clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(() => void open().then(heard, () => undefined), pause).unref();
    pause = Math.min(LONGEST, pause * 2);
  };
  const open = async () => {
    try {
      const opened = (await connect()) as DriverClient;
      // An error ends the connection, and its end is what counts.
      opened.on("error", () => {});
      if (closed) return await opened.end();
      opened.once("end", () => opened === client && again());
      opened.on("notification", heard);
      opened.unref();
      // A peer that went without a word is found out.
      opened.connection?.stream?.setKeepAlive?.(true, KEEP_ALIVE);
      client = opened;
      await opened.query("LISTEN sapwood");
      pause = FIRST;
    } catch (error) {
      const failed = client;
      again();
      await failed?.end().catch(() => undefined);
      throw error;
    }
  };
  return {
    get isConnected() {
      return client !== undefined;
    },
    ready: open().catch(() => undefined),
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
