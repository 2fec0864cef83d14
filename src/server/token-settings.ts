// The settings for tokens that stand in flags and variables, laid over what `auth` says: the commonest case without a config file's help.
import type { AuthOptions } from "../auth/auth.js";
import type { JwtOptions } from "../auth/jwt.js";
import type { OidcOptions } from "../auth/oidc.js";

export interface TokenSettings {
  /** As `auth.jwt.secret`. */
  readonly jwtSecret?: string;
  /** As `auth.jwt.jwks`. */
  readonly jwks?: string;
  /** As `auth.oidc.issuer`. */
  readonly oidc?: string;
  /** As `issuer` of `auth.jwt`. */
  readonly jwtIssuer?: string;
  /** As `audience` and `role` of `auth.jwt` and of `auth.oidc`. */
  readonly jwtAudience?: string;
  readonly jwtRole?: string;
}

/** The option `auth` as all settings together say it. Throws an `Error` of one line. */
export function authOf(settings: TokenSettings & { readonly auth?: AuthOptions }): AuthOptions | undefined {
  const { jwtSecret: secret, jwks, oidc: provider, jwtIssuer, jwtAudience: audience, jwtRole: role, auth } = settings;
  const jwt = said({ secret, jwks });
  const oidc = said({ issuer: provider });
  const shared = said({ audience, role });
  const withJwt = jwt ?? auth?.jwt;
  const withOidc = oidc ?? auth?.oidc;
  if (withJwt === undefined && withOidc === undefined) {
    if (shared === undefined && jwtIssuer === undefined) return auth;
    throw new Error(
      "jwtAudience, jwtIssuer and jwtRole are about tokens, and none are taken: say jwtSecret, jwks or oidc.",
    );
  }
  return {
    ...auth,
    ...(withJwt && { jwt: { ...auth?.jwt, ...jwt, ...shared, ...said({ issuer: jwtIssuer }) } as JwtOptions }),
    ...(withOidc && { oidc: { ...auth?.oidc, ...oidc, ...shared } as OidcOptions }),
  };
}

/** Without what is not said; nothing, where nothing is. */
function said(values: Readonly<Record<string, string | undefined>>): object | undefined {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
