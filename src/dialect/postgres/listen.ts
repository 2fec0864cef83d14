// LISTEN on a connection of its own (manual: NOTIFY). Out: a call with each word on the channel, or where one may have been missed.
import type { Client } from "pg";
import type { Deaf, Heartbeat, Listening } from "../connection.js";
import { discard, keepAlive } from "./cancel.js";
import { mixesSessions, sessionOf } from "./session.js";

/** How long to wait before a lost connection is made anew, in milliseconds: longer each time. */
const FIRST = 500;
const LONGEST = 30_000;

const heartbeat: Heartbeat = { every: 30_000, patience: 5_000 };

type DriverClient = Client & { unref(): void };

/** The pool's connections come and go, and one that is lent to a request hears nothing: this one does nothing else. */
export function listen(
  connect: () => Promise<unknown>,
  heard: (said?: string) => void,
  channel: string,
  { every, patience }: Heartbeat = heartbeat,
): Listening {
  let client: Client | undefined;
  let isListening = false;
  let timer: NodeJS.Timeout | undefined;
  let beat: NodeJS.Timeout | undefined;
  let closed = false;
  let deaf: Deaf | undefined;
  let pause = FIRST;

  const again = () => {
    client = undefined;
    isListening = false;
    clearTimeout(timer);
    clearInterval(beat);
    if (closed || deaf !== undefined) return;
    timer = setTimeout(() => void open(true).catch(() => undefined), pause).unref();
    pause = Math.min(LONGEST, pause * 2);
  };
  const open = async (isAgain: boolean) => {
    try {
      const opened = (await connect()) as DriverClient;
      // An error ends the connection, and its end is what counts.
      opened.on("error", () => {});
      if (await isShared(opened, connect, patience)) deaf = "pooler";
      if (closed || deaf !== undefined) return discard(opened);
      opened.once("end", () => opened === client && again());
      opened.on("notification", ({ payload }) => heard(payload));
      opened.unref();
      keepAlive(opened);
      client = opened;
      await ask(opened, `LISTEN "${channel.replaceAll('"', '""')}"`, patience);
      if (isAgain) heard();
      isListening = opened === client;
      // A server that went without a word is found out: nothing is heard from it either way.
      beat = setInterval(() => void ask(opened, "SELECT", patience).catch(() => undefined), every).unref();
      pause = FIRST;
    } catch (error) {
      const failed = client;
      if (lacksListen(error)) deaf = "server";
      again();
      if (failed !== undefined) discard(failed);
      throw error;
    }
  };
  return {
    get isConnected() {
      return isListening;
    },
    get deaf() {
      return deaf;
    },
    ready: open(false).catch(() => undefined),
    close: async () => {
      closed = true;
      clearTimeout(timer);
      clearInterval(beat);
      if (client !== undefined) await end(client, patience);
    },
  };
}

/**
 * Servers that speak PostgreSQL's protocol may not have it: CockroachDB, YugabyteDB (appendix A: feature_not_supported,
 * syntax_error).
 */
const lacksListen = (error: unknown): boolean => /^(0A000|42601)$/.test(String((error as { code?: unknown }).code));

/** A connection on which no answer comes in time is thrown away, and its end makes another one. */
async function ask(client: Client, statement: string, patience: number): Promise<void> {
  const late = setTimeout(() => discard(client), patience).unref();
  await client.query(statement).finally(() => clearTimeout(late));
}

/** A server that is silent takes no leave. */
async function end(client: Client, patience: number): Promise<void> {
  const late = setTimeout(() => discard(client), patience);
  await client.end().catch(() => undefined);
  clearTimeout(late);
}

/** Would what is said to the connection's session be heard by others? The session of a pooler is tried with another connection. */
async function isShared(client: Client, connect: () => Promise<unknown>, patience: number): Promise<boolean> {
  const opened = [client];
  const discardAll = () => opened.forEach(discard);
  const late = setTimeout(discardAll, patience);
  try {
    if ((await sessionOf(client)).lent === undefined) return false;
    const other = (await connect()) as Client;
    opened.push(other);
    const mixes = await mixesSessions(client, other);
    discard(other);
    return mixes;
  } catch (error) {
    discardAll();
    throw error;
  } finally {
    clearTimeout(late);
  }
}
