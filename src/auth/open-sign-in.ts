// The options `auth.accounts` and `auth.ldap` → the method that takes names and passwords once, and then the token that it gave.

import { claimedRole } from "../access/role-of.js";
import { ConfigError } from "../base/config-error.js";
import { signInTables } from "../database/making-own-tables.js";
import { Store } from "../database/store.js";
import type { Caller } from "../http/caller.js";
import { badCredentials } from "../http/unauthorized.js";
import { type AccountOptions, checkAccounts, createAccounts } from "./accounts.js";
import { Attempts } from "./attempts.js";
import { ensureKept } from "./auth-database.js";
import { bearerOf, TOKEN_PREFIX } from "./credentials.js";
import { openLdap } from "./ldap.js";
import type { LdapOptions } from "./ldap-options.js";
import type { AuthGround, AuthMethod } from "./method.js";
import { isToken, Sessions } from "./sessions.js";
import { revokePage, tokenPage } from "./sign-in.js";

export interface SignInMethods {
  /** Names and passwords that are kept here. */
  readonly accounts?: AccountOptions;
  /** Names and passwords that a directory knows. With accounts beside it, a name that has one is not looked for there. */
  readonly ldap?: LdapOptions;
}

/** Throws a `ConfigError` for what cannot be meant. I/O: looks for its tables, and makes them where it may. */
export async function openSignIn({ accounts, ldap }: SignInMethods, ground: AuthGround): Promise<AuthMethod> {
  const { roles, database, proxies } = ground;
  const place = `options.auth.${accounts === undefined ? "ldap" : "accounts"}`;
  if (accounts !== undefined) checkAccounts(accounts, roles, place);
  const directory = ldap && (await openLdap(ldap, ground, "options.auth.ldap"));
  if (ground.readOnly) throw new ConfigError("options.readOnly", `is true, and signing in (${place}) writes tokens.`);
  const create = [accounts, ldap].some((one) => one?.create === true);
  if (!ground.looks) await ensureKept(ground, signInTables, create, place);
  const store = new Store(database);
  const attempts = new Attempts(store, accounts ?? ldap ?? {});
  const sessions = new Sessions(store);
  const kept = accounts && createAccounts(accounts, ground, store, attempts);
  const directories = [kept?.directory, directory].filter((one) => one !== undefined);
  return {
    identify: async (request) => {
      const token = bearerOf(request);
      return token?.startsWith(TOKEN_PREFIX) ? callerOf(token, sessions, roles) : undefined;
    },
    schemes: {
      password: {
        type: "oauth2",
        description: "A name and a password, for a token that ends by itself, or when it is told to.",
        flows: { password: { tokenUrl: "auth/token", scopes: {} } },
      },
    },
    pages: {
      "/auth/token": { POST: tokenPage({ directories, attempts, sessions, proxies }) },
      "/auth/revoke": { POST: revokePage(sessions) },
      ...kept?.pages,
    },
  };
}

async function callerOf(token: string, sessions: Sessions, roles: readonly string[]): Promise<Caller> {
  const caller = isToken(token) ? await sessions.find(token) : undefined;
  if (caller === undefined) throw badCredentials("This token has ended, or never was: sign in again at auth/token.");
  // The roles of the config may be others by now.
  return { ...caller, role: claimedRole(caller.claims, "role", roles, "account") };
}
