// What is done with a connection from outside: its statement is broken off, or it is ended without a word.
import type { Socket } from "node:net";
import type { Connection, RowDataPacket } from "mysql2";
import { say } from "./driver.js";

/** Silence on a connection before the system asks whether the other side is there, in milliseconds. */
const KEEP_ALIVE = 10_000;

type DriverConnection = Connection & { readonly stream: Socket; readonly threadId: number };

/**
 * KILL QUERY on a connection of its own. That one may lead to another server, or stand behind a proxy that numbers threads itself:
 * only a thread is meant that has our number and whose client is at our own port.
 */
export async function cancel(connection: unknown, open: () => Promise<unknown>): Promise<void> {
  const { threadId, stream } = connection as DriverConnection;
  const beside = await open();
  try {
    const isOurs = ({ Id, Host }: RowDataPacket) => Number(Id) === threadId && endsAt(String(Host), stream.localPort);
    if ((await processes(beside as Connection)).some(isOurs)) await say(beside, `KILL QUERY ${threadId}`);
  } finally {
    discard(beside);
  }
}

/** `SHOW PROCESSLIST` names the client of a Unix socket without a port. */
const endsAt = (host: string, port: number | undefined): boolean =>
  port === undefined ? !/:\d+$/.test(host) : host.endsWith(`:${port}`);

const processes = (connection: Connection): Promise<RowDataPacket[]> =>
  new Promise((resolve, reject) => {
    connection.query<RowDataPacket[]>("SHOW PROCESSLIST", (error, rows) => (error ? reject(error) : resolve(rows)));
  });

export function discard(connection: unknown): void {
  const client = connection as DriverConnection;
  client.on("error", () => {});
  client.stream.destroy();
}

export const keepAlive = (connection: unknown): void =>
  void (connection as DriverConnection).stream.setKeepAlive?.(true, KEEP_ALIVE);
