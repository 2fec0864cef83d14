// `auth.oidc`: tokens of a provider that says by its discovery document where its keys are (OpenID Connect Discovery 1.0, 4).
import type { JWTVerifyGetKey } from "jose";
import { ConfigError, checkKeys } from "../base/config-error.js";
import type { Logger } from "../base/logger.js";
import { remoteKeys } from "./jwks.js";
import { chosen, publicAlgorithms } from "./jwt-key.js";
import type { AuthGround, AuthMethod } from "./method.js";
import { AwayMemory, fetchText, signInAway, trustedUrl } from "./remote.js";
import {
  bearerScheme,
  byTokens,
  checkTokenOptions,
  type TokenOptions,
  tokenNames,
  toVerifier,
} from "./token-options.js";

export interface OidcOptions extends TokenOptions {
  /** The provider's address, exactly as its tokens name it in `iss`: https://login.example/realms/shop. */
  readonly issuer: string;
  readonly audience: string | readonly string[];
}

const place = "options.auth.oidc";

/**
 * @param alone are all JWTs the provider's? Else those that name it.
 * Throws a `ConfigError`, too where the address is another provider's. One that does not answer is asked again later.
 */
export async function openOidc(options: OidcOptions, ground: AuthGround, alone: boolean): Promise<AuthMethod> {
  checkKeys(options, ["issuer", ...tokenNames], place);
  checkTokenOptions(options, place);
  const { issuer, audience } = options;
  if (audience === undefined)
    throw new ConfigError(`${place}.audience`, "is missing: the provider has tokens for others too. Name this API's.");
  const document = discoveryUrl(issuer);
  const algorithms = chosen(options.algorithms, publicAlgorithms, `${place}.algorithms`);
  const keyOf = discovered(document, issuer, ground.logger);
  await keyOf.begin();
  const verifier = toVerifier(options, { keyOf: keyOf.find, algorithms, issuer, requiredClaims: ["exp"] });
  return {
    identify: byTokens(verifier, options, ground, alone ? undefined : (named) => named === issuer),
    schemes: { bearer: bearerScheme, oidc: { type: "openIdConnect", openIdConnectUrl: document } },
  };
}

/** A slash at the issuer's end does not count here. */
function discoveryUrl(issuer: unknown): string {
  trustedUrl(issuer, `${place}.issuer`);
  return `${String(issuer).replace(/\/$/, "")}/.well-known/openid-configuration`;
}

/** The provider's keys, found when they are first needed. */
function discovered(document: string, issuer: string, logger: Logger | undefined) {
  const away = new AwayMemory();
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const found = (): Promise<JWTVerifyGetKey> => {
    keys ??= away
      .unless(async () => remoteKeys(keysIn(await fetchText(document), issuer), logger))
      .catch((error) => {
        keys = undefined;
        logger?.warn({ err: error }, "the sign-in provider's discovery document cannot be read");
        throw error;
      });
    return keys;
  };
  const begin = () =>
    found().catch((error) => {
      if (error instanceof ConfigError) throw error;
    });
  const find: JWTVerifyGetKey = async (header, token) => {
    const keyOf = await found().catch(() => {
      throw signInAway();
    });
    return keyOf(header, token);
  };
  return { begin, find };
}

/** Another issuer's document would bring another one's keys (OpenID Connect Discovery 1.0, 4.3). */
function keysIn(text: string, expected: string): URL {
  const { issuer, jwks_uri } = JSON.parse(text) as { issuer?: unknown; jwks_uri?: unknown };
  if (issuer !== expected)
    throw new ConfigError(`${place}.issuer`, `the provider there calls itself ${JSON.stringify(issuer)}. Name it so.`);
  return trustedUrl(jwks_uri, `${place}: the provider's jwks_uri`);
}
