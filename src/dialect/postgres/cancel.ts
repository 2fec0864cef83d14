// What is done with a connection from outside: its statement is broken off, or it is ended without a word.
import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { Client } from "pg";

/** pg's own connection, on which its client is built. */
interface Wire extends EventEmitter {
  readonly stream: Socket;
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
}

type WireClass = new (config: { readonly ssl: unknown; readonly sslNegotiation: string }) => Wire;

type DriverClient = Client & {
  readonly connection: Wire;
  readonly processID: number | null;
  readonly secretKey: number | null;
  readonly ssl?: unknown;
  readonly sslNegotiation?: string;
};

/** How long the cancellation itself may take, in milliseconds. */
const PATIENCE = 2_000;
/** Silence on a connection before the system asks whether the other side is there, in milliseconds. */
const KEEP_ALIVE = 10_000;

/**
 * A request on a connection of its own, with the number and the secret of the one that is meant (manual: protocol-flow, «Canceling
 * Requests in Progress»). The server, or a pooler in front of it, ends that connection when it has passed the request on; one
 * that does not know the secret does nothing else.
 */
export function cancel(connection: unknown): Promise<void> {
  const client = connection as DriverClient;
  const { processID, secretKey, host, port, ssl = false, sslNegotiation = "postgres" } = client;
  if (processID === null || secretKey === null) return Promise.resolve();
  const wire = new (client.connection.constructor as WireClass)({ ssl, sslNegotiation });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => wire.stream.destroy(new Error("no answer")), PATIENCE);
    const ask = () => wire.cancel(processID, secretKey);
    wire
      .once("connect", () => {
        if (ssl === false) ask();
        else if (sslNegotiation !== "direct") wire.requestSsl();
      })
      .once("sslconnect", ask)
      .on("error", reject)
      .once("end", () => {
        clearTimeout(timer);
        resolve();
      });
    if (host.startsWith("/")) wire.connect(`${host}/.s.PGSQL.${port}`);
    else wire.connect(port, host);
  });
}

export function discard(connection: unknown): void {
  const client = connection as DriverClient;
  // What ends it is told to whoever waits, and to nobody else: an error that nobody hears would end the process.
  client.on("error", () => {});
  client.connection?.stream.destroy();
}

export const keepAlive = (connection: unknown): void =>
  void (connection as DriverClient).connection?.stream.setKeepAlive?.(true, KEEP_ALIVE);
