// A row's entity tag: a hash of its JSON, strong, for what is equal to the byte is the same row (RFC 9110, 8.8.3 and 13.1).
import { hash } from "node:crypto";
import type { ApiRequest, ApiResponse } from "./message.js";
import { problem } from "./problem.js";

export const etagOf = (row: string | Buffer): string => `"${hash("sha1", row, "base64url")}"`;

/** What tells of the bytes that a 304 leaves out. */
const ofTheBody: ReadonlySet<string> = new Set([
  "content-type",
  "content-length",
  "content-encoding",
  "content-language",
  "content-range",
]);

/**
 * 304 without the row, when the client has it already. A browser puts its headers in the place of those that it keeps (RFC 9111,
 * 4.3.4), so it says of caching and of policies what the 200 says (RFC 9110, 15.4.5).
 */
export function notModified(request: ApiRequest, response: ApiResponse): ApiResponse {
  const known = request.header("if-none-match");
  const tag = response.headers.etag;
  if (known === undefined || tag === undefined || !listsWeakly(known, tag.replace(/^W\//, ""))) return response;
  const kept = Object.entries(response.headers).filter(([name]) => !ofTheBody.has(name));
  return { status: 304, headers: Object.fromEntries(kept) };
}

/** Is a write to depend on the row as it stands? */
export const isConditional = (request: ApiRequest): boolean =>
  request.header("if-match") !== undefined || request.header("if-none-match") !== undefined;

/** 412 when the row is not the one that the client has seen, or is one that it does not want to meet. */
export function requireConditions(request: ApiRequest, row: string | Buffer): void {
  const [wanted, unwanted] = [request.header("if-match"), request.header("if-none-match")];
  const tag = etagOf(row);
  if (wanted !== undefined && !lists(wanted, tag))
    throw problem(
      "precondition_failed",
      "The row has changed since it was read, or the tag is of another answer, as one with select. Read the row itself again, then decide.",
    );
  if (unwanted !== undefined && listsWeakly(unwanted, tag))
    throw problem("precondition_failed", "The row stands already, and If-None-Match wants none.");
}

/** 412 when the client has seen a row where there is none. */
export function requireNone(request: ApiRequest): void {
  if (request.header("if-match") === undefined) return;
  throw problem("precondition_failed", "There is no such row (any more), and If-Match wants one.");
}

/** `*` is any row. A weak tag never matches (strong comparison, RFC 9110, 13.1.1), and an empty list matches none. */
const lists = (header: string, tag: string): boolean =>
  header.trim() === "*" || header.split(",").some((item) => item.trim() === tag);

/** A weak tag is as good as a strong one (RFC 9110, 13.1.2): proxies that compress make ours weak. */
const listsWeakly = (header: string, tag: string): boolean => lists(header.replace(/(^|,)(\s*)W\//g, "$1$2"), tag);
