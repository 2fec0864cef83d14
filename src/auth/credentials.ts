// What a request carries of credentials, and of which kind they are, by their form alone.
import type { ApiRequest } from "../http/message.js";

/** What the tokens begin with that sapwood makes itself, and its API keys. */
export const TOKEN_PREFIX = "swt_";
export const KEY_PREFIX = "swk_";
export const KEY_HEADER = "x-api-key";

/** The token of `Authorization: Bearer …`. The scheme's case does not count (RFC 9110, 11.1). */
export const bearerOf = (request: ApiRequest): string | undefined =>
  /^bearer +([\w.~+/-]+=*)$/i.exec(request.header("authorization") ?? "")?.[1];

/** Three parts, joined by dots (RFC 7515, 7.1). The last one is empty where nobody has signed. */
export const isJwt = (token: string): boolean => !token.startsWith(TOKEN_PREFIX) && token.split(".", 4).length === 3;

/** The headers of API keys, in lower case: `auth.keys` may name one of its own. */
export function keyHeadersOf(auth: { readonly keys?: unknown } | undefined): readonly string[] {
  const { header } = Object(auth?.keys) as { readonly header?: unknown };
  return typeof header === "string" ? [...new Set([KEY_HEADER, header.toLowerCase()])] : [KEY_HEADER];
}

/** How many kinds of credentials there are: more than one leave open who asks. */
export const carried = (request: ApiRequest, keyHeaders: readonly string[]): number =>
  ["authorization", ...keyHeaders].filter((name) => request.header(name) !== undefined).length;
