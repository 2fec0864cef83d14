// The settings of `auth` that stand in flags and variables, laid over what the config file says: secrets, and the commonest case of tokens.
import type { AuthOptions } from "../auth/auth.js";
import { authDbOf } from "../auth/auth-database.js";
import type { JwtOptions } from "../auth/jwt.js";
import type { OidcOptions } from "../auth/oidc.js";
import { type Db, databaseEntryOf, isNamedDatabases, type NamedDatabases, settingsOfEach } from "./mount.js";

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
  /** As `auth.db`. */
  readonly authDb?: string;
}

/** The option `auth` as all settings together say it. Throws an `Error` of one line. */
export function authOf(settings: TokenSettings & { readonly auth?: AuthOptions }): AuthOptions | undefined {
  const auth = withTokens(settings);
  return auth && settings.authDb !== undefined ? { ...auth, db: settings.authDb } : auth;
}

/** The same for the databases that have an `auth` of their own. Throws where `authDb` is about nothing. */
export function withAuthDb(
  db: Db | NamedDatabases,
  { authDb, auth }: Pick<TokenSettings, "authDb"> & { readonly auth?: AuthOptions | undefined },
): Db | NamedDatabases {
  if (authDb === undefined) return db;
  const entries = isNamedDatabases(db) ? Object.entries(db.databases) : [];
  const own = entries.flatMap(([name, entry]) => {
    const { auth, ...rest } = databaseEntryOf(entry);
    return auth === undefined ? [] : [[name, { ...rest, auth: { ...auth, db: authDb } }] as const];
  });
  if (auth === undefined && own.length === 0)
    throw new Error(
      "authDb says where accounts, tokens and keys are kept, and there are none: set auth in the config file.",
    );
  return isNamedDatabases(db) ? { databases: { ...db.databases, ...Object.fromEntries(own) } } : db;
}

function withTokens(settings: TokenSettings & { readonly auth?: AuthOptions }): AuthOptions | undefined {
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

/** Have all of several databases the same accounts, and say nothing of their own of who may sign in? */
export const isOneAuth = (db: Db | NamedDatabases, auth: AuthOptions | undefined): boolean =>
  authDbOf(auth) !== undefined &&
  settingsOfEach(db, { auth, roles: undefined, user: undefined }).every(
    (each) => each.auth === auth && each.roles === undefined && each.user === undefined,
  );
