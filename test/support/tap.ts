// A TCP relay in front of a database server that keeps what clients say to it.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Tap {
  /** The database's connection string, by way of the relay. */
  readonly url: string;
  /** All bytes of clients so far, one character each. */
  said(): string;
  close(): Promise<void>;
}

export async function startTap(database: string): Promise<Tap> {
  const { hostname, port } = new URL(database);
  const said: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    client.on("data", (bytes) => said.push(bytes));
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy()).on("close", () => to.destroy());
      from.pipe(to);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(database);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { url: url.href, said: () => Buffer.concat(said).toString("latin1"), close };
}
