// What tells a request from others, and its caller from other callers: both as hashes.
import { createHash } from "node:crypto";
import { stringify } from "lossless-json";
import type { ApiRequest, RequestBody } from "../http/message.js";

/** Of the caller and the key: keys belong to those who say them. SHA-256 in hexadecimal. */
export const keyHashOf = (request: ApiRequest, key: string): string => hashOf([callerOf(request), key]);

/**
 * Of what is asked: method, address, profile, role and body. Not of the other headers: proxies change those. The role is a part of it as the
 * answer shows what that role may see.
 */
export async function requestHashOf(request: ApiRequest, profile?: string): Promise<string> {
  const { method, prefix, path, query, caller } = request;
  const where = [`${prefix}${path}?${query}`, ...(profile === undefined ? [] : [profile])];
  return hashOf([method, ...where, caller?.role ?? "", bytesOf(await request.body())]);
}

function hashOf(parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  // Its length before each, so that no two lists read alike.
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest("hex");
}

/** A body that a host's parser has read is the same where its JSON is. */
function bytesOf(body: RequestBody): Buffer | string {
  if (body.kind === "bytes") return body.bytes;
  return body.kind === "parsed" ? (stringify(body.value) ?? "") : "";
}

/** What changes with each token, while its owner does not (RFC 7519, 4.1). */
const passing: ReadonlySet<string> = new Set(["exp", "iat", "nbf", "jti", "auth_time"]);

/** `sub` says who it is, for its issuer; where there is none, all that is known does. Without roles it is the host's own user. */
function callerOf({ caller, user }: ApiRequest): string {
  const known = caller?.claims ?? user;
  if (typeof known !== "object" || known === null) return stringify(known) ?? "";
  const { iss, sub } = known as { readonly iss?: unknown; readonly sub?: unknown };
  if (sub !== undefined && sub !== null) return JSON.stringify([String(iss ?? ""), String(sub)]);
  return JSON.stringify(Object.entries(known).filter(([name]) => !passing.has(name)));
}
