// An answer as it is kept, and the same as it is given again.
import { hash } from "node:crypto";
import { notModified } from "../http/conditional.js";
import type { ApiRequest, ApiResponse } from "../http/message.js";

export interface KeptAnswers {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  /** The names of the tables that it is made of. */
  readonly tables: readonly string[];
  /** When it was begun, in milliseconds since 1970. */
  readonly at: number;
  /** For how many milliseconds it is kept. */
  readonly lifetime: number;
}

/** Adds an entity tag where there is none. It is a weak one, for a list may be sent compressed. */
export function withTag(
  response: ApiResponse & { readonly body: string },
): Pick<KeptAnswers, "status" | "headers" | "bytes"> {
  const { status, headers, body } = response;
  const etag = headers.etag ?? `W/"${hash("sha1", `${JSON.stringify(headers)}\n${body}`, "base64url")}"`;
  return { status, headers: { ...headers, etag }, bytes: Buffer.from(body) };
}

export interface CacheTelling {
  /** Does a caller without credentials get the same answer? */
  readonly isPublic: boolean;
  /** Seconds that clients may keep it. */
  readonly maxAge: number;
  readonly staleWhileRevalidate: number;
}

/** The answer to one request: a 304 where its client has it already. */
export function answerFrom(
  { status, headers, bytes, at }: Pick<KeptAnswers, "status" | "headers" | "bytes" | "at">,
  request: ApiRequest,
  telling: CacheTelling,
): ApiResponse {
  const age = String(Math.max(0, Math.floor((Date.now() - at) / 1000)));
  const told = { ...headers, age, "cache-control": controlOf(telling) };
  return notModified(request, { status, headers: told, bytes });
}

/** RFC 9111, 5.2.2; RFC 5861. */
function controlOf({ isPublic, maxAge, staleWhileRevalidate: stale }: CacheTelling): string {
  const who = isPublic ? "public" : "private";
  if (maxAge === 0) return `${who}, no-cache`;
  return `${who}, max-age=${maxAge}${stale > 0 ? `, stale-while-revalidate=${stale}` : ""}`;
}
