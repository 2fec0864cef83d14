// The option `auth.accounts`: names and passwords that are kept here, and who may change them.

import { ConfigError, checkBoolean, checkKeys } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";
import type { Store } from "../database/store.js";
import { ANONYMOUS } from "../http/caller.js";
import type { Attempts, LockOptions } from "./attempts.js";
import type { AuthGround } from "./method.js";
import type { AuthPages } from "./mounted-pages.js";
import { passwordLength } from "./passwords.js";
import type { Directory } from "./sign-in.js";
import { userPages } from "./user-pages.js";
import { Users } from "./users.js";

/** What signing in by a password has in common, wherever the password is known. */
export interface SignInOptions extends LockOptions {
  /** Makes the tables that are not there: `sapwood_users`, `sapwood_tokens`, `sapwood_attempts`. Default `false`: their absence is an error. */
  readonly create?: boolean;
  /** Seconds that a token lasts. Default 28800, eight hours. */
  readonly tokenLifetime?: number;
}

export interface AccountOptions extends SignInOptions {
  /** The role that may list, make and change users at `/auth/users`. Default `admin`. */
  readonly adminRole?: string;
  /** The fewest characters of a new password. Default 8; NIST SP 800-63B-4 wants 15 where nothing else is asked for. */
  readonly minPassword?: number;
}

export const signInKeys = ["create", "tokenLifetime", "lockAfter", "lockFor"] as const;
export const TOKEN_LIFETIME = 28_800;
export const ADMIN_ROLE = "admin";

/** Throws a `ConfigError` for what cannot be meant. */
export function checkAccounts(options: AccountOptions, roles: readonly string[], place: string): void {
  checkKeys(options, [...signInKeys, "adminRole", "minPassword"], place);
  checkSignIn(options, place);
  checkRange(options.minPassword, 1, 100, `${place}.minPassword`);
  checkRole(options.adminRole, roles, `${place}.adminRole`);
}

export function checkSignIn({ create, tokenLifetime, lockAfter, lockFor }: SignInOptions, place: string): void {
  checkBoolean(create, `${place}.create`);
  checkRange(tokenLifetime, 1, 31_536_000, `${place}.tokenLifetime`);
  checkRange(lockAfter, 1, 100, `${place}.lockAfter`);
  checkRange(lockFor, 1, 86_400, `${place}.lockFor`);
}

/** One of the config's roles that somebody can have, or nothing. */
export function checkRole(role: unknown, roles: readonly string[], place: string): void {
  const given = roles.filter((name) => name !== ANONYMOUS);
  if (role !== undefined && !given.includes(role as string))
    throw new ConfigError(
      place,
      `there is no role '${String(role)}'.${didYouMean(String(role), given)} The roles are ${given.join(", ")}.`,
    );
}

function checkRange(value: unknown, least: number, most: number, place: string): void {
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most))
    return;
  throw new ConfigError(place, `is a whole number from ${least} to ${most}, not ${JSON.stringify(value)}.`);
}

export function createAccounts(
  options: AccountOptions,
  { roles, proxies }: AuthGround,
  store: Store,
  attempts: Attempts,
): { readonly directory: Directory; readonly pages: AuthPages } {
  const { adminRole = ADMIN_ROLE, minPassword = passwordLength.least, tokenLifetime = TOKEN_LIFETIME } = options;
  const users = new Users(store, minPassword);
  return {
    // A name that is locked takes as long as every other: the password is looked at all the same.
    directory: { tokenLifetime, judge: (username, password) => users.judge(username, password) },
    pages: userPages(users, attempts, { adminRole, roles, proxies }),
  };
}
