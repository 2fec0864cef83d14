// A PostgreSQL as others speak its protocol, CockroachDB for one: a relay before a real server that refuses LISTEN in their words.
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface WithoutListen {
  /** The database's connection string, by way of it. */
  readonly url: string;
  close(): void;
}

/** Version 3.0 of the protocol (manual: protocol-message-formats, StartupMessage). */
const STARTUP = 196_608;
const QUERY = "Q".charCodeAt(0);

export async function withoutListen(url: string): Promise<WithoutListen> {
  const { hostname, port } = new URL(url);
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const behind = connect(Number(port), hostname);
    for (const socket of [client, behind]) open.add(socket.on("error", () => {}));
    behind.on("data", (data) => client.write(data)).on("close", () => client.destroy());
    client.on("close", () => behind.destroy());
    const take = messagesOf((message, isFirst) => {
      const isListen = !isFirst && message[0] === QUERY && /^LISTEN /i.test(message.toString("utf8", 5));
      if (isListen) client.write(refused);
      else behind.write(message);
    });
    client.on("data", take);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(url), { host: `127.0.0.1:${own}` }).href,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** Bytes as they come → whole messages; those before the start have no letter. */
function messagesOf(each: (message: Buffer, isFirst: boolean) => void): (bytes: Buffer) => void {
  let rest = Buffer.alloc(0);
  let hasStarted = false;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      const letter = hasStarted ? 1 : 0;
      if (rest.length < letter + 4) return;
      const length = letter + rest.readInt32BE(letter);
      if (rest.length < length) return;
      const message = rest.subarray(0, length);
      rest = rest.subarray(length);
      each(message, !hasStarted);
      hasStarted ||= message.readInt32BE(4) === STARTUP;
    }
  };
}

const message = (letter: string, body: string): Buffer => {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
};

const words = 'at or near "listen": syntax error: unimplemented: this syntax';
const refused = Buffer.concat([message("E", `SERROR\0VERROR\0C0A000\0M${words}\0\0`), message("Z", "I")]);
