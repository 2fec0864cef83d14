// node's request → `ApiRequest`, and `ApiResponse` → node's response. Nothing here knows what a request is about.
import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../http/body-stream.js";
import { leavingOf } from "../http/client-left.js";
import { headerOf } from "../http/header.js";
import { type ApiRequest, type ApiResponse, requestFrom } from "../http/message.js";
import { writePieces } from "../http/stream.js";
import type { Target } from "../http/target.js";
import { joiningVary } from "../http/vary.js";
import { seenOf } from "./request-record.js";

/** On the request itself: a WeakMap of every request costs the garbage collector more than all else here. */
const RESPONSE = Symbol("response");

export interface Paired extends IncomingMessage {
  [RESPONSE]?: ServerResponse;
}

export const responseOf = (req: Paired): ServerResponse | undefined => req[RESPONSE];

/** Lets a request know whether its client still waits for the response. */
export function pair(req: Paired, res: ServerResponse): void {
  req[RESPONSE] = res;
}

/** `path` is what stands behind `prefix`; the body is not touched before someone asks for it. */
export function toApiRequest(req: Paired, prefix: string, target: Target, bodyLimit: number): ApiRequest {
  return requestFrom(
    {
      method: req.method ?? "GET",
      path: target.path,
      query: target.query,
      prefix,
      header: (name) => headerOf(req.headers, name),
      body: () => readBody(req, bodyLimit),
      id: seenOf(req)?.id,
      raw: req,
    },
    () => {
      const res = responseOf(req);
      return res && leavingOf(res);
    },
  );
}

/** What every answer carries that does not say otherwise. */
export type CommonHeaders = Readonly<Record<string, string>>;

/** Writes the answer: as one piece with its length, or in pieces, of which one may fail when the others are gone. */
export function writeResponse(
  req: IncomingMessage,
  res: ServerResponse,
  response: ApiResponse,
  common: CommonHeaders,
  failed: (error: unknown) => void,
): void {
  if (res.destroyed || res.headersSent) return;
  const { status, headers, body, bytes, pieces, servers } = response;
  if (servers !== undefined) noteServers(req, servers);
  // CORS and compression have set theirs before.
  const own = joiningVary(headers, res.getHeader("vary"));
  res.writeHead(status, fieldsOf(req, response, own, common));
  if (pieces === undefined) res.end(req.method === "HEAD" ? undefined : (body ?? bytes));
  else writePieces(res, pieces, failed);
}

function noteServers(req: IncomingMessage, servers: ReadonlySet<string>): void {
  const seen = seenOf(req);
  if (seen !== undefined) seen.servers = servers;
}

/** Names and values in turn, as node takes them: what is said first of all gives way. */
function fieldsOf(
  req: IncomingMessage,
  response: ApiResponse,
  own: ApiResponse["headers"],
  common: CommonHeaders,
): string[] {
  const fields: string[] = [];
  for (const name in common) if (own[name] === undefined) fields.push(name, common[name] as string);
  for (const name in own) if (name !== "content-length") fields.push(name, own[name] as string);
  const length = lengthOf(req, response);
  if (length !== undefined) fields.push("content-length", length);
  const id = seenOf(req)?.id;
  if (id !== undefined && own["x-request-id"] === undefined) fields.push("x-request-id", id);
  return fields;
}

/** HEAD keeps the length that its GET would have; 204 and 304 have none to tell (RFC 9110, 8.6). */
function lengthOf(req: IncomingMessage, { status, headers, body, bytes, pieces }: ApiResponse): string | undefined {
  if (body !== undefined) return String(Buffer.byteLength(body));
  if (bytes !== undefined) return String(bytes.length);
  const said = headers["content-length"];
  if (said !== undefined || pieces !== undefined || status === 204 || status === 304 || req.method === "HEAD")
    return said;
  return "0";
}
