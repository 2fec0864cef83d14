// A TCP relay in front of a database server, to take the server away and to bring it back.
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export interface Relay {
  /** The database's connection string, by way of the relay. */
  readonly url: string;
  /** Ends all connections and refuses new ones. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Passes nothing on any more, in either direction, on no connection: they stay open. */
  silence(): void;
  /** Passes on what comes from clients, and nothing of what the database answers: from now on, or once a client says this. */
  mute(said?: string): void;
  /** New connections are passed on again; those that were silent stay so, as behind a router that has forgotten them. */
  speak(): void;
}

export async function startRelay(database: string): Promise<Relay> {
  const { hostname, port: upstreamPort } = new URL(database);
  const sockets = new Set<Socket>();
  const answering = new Set<Socket>();
  let silent = false;
  let awaited: string | undefined;
  const server = createServer((client) => {
    if (silent) {
      sockets.add(client);
      client.on("error", () => {}).on("close", () => sockets.delete(client));
      return;
    }
    const upstream = connect(Number(upstreamPort), hostname);
    answering.add(upstream);
    client.on("data", (bytes) => awaited !== undefined && bytes.includes(awaited) && mute());
    upstream.on("close", () => answering.delete(upstream));
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from
        .on("error", () => {})
        .on("close", () => {
          sockets.delete(from);
          // A silent one does not tell the other side of its end.
          if (!silent) to.destroy();
        })
        .pipe(to);
    }
  });
  const port = await listen(server, 0);
  const url = new URL(database);
  url.host = `127.0.0.1:${port}`;
  const down = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const up = async () => void (await listen(server, port));
  const silence = () => {
    silent = true;
    for (const socket of sockets) socket.unpipe().pause();
  };
  const mute = (said?: string) => {
    awaited = said;
    if (said === undefined) for (const socket of answering) socket.unpipe().resume();
  };
  const speak = () => {
    silent = false;
  };
  return { url: url.href, down, up, silence, mute, speak };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
