// Real sockets for tests: any listener on a free loopback port, and a client that sends paths exactly as they are written
// (fetch would tidy them up first).
import { once } from "node:events";
import {
  Agent,
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  request as send,
} from "node:http";
import { type AddressInfo, connect } from "node:net";

export interface Listening {
  /** `http://127.0.0.1:PORT` */
  readonly base: string;
  readonly server: Server;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  /** The text parsed, `undefined` where it is no JSON. Digits past 2^53 are only in `text`. */
  // biome-ignore lint/suspicious/noExplicitAny: tests say themselves what they expect in it
  readonly json: any;
}

export interface RequestParts {
  /** Text and bytes go out as they are, everything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const agent = new Agent({ keepAlive: true });

export async function listen(listener: RequestListener): Promise<Listening> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { base: `http://127.0.0.1:${port}`, server, close };
}

export function request(base: string, method: string, path: string, parts: RequestParts = {}): Promise<Answer> {
  const { hostname, port } = new URL(base);
  const body = payload(parts.body);
  const headers: Record<string, string> = { ...parts.headers };
  const named = Object.keys(headers).map((name) => name.toLowerCase());
  if (body !== undefined && !named.includes("content-type")) headers["content-type"] = "application/json";
  if (body !== undefined && !named.includes("transfer-encoding")) headers["content-length"] ??= String(body.length);
  return new Promise((done, fail) => {
    const outgoing = send({ hostname, port, method, path, headers, agent }, (response) => {
      // A server that answers before it has read a large body may cut the connection: the answer counts.
      outgoing.off("error", failed).on("error", () => undefined);
      read(response).then(done, fail);
    });
    // The server may have closed the kept connection in this very moment (node's http documentation, `request.reusedSocket`).
    const failed = (error: NodeJS.ErrnoException) =>
      outgoing.reusedSocket && error.code === "ECONNRESET"
        ? request(base, method, path, parts).then(done, fail)
        : fail(error);
    outgoing.on("error", failed);
    outgoing.end(body);
  });
}

/** Sends a text as it is, be it HTTP or not, and hands over everything that came back until the server closed. */
export async function exchange(base: string, text: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(base);
  const socket = connect(Number(port), hostname);
  socket.write(text);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function payload(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  return { status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
