// A node:http server around a function from request to answer: time limits, broken requests, and an orderly end.
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ApiResponse } from "../api/message.js";
import { HttpError, problemResponse } from "../api/problem.js";
import { writeResponse } from "./translate.js";
import { unforeseen } from "./unforeseen.js";

/** How long requests in flight may still take when the server ends. */
const GRACE = 20_000;

const limits = {
  headersTimeout: 20_000,
  requestTimeout: 120_000,
  connectionsCheckingInterval: 5_000,
  // Longer than the usual 60 seconds of proxies: they must be the ones who close, or a request is lost on its way.
  keepAliveTimeout: 65_000,
};

export interface Listener {
  readonly server: Server;
  /** Takes no new connection, ends the requests in flight, closes everything. */
  stop(): Promise<void>;
}

/** `answer` must not reject. `bodyLimit` spares clients that ask first (`Expect: 100-continue`) a refused upload. */
export function createListener(answer: (req: IncomingMessage) => Promise<ApiResponse>, bodyLimit: number): Listener {
  const server = createServer(limits);
  /** Every connection, and how many of its requests are in flight. */
  const connections = new Map<Duplex, number>();
  let stopping = false;

  const count = (socket: Duplex, change: 1 | -1) => {
    const inFlight = (connections.get(socket) ?? 0) + change;
    if (!socket.destroyed) connections.set(socket, inFlight);
    if (stopping && inFlight === 0) socket.end();
  };

  const respond = async (req: IncomingMessage, res: ServerResponse) => {
    count(req.socket, 1);
    res.once("close", () => count(req.socket, -1));
    const response = await answer(req);
    if (stopping) res.setHeader("connection", "close");
    const failed = (error: unknown) => void unforeseen(req, error);
    try {
      writeResponse(req, res, response, failed);
    } catch (error) {
      // node refuses header values with line breaks and the like.
      writeResponse(req, res, unforeseen(req, error), failed);
    }
  };

  server.on("connection", (socket) => {
    connections.set(socket, 0);
    socket.once("close", () => connections.delete(socket));
  });
  server.on("request", respond);
  server.on("checkContinue", (req, res) => {
    if (!(Number(req.headers["content-length"]) > bodyLimit)) res.writeContinue();
    respond(req, res);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (socket.writable && !connections.get(socket)) socket.write(toText(refusal(error.code)));
    socket.destroy();
  });
  const stop = () => {
    stopping = true;
    const timer = setTimeout(() => server.closeAllConnections(), GRACE);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    // node's own closeIdleConnections leaves those alone that never sent a request.
    for (const [socket, inFlight] of connections) if (inFlight === 0) socket.destroy();
    return closed.finally(() => clearTimeout(timer));
  };
  return { server, stop };
}

/** What node's parser gave up on. */
function refusal(code: string | undefined): ApiResponse {
  if (code === "HPE_HEADER_OVERFLOW")
    return problemResponse(new HttpError(431, "The request's headers are too large."));
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return problemResponse(new HttpError(408, "The request took too long to arrive."));
  return problemResponse(new HttpError(400, "This is not an HTTP request."));
}

function toText({ status, headers, body = "" }: ApiResponse): string {
  const fields = { ...headers, "content-length": String(Buffer.byteLength(body)), connection: "close" };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`;
}
