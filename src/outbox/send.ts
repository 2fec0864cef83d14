// One POST to somebody else's server. It goes to the internet only, unless more is allowed. It follows no redirect, and does not read the
// answer's body.
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { isIP } from "node:net";
import { Undelivered } from "./destination.js";
import { isPublic, PrivateAddress, publicLookup } from "./public-address.js";

export interface SendTarget {
  readonly url: URL;
  readonly allowPrivate: boolean;
}

/** A day, in seconds. */
const MOST_WAIT = 86_400;

/** Throws `Undelivered` for anything but a 2xx; a 410 (Gone) for ever. */
export async function post(
  { url, allowPrivate }: SendTarget,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  // An address is not looked up.
  if (!allowPrivate && isIP(host) !== 0 && !isPublic(host)) throw new PrivateAddress();
  const send = url.protocol === "http:" ? plainRequest : tlsRequest;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = send(url, {
      method: "POST",
      headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
      // No connection is kept for the next one: the body of the answer is not read, and the name is looked up each time.
      agent: false,
      signal,
      ...(allowPrivate ? {} : { lookup: publicLookup as never }),
    });
    request.on("response", resolve).on("error", (error) => reject(signal.aborted ? signal.reason : worded(error)));
    request.end(body);
  });
  response.on("error", () => {}).destroy();
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return;
  if (status === 410) throw new Undelivered("answered 410 (Gone)", Number.POSITIVE_INFINITY);
  const redirected = status >= 300 && status < 400 ? "; redirects are not followed" : "";
  throw new Undelivered(`answered ${status}${redirected}`, waitOf(response.headers["retry-after"]));
}

/** `Retry-After` in seconds. A date is ignored. */
function waitOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Math.min(Number(header), MOST_WAIT) : undefined;
}

/** Takes the error's code: its message may name addresses. */
function worded(error: NodeJS.ErrnoException): Error {
  return error instanceof Undelivered ? error : new Undelivered(`could not be reached (${error.code ?? error.name})`);
}
