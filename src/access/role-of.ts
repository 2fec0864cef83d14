// What is said of a caller → the one role that decides what it may do.

import { ANONYMOUS, type Claims } from "../http/caller.js";
import { type HttpError, problem } from "../http/problem.js";

/**
 * The first of `roles`, in their order, that the claim at `path` names: a text or a list of texts. `path` is a claim's name, or names
 * joined by dots (`realm_access.roles`); a name that itself has dots (`https://example.org/roles`) wins.
 * Throws 403 where it names none. `anonymous` is the role of those who say nothing, and not to be claimed.
 */
export function claimedRole(claims: Claims, path: string, roles: readonly string[], said = "token"): string {
  const named = [claimAt(claims, path)].flat();
  const role = roles.find((role) => role !== ANONYMOUS && named.includes(role));
  if (role === undefined) throw withoutRole(said);
  return role;
}

export const withoutRole = (said: string): HttpError =>
  problem("forbidden", `Your ${said} names no role that is known here.`);

/** Own properties only: what every object inherits is nobody's claim. */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path.split(".").reduce<unknown>((value, name) => (owns(value, name) ? value[name] : undefined), claims);
}

const owns = (value: unknown, name: string): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name);
