// The two refusals of who asks: nobody said who, or what was said is not valid. Both name the scheme (RFC 9110, 11.6.1; RFC 6750, 3).
import { type HttpError, problem } from "./problem.js";

const challenge = 'Bearer realm="sapwood"';

/** 401 for a request that carries no credentials. */
export const unauthorized = (detail = "This needs credentials, and the request has none: sign in first."): HttpError =>
  problem("unauthorized", detail, { headers: { "www-authenticate": challenge } });

/** 401 for credentials that are not valid. `detail` goes to the client, in a header too: it repeats nothing that was sent. */
export const badCredentials = (detail: string): HttpError =>
  problem("unauthorized", detail, {
    headers: { "www-authenticate": `${challenge}, error="invalid_token", error_description="${quotable(detail)}"` },
  });

/** What may stand in `error_description` (RFC 6750, 3). */
const quotable = (text: string): string => text.replace(/[^\x20-\x7e]|["\\]/g, "'");
