// What a request carries of credentials, and of which kind they are, by their form alone.
import type { ApiRequest } from "../api/message.js";

/** What the tokens begin with that sapwood makes itself, and its API keys. */
export const TOKEN_PREFIX = "swt_";
export const KEY_PREFIX = "swk_";
export const KEY_HEADER = "x-api-key";

/** The token of `Authorization: Bearer …`. The scheme's case does not count (RFC 9110, 11.1). */
export const bearerOf = (request: ApiRequest): string | undefined =>
  /^bearer +([\w.~+/-]+=*)$/i.exec(request.header("authorization") ?? "")?.[1];

/** Three parts, joined by dots (RFC 7515, 7.1). The last one is empty where nobody has signed. */
export const isJwt = (token: string): boolean => !token.startsWith(TOKEN_PREFIX) && token.split(".", 4).length === 3;

/** How many kinds of credentials there are: more than one leave open who asks. */
export const carried = (request: ApiRequest): number =>
  ["authorization", KEY_HEADER].filter((name) => request.header(name) !== undefined).length;
