// What the answers of every API carry, in whatever framework: the rest of a page's safety is its host's affair.
import type { ApiRequest, ApiResponse } from "./message.js";
import { joiningVary } from "./vary.js";

/**
 * RFC 9111, 3.5 keeps shared caches from answers to `Authorization`; keys and cookies it does not know, so `private` says it
 * of all. `no-cache` has a browser ask each time, so that nothing outlives the right to see it; `no-store` would take the 304
 * from it that an `ETag` is for.
 */
const OWN = "private, no-cache";

/** `signsIn`: who asks decides what is answered. `keyHeaders` are in lower case. */
export function safeHeaders(
  signsIn: boolean,
  keyHeaders: readonly string[],
): (request: ApiRequest, response: ApiResponse) => ApiResponse {
  const credentials = ["authorization", ...keyHeaders, "cookie"];
  const varying = signsIn ? credentials.join(", ") : undefined;
  return (request, response) => {
    const headers: Record<string, string> = { "x-content-type-options": "nosniff", ...response.headers };
    const read = request.method === "GET" || request.method === "HEAD";
    const keepable = read && !headers["cache-control"]?.includes("no-store");
    if (keepable && credentials.some((name) => request.header(name) !== undefined)) headers["cache-control"] = OWN;
    if (varying === undefined) return withHeaders(response, headers);
    return withHeaders(response, joiningVary({ ...headers, vary: varying }, response.headers.vary));
  };
}

/** Said field by field, as nearly every answer goes through here: to define one a second time takes as long as all the others. */
function withHeaders(response: ApiResponse, headers: ApiResponse["headers"]): ApiResponse {
  const { status, body, pieces, bytes, servers } = response;
  if (servers !== undefined) return { ...response, headers };
  if (pieces !== undefined) return { status, headers, pieces };
  if (bytes !== undefined) return { status, headers, bytes };
  return body === undefined ? { status, headers } : { status, headers, body };
}
