// Node's own request and response for a host: what Koa, Express and Fastify stand on.
import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../http/body-stream.js";
import { leavingOf } from "../http/client-left.js";
import { headerOf } from "../http/header.js";
import { codingsOf, inflated } from "../http/inflate.js";
import type { RequestBody } from "../http/message.js";
import { writePieces } from "../http/stream.js";
import { markRounded } from "../request/rounded.js";
import type { HostRequest, HostResponse } from "./host.js";

/** What node knows of a request. `id` is where pino-http and the like put a request's name. */
export const fromNode = (
  request: IncomingMessage & { id?: unknown },
  response: ServerResponse,
): Pick<HostRequest, "method" | "header" | "signal" | "vary" | "id"> => ({
  method: request.method ?? "GET",
  header: (name) => headerOf(request.headers, name),
  signal: () => leavingOf(response),
  vary: () => response.getHeader("vary"),
  id: request.id,
});

/**
 * The body, of at most `limit` bytes. `parsed` is what a parser of the app made of it: one that ran has emptied the stream, and one
 * that did not care for this body has left it full. A text or bytes that a parser left are read as JSON here.
 */
export async function nodeBody(request: IncomingMessage, parsed: unknown, limit: number): Promise<RequestBody> {
  if (parsed === undefined || !request.readableEnded) return readBody(request, limit);
  if (Buffer.isBuffer(parsed)) return { kind: "bytes", bytes: parsed };
  if (typeof parsed === "string") return { kind: "bytes", bytes: Buffer.from(parsed) };
  return { kind: "parsed", value: markRounded(parsed) };
}

/** A body that a framework has read as bytes, but not decoded: `encoding` is its Content-Encoding, where that still holds. */
export async function bytesBody(
  bytes: Buffer | undefined,
  encoding: string | undefined,
  limit: number,
): Promise<RequestBody> {
  return inflated({ kind: "bytes", bytes: bytes ?? Buffer.alloc(0) }, codingsOf(encoding), limit);
}

/** Writes an answer. What fails while a long one is written cuts the connection, and is handed to `failed`. */
export function writeToNode(
  response: ServerResponse,
  { status, headers, body, pieces }: HostResponse,
  failed: (error: unknown) => void,
): void {
  const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length });
  if (pieces === undefined) response.end(body);
  else writePieces(response, pieces, failed);
}
