// `Idempotency-Key` → the key (draft-ietf-httpapi-idempotency-key-header-07, 2.1): a string of RFC 9651 in double quotes. Most
// clients leave the quotes out, as Stripe's do: then it is a word of visible letters.
import { excerpt } from "../base/suggest.js";
import type { ApiRequest } from "./message.js";
import { problem } from "./problem.js";

export const IDEMPOTENCY_KEY = "idempotency-key";

/** Characters. */
const LONGEST = 255;

/** RFC 9651, 3.3.3. */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;
const WORD = /^[!#-+\--~]+$/;

/** Nothing where there is none. Throws 400 for what is no key, or too long. */
export function idempotencyKeyOf(request: Pick<ApiRequest, "header">): string | undefined {
  const header = request.header(IDEMPOTENCY_KEY)?.trim();
  if (header === undefined) return undefined;
  const key = QUOTED.exec(header)?.[1]?.replace(/\\(.)/g, "$1") ?? (WORD.test(header) ? header : "");
  if (key === "")
    throw problem(
      "malformed_header",
      `Idempotency-Key is one text in double quotes, such as "8e03978e-40d5-43dd-bc93-6894a57f9324", not ${excerpt(header)}.`,
    );
  if (key.length > LONGEST)
    throw problem(
      "malformed_header",
      `An Idempotency-Key has at most ${LONGEST} characters, and this has ${key.length}.`,
    );
  return key;
}
