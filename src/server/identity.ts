// A request's credentials → whose requests they count among, however they are spelt. Nothing is verified here.
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";

export interface CallerIdentity {
  /** Under which requests are counted, in Redis too: a hash of no secret that could be guessed. */
  readonly whose: string;
  /** These very credentials: those of another client may not pass for them. In this process only. */
  readonly exact: string;
}

/** Nothing where there are no credentials, or some of a kind that is not known here. */
export function callerIdentity(
  { headers }: IncomingMessage,
  keyHeaders: readonly string[],
): CallerIdentity | undefined {
  const { authorization = "" } = headers;
  // The scheme's case does not count, nor how many spaces stand behind it (RFC 9110, 11.4).
  const [scheme = "", ...rest] = authorization.trim().split(/\s+/);
  const token = rest.join(" ");
  if (/^bearer$/i.test(scheme)) return of(signedPart(token), token);
  if (/^basic$/i.test(scheme)) return of(`basic ${userIn(token)}`, token);
  const key = keyHeaders.flatMap((name) => headers[name] ?? [])[0];
  return key === undefined ? undefined : of(key, key);
}

const of = (whose: string, exact: string): CallerIdentity => ({ whose: hashed(whose), exact: hashed(exact) });

const hashed = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** Of a JWT what is signed: one signature has several spellings in base64, and of an elliptic curve two values. */
function signedPart(token: string): string {
  const parts = token.split(".", 4);
  return parts.length === 3 ? parts.slice(0, 2).join(".") : token;
}

/** The password is not counted by: it could be guessed from its hash. */
const userIn = (token: string): string => Buffer.from(token, "base64").toString("utf8").split(":", 1)[0] as string;
