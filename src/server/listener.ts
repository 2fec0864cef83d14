// A node server around a function from request to answer: TLS, time limits, broken requests, and an orderly end.
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { Server as NetServer, type Socket } from "node:net";
import type { SecureContextOptions } from "node:tls";
import { callLate } from "../http/body-stream.js";
import type { ApiResponse } from "../http/message.js";
import { HttpError, problemResponse } from "../http/problem.js";
import { inSlices } from "../http/stream.js";
import { Connections } from "./connections.js";
import { unforeseen } from "./internal-error.js";
import { type CommonHeaders, type Paired, pair, responseOf, writeResponse } from "./translate.js";

/** How long a client may take, in seconds; 0 is for ever. */
export interface TimeLimits {
  /** For a request's line and headers. Default 20. */
  readonly headersTimeout?: number;
  /** For a whole request, its body too. Default 120. */
  readonly requestTimeout?: number;
  /** For the next request on a connection. Longer than the 60 seconds of proxies: they must be the ones who close. Default 65. */
  readonly keepAliveTimeout?: number;
  /** For taking a part of an answer, when nothing of it moves. Default 120. */
  readonly sendTimeout?: number;
  /** For requests in flight when the server is told to stop. Default 20. */
  readonly stopTimeout?: number;
  /** The most connections at once; more are closed unread; 0 is any number. Default 10000. */
  readonly maxConnections?: number;
}

export const timeLimits: Required<TimeLimits> = {
  headersTimeout: 20,
  requestTimeout: 120,
  keepAliveTimeout: 65,
  sendTimeout: 120,
  stopTimeout: 20,
  maxConnections: 10_000,
};

/** What sees each request first: it answers it, or lets it pass by `next`. */
export type Wrapper = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

export interface ListenerSettings extends Required<TimeLimits> {
  /** Spares clients that ask first (`Expect: 100-continue`) a refused upload. */
  readonly bodyLimit: number;
  readonly tls?: SecureContextOptions;
  /** Of every answer. */
  readonly headers: CommonHeaders;
  readonly around: readonly Wrapper[];
}

export interface RequestListener {
  readonly server: Server;
  /** Takes no new connection, answers the requests that came, closes everything. */
  stop(): Promise<void>;
}

/** A connection that has not said within this that it speaks TLS, in milliseconds. */
const HANDSHAKE = 10_000;

/** `answer` must not reject. */
export function createListener(
  answer: (req: IncomingMessage) => Promise<ApiResponse>,
  settings: ListenerSettings,
): RequestListener {
  const { tls, bodyLimit, sendTimeout, stopTimeout } = settings;
  const limits = limitsOf(settings);
  const server: Server =
    tls === undefined ? createServer(limits) : createTlsServer({ ...limits, ...tls, handshakeTimeout: HANDSHAKE });
  if (settings.maxConnections > 0) closeBeyond(server, settings.maxConnections);
  const connections = new Connections();
  const handshakes = new Set<Socket>();

  const respond = async (req: IncomingMessage, res: ServerResponse) => {
    pair(req, res);
    const response = await inSlices(await answer(req));
    if (connections.ending) res.setHeader("connection", "close");
    const failed = (error: unknown) => void unforeseen(req, error);
    try {
      writeResponse(req, res, response, settings.headers, failed);
    } catch (error) {
      // node refuses header values with line breaks and the like.
      writeResponse(req, res, unforeseen(req, error), settings.headers, failed);
    }
    if (sendTimeout > 0 && !isSent(res)) res.setTimeout(sendTimeout * 1000, () => res.destroy());
  };
  const handle = settings.around.reduceRight<(req: IncomingMessage, res: ServerResponse) => void>(
    (next, around) => (req, res) => around(req, res, () => next(req, res)),
    respond,
  );
  const take = (req: IncomingMessage, res: ServerResponse) => {
    const { socket } = req;
    connections.begin(req);
    res.once("close", () => connections.end(socket));
    if (connections.ending) res.setHeader("connection", "close");
    handle(req, res);
  };

  server.on(tls === undefined ? "connection" : "secureConnection", (socket: Socket) => connections.add(socket));
  if (tls !== undefined)
    server.on("connection", (socket) => {
      handshakes.add(socket);
      socket.once("close", () => handshakes.delete(socket));
    });
  server.on("request", take);
  server.on("checkContinue", (req, res) => {
    if (!(Number(req.headers["content-length"]) > bodyLimit)) res.writeContinue();
    take(req, res);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    const half = error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? connections.halfOf(socket) : undefined;
    if (half !== undefined && isToBeAnswered(half)) return;
    if (half === undefined && socket.writable && !connections.isBusy(socket))
      socket.write(toText(refusal(error.code), settings.headers));
    socket.destroy();
  });

  const stop = async () => {
    await connections.takeOver();
    // Not http's own close, which ends idle connections at once.
    const closed = new Promise<void>((resolve) => void NetServer.prototype.close.call(server, () => resolve()));
    connections.endAll();
    const timer = setTimeout(() => {
      connections.destroyAll();
      for (const socket of handshakes) socket.destroy();
    }, stopTimeout * 1000);
    await closed;
    clearTimeout(timer);
  };
  return { server, stop };
}

/** Not node's own `maxConnections`: of several workers each hands what it refuses to the next one, without end where all are full. */
function closeBeyond(server: Server, most: number): void {
  let open = 0;
  server.prependListener("connection", (socket: Socket) => {
    open++;
    socket.once("close", () => open--);
    if (open > most) socket.destroy();
  });
}

/**
 * A body that comes too late is refused where somebody waits for it, so that nothing of it is done. Where nobody does, the
 * request is at work, and its answer is on its way; with that out, the connection is closed at the next look of node's.
 */
const isToBeAnswered = (request: Paired): boolean => callLate(request) || responseOf(request)?.headersSent === false;

/** The system has taken all of it, as it does with most answers at once: there is no client to wait for. */
const isSent = ({ writableEnded, socket }: ServerResponse): boolean => writableEnded && socket?.writableLength === 0;

function limitsOf({ headersTimeout, requestTimeout, keepAliveTimeout }: Required<TimeLimits>) {
  const shortest = Math.min(...[headersTimeout, requestTimeout].filter((seconds) => seconds > 0), 10);
  return {
    headersTimeout: headersTimeout * 1000,
    requestTimeout: requestTimeout * 1000,
    keepAliveTimeout: keepAliveTimeout * 1000,
    connectionsCheckingInterval: shortest * 500,
  };
}

/** What node's parser gave up on. */
function refusal(code: string | undefined): ApiResponse {
  if (code === "HPE_HEADER_OVERFLOW")
    return problemResponse(new HttpError(431, "The request's headers are too large."));
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return problemResponse(new HttpError(408, "The request took too long to arrive."));
  return problemResponse(new HttpError(400, "This is not an HTTP request."));
}

function toText({ status, headers, body = "" }: ApiResponse, common: CommonHeaders): string {
  const fields = { ...common, ...headers, "content-length": String(Buffer.byteLength(body)), connection: "close" };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`;
}
