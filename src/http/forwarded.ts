// What a proxy says of the request that it passed on. Anyone can send these headers: they count only where the options say so.
import { type ApiRequest, requestWith } from "./message.js";

/** The request with what the proxy took off its path before the prefix, for `Location` and `Link`. */
export const asForwarded = (request: ApiRequest): ApiRequest =>
  requestWith(request, { prefix: prefixOf(request) + request.prefix, caller: undefined });

/** `https://example.org/shop/api`, what stands before the API's paths for the client: `undefined` where the proxy does not say. */
export function addressBefore(request: ApiRequest): string | undefined {
  const origin = originOf(request);
  return origin && origin + request.prefix;
}

function originOf(request: ApiRequest): string | undefined {
  const host = first(request, "x-forwarded-host");
  const proto = first(request, "x-forwarded-proto");
  if (host === undefined && proto === undefined) return undefined;
  const url = `${proto ?? "http"}://${host ?? request.header("host")}`;
  const plain = /^https?:\/\/([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(url);
  return plain ? url : undefined;
}

/** A path without a slash at its end; what is none does not count. */
function prefixOf(request: ApiRequest): string {
  const prefix = first(request, "x-forwarded-prefix")?.replace(/\/$/, "") ?? "";
  return /^(\/[\w.~%!$&'()*+,;=:@-]+)+$/.test(prefix) ? prefix : "";
}

/** Of several proxies, the one that the client spoke to comes first. */
const first = (request: ApiRequest, name: string): string | undefined =>
  request.header(name)?.split(",", 1)[0]?.trim() || undefined;
