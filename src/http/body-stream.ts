// A request's body from its stream: all of it in memory, or the word that it is too large.
import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { codingsOf, inflated } from "./inflate.js";
import type { RequestBody } from "./message.js";
import { HttpError, problem } from "./problem.js";

/** Node's own request, or a stream with its headers. */
export type BodyStream = Readable & { readonly headers: IncomingHttpHeaders };

/** How long the rest of a refused upload is still taken off the wire, and thrown away. */
const LINGER = 5_000;

const tooLarge = (limit: number): RequestBody => ({ kind: "too-large", limit });

/**
 * Reads a body of at most `limit` bytes, before its Content-Encoding is undone and after it. Rejects with an `HttpError` when the
 * client leaves in the middle of it, and for an encoding that is not taken.
 */
export async function readBody(stream: BodyStream, limit: number): Promise<RequestBody> {
  const encoding = stream.headers["content-encoding"];
  if (encoding === undefined) return readRaw(stream, limit);
  const codings = knownCodings(stream, encoding);
  return inflated(await readRaw(stream, limit), codings, limit);
}

function knownCodings(stream: BodyStream, encoding: string): readonly string[] {
  try {
    return codingsOf(encoding);
  } catch (error) {
    if (!stream.readableEnded && !stream.destroyed) discard(stream);
    throw error;
  }
}

function readRaw(stream: BodyStream, limit: number): Promise<RequestBody> {
  if (stream.readableEnded) return Promise.reject(new Error("The request's body was read before sapwood came to it."));
  if (stream.destroyed) return Promise.reject(aborted());
  if (Number(stream.headers["content-length"]) > limit) {
    discard(stream);
    return Promise.resolve(tooLarge(limit));
  }
  return collect(stream, limit);
}

/** Seldom read by anyone, as the connection is gone; but it is the client's doing, and no defect to report. */
const aborted = () =>
  new HttpError(400, "The connection was closed before the body was complete.", { code: "invalid_body" });

/** The whole request took longer than the server lets it. */
const LATE = "sapwoodLate";

const late = () =>
  problem(
    "request_timeout",
    "The request's body took too long to arrive. Nothing was changed: send it again, in parts.",
  );

/** Tells whoever waits for the body that it comes too late. Answers whether anyone did. */
export const callLate = (stream: BodyStream): boolean => stream.emit(LATE);

function collect(stream: BodyStream, limit: number): Promise<RequestBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) return chunks.push(chunk);
      leave();
      discard(stream);
      resolve(tooLarge(limit));
    };
    const onEnd = () => {
      leave();
      resolve({ kind: "bytes", bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size) });
    };
    const onGone = () => {
      leave();
      reject(aborted());
    };
    const onLate = () => {
      leave();
      discard(stream);
      reject(late());
    };
    const leave = () =>
      stream.off("data", onData).off("end", onEnd).off("error", onGone).off("close", onGone).off(LATE, onLate);
    stream.on("data", onData).on("end", onEnd).on("error", onGone).on("close", onGone).on(LATE, onLate);
  });
}

/**
 * Takes the rest off the wire without keeping it, for a while. A connection that is closed while bytes wait to be read is
 * reset, and the reset takes the answer with it before a client that is still sending has read it (RFC 9112, 9.6).
 */
function discard(stream: BodyStream): void {
  const timer = setTimeout(() => stream.destroy(), LINGER).unref();
  stream
    .on("error", () => {})
    .once("close", () => clearTimeout(timer))
    .resume();
}
