// A `Request` of the Fetch standard for a host, and its answer as a `Response`: for Hono, Bun, Deno, Next.js.
import { Readable } from "node:stream";
import { readBody } from "../http/body-stream.js";
import { saidIn } from "../http/header.js";
import type { RequestBody } from "../http/message.js";
import { below, splitUrl } from "../http/target.js";
import type { HostRequest, HostResponse } from "./host.js";

/** @param prefix where the API stands: `/api`. `undefined` where the URL is not below it. */
export function fromFetch(request: Request, prefix = ""): HostRequest | undefined {
  const { path: whole, query } = splitUrl(request.url.replace(/#.*/s, ""));
  const path = below(prefix, whole);
  if (path === undefined) return undefined;
  return {
    method: request.method,
    path,
    query,
    prefix,
    header: (name) => saidIn(name, request.headers.get(name) ?? undefined),
    body: (limit) => fetchBody(request, limit),
    signal: () => request.signal,
    raw: request,
  };
}

async function fetchBody({ body, headers }: Request, limit: number): Promise<RequestBody> {
  if (body === null) return { kind: "bytes", bytes: Buffer.alloc(0) };
  const stream = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
  return readBody(Object.assign(stream, { headers: Object.fromEntries(headers) }), limit);
}

/** The answer as a `Response`. A long one is read from the database as the client takes it. */
export function toFetch({ status, headers, body, pieces }: HostResponse): Response {
  const stream = pieces && ReadableStream.from(pieces).pipeThrough(new TextEncoderStream());
  return new Response((stream ?? body ?? null) as string | null, { status, headers });
}
