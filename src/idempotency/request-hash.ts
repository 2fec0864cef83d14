// What tells a request from others, and its caller from other callers: both as hashes.
import { createHash } from "node:crypto";
import { stringify } from "lossless-json";
import type { ApiRequest, RequestBody } from "../http/message.js";

/** Of the caller and the key: keys belong to those who say them. SHA-256 in hexadecimal. */
export const keyHashOf = (request: ApiRequest, key: string): string => hashOf([callerOf(request), key]);

/**
 * Returns a hash of what is asked: method, address, profile, role and body. Other headers are left out, for proxies change them. The role
 * belongs to it, for the answer shows what that role may see.
 */
export async function requestHashOf(request: ApiRequest, profile?: string): Promise<string> {
  const { method, prefix, path, query, caller } = request;
  const where = [`${prefix}${path}?${query}`, ...(profile === undefined ? [] : [profile])];
  return hashOf([method, ...where, caller?.role ?? "", bytesOf(await request.body())]);
}

function hashOf(parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  // Each with its length before it, so that two different lists never have the same text.
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest("hex");
}

/** Bodies that a host's parser has read are equal if their JSON is. */
function bytesOf(body: RequestBody): Buffer | string {
  if (body.kind === "bytes") return body.bytes;
  return body.kind === "parsed" ? (stringify(body.value) ?? "") : "";
}

/** What changes with each token, while its owner does not (RFC 7519, 4.1). */
const passing: ReadonlySet<string> = new Set(["exp", "iat", "nbf", "jti", "auth_time"]);

/** A caller is known by `sub` and its issuer. Where there is no `sub`, by all claims. Without roles it is the host's own user. */
function callerOf({ caller, user }: ApiRequest): string {
  const known = caller?.claims ?? user;
  if (typeof known !== "object" || known === null) return stringify(known) ?? "";
  const { iss, sub } = known as { readonly iss?: unknown; readonly sub?: unknown };
  if (sub !== undefined && sub !== null) return JSON.stringify([String(iss ?? ""), String(sub)]);
  return JSON.stringify(Object.entries(known).filter(([name]) => !passing.has(name)));
}
