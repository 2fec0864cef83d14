// What `jwt` and `oidc` have in common: their options, and the way from a request with a token to its caller.
import { decodeJwt, type JWTVerifyGetKey } from "jose";
import { claimedRole } from "../access/role-of.js";
import { ConfigError, checkSeconds } from "../base/config-error.js";
import type { ApiRequest } from "../http/message.js";
import { badCredentials } from "../http/unauthorized.js";
import { bearerOf, isJwt } from "./credentials.js";
import type { AuthGround, AuthMethod } from "./method.js";
import { tokenClaims, type Verifier } from "./token.js";
import { TokenCache } from "./vouched.js";

export interface TokenOptions {
  /** Which of the key's algorithms are taken. Default: all of them. */
  readonly algorithms?: readonly string[];
  /** A token is for one of these: its `aud`. */
  readonly audience?: string | readonly string[];
  /** The claim that names the role or roles, as a path: `realm_access.roles`. Default `role`. */
  readonly role?: string;
  /** Seconds that clocks may differ. Default 30. */
  readonly clockTolerance?: number;
  /** The greatest age of a token in seconds, by its `iat`. Default: none. */
  readonly maxAge?: number;
}

export const tokenNames: readonly string[] = ["algorithms", "audience", "role", "clockTolerance", "maxAge"];

/** Characters of a token. More of it is not looked at. */
const LONGEST = 12_288;

/** Throws a `ConfigError`. */
export function checkTokenOptions(options: TokenOptions, place: string): void {
  checkSeconds(options.clockTolerance, `${place}.clockTolerance`);
  checkSeconds(options.maxAge, `${place}.maxAge`);
  checkTexts(options.audience, `${place}.audience`);
  if (options.role !== undefined && (typeof options.role !== "string" || options.role === ""))
    throw new ConfigError(`${place}.role`, "is a claim's name, or a path to it: realm_access.roles.");
}

export function checkTexts(value: unknown, place: string): void {
  const texts = [value].flat();
  if (value !== undefined && !(texts.length > 0 && texts.every((text) => typeof text === "string" && text !== "")))
    throw new ConfigError(place, "is a text, or a list of texts.");
}

interface Source {
  readonly keyOf: JWTVerifyGetKey;
  readonly algorithms: string[];
  readonly issuer?: string | readonly string[];
  readonly requiredClaims: string[];
}

export function toVerifier(options: TokenOptions, { keyOf, algorithms, issuer, requiredClaims }: Source): Verifier {
  const { audience, clockTolerance = 30, maxAge } = options;
  const checks = {
    ...{ algorithms, clockTolerance, requiredClaims },
    ...(issuer === undefined ? {} : { issuer: [issuer].flat() }),
    ...(audience === undefined ? {} : { audience: [audience].flat() }),
    ...(maxAge === undefined ? {} : { maxTokenAge: maxAge }),
  };
  return { keyOf, checks };
}

/** Callers by bearer tokens that are JWTs; where there are several methods for these, each `takes` some by their issuer. */
export function byTokens(
  verifier: Verifier,
  { role = "role", maxAge }: TokenOptions,
  { roles }: AuthGround,
  takes?: (issuer: unknown) => boolean,
): AuthMethod["identify"] {
  const vouched = new TokenCache(maxAge);
  return async (request) => {
    const token = jwtOf(request);
    if (token === undefined || takes?.(issuerOf(token)) === false) return undefined;
    return vouched.of(token, async () => {
      const claims = await tokenClaims(token, verifier);
      return { role: claimedRole(claims, role, roles), claims };
    });
  };
}

function jwtOf(request: ApiRequest): string | undefined {
  const token = bearerOf(request);
  if (token === undefined || !isJwt(token)) return undefined;
  if (token.length > LONGEST) throw badCredentials(`The token is longer than ${LONGEST} characters.`);
  return token;
}

/** As the token says, which is not yet known to be true. */
function issuerOf(token: string): unknown {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

export const bearerScheme = { type: "http", scheme: "bearer", bearerFormat: "JWT" } as const;
