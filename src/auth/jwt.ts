// `auth.jwt`: tokens that another program signs, by a secret that is shared with it, by its public key, or by its set of keys.
import type { JsonWebKey } from "node:crypto";
import type { JWTVerifyGetKey } from "jose";
import { ConfigError, checkBoolean, checkKeys } from "../base/config-error.js";
import { remoteKeys } from "./jwks.js";
import { chosen, type FixedKey, publicAlgorithms, publicKey, secretKey } from "./jwt-key.js";
import type { AuthGround, AuthMethod } from "./method.js";
import { trustedUrl } from "./remote.js";
import {
  bearerScheme,
  byTokens,
  checkTexts,
  checkTokenOptions,
  type TokenOptions,
  tokenNames,
  toVerifier,
} from "./token-options.js";

/** One of `secret`, `key` and `jwks`. */
export interface JwtOptions extends TokenOptions {
  /** Shared with who signs (HS256, HS384, HS512): at least 32, 48 or 64 bytes. */
  readonly secret?: string | Uint8Array;
  /** The public key of who signs, as PEM or JWK: RSA, P-256, P-384, P-521 or Ed25519. */
  readonly key?: string | JsonWebKey;
  /** Where the public keys of who signs are: a JWK set at an https address. It is asked again when a token names a new key. */
  readonly jwks?: string | URL;
  /** A token comes from one of these: its `iss`. Default: it is not looked at. */
  readonly issuer?: string | readonly string[];
  /** Must a token have an end, its `exp`? Default `true`. */
  readonly requireExp?: boolean;
}

const sources = ["secret", "key", "jwks"] as const;
const names = [...sources, ...tokenNames, "issuer", "requireExp"];
const place = "options.auth.jwt";

/** @param others the issuer whose tokens another method takes. Throws a `ConfigError`. */
export async function openJwt(options: JwtOptions, ground: AuthGround, others?: string): Promise<AuthMethod> {
  checkKeys(options, names, place);
  checkTokenOptions(options, place);
  checkTexts(options.issuer, `${place}.issuer`);
  checkBoolean(options.requireExp, `${place}.requireExp`);
  const requiredClaims = options.requireExp === false ? [] : ["exp"];
  const verifier = toVerifier(options, { ...keysOf(options, ground), issuer: options.issuer, requiredClaims });
  const takes = others === undefined ? undefined : (issuer: unknown) => issuer !== others;
  return { identify: byTokens(verifier, options, ground, takes), schemes: { bearer: bearerScheme } };
}

function keysOf(options: JwtOptions, ground: AuthGround): { keyOf: JWTVerifyGetKey; algorithms: string[] } {
  const { secret, key, jwks, algorithms } = options;
  const given = sources.filter((name) => options[name] !== undefined);
  if (given.length !== 1)
    throw new ConfigError(place, `has one of ${sources.join(", ")}, and here are ${given.join(" and ") || "none"}.`);
  if (jwks !== undefined) {
    const taken = chosen(algorithms, publicAlgorithms, `${place}.algorithms`);
    return { keyOf: remoteKeys(trustedUrl(jwks, `${place}.jwks`), ground.logger), algorithms: taken };
  }
  const fixed: FixedKey =
    secret !== undefined ? secretKey(secret, `${place}.secret`) : publicKey(key ?? "", `${place}.key`);
  return { keyOf: async () => fixed.key, algorithms: chosen(algorithms, fixed.algorithms, `${place}.algorithms`) };
}
