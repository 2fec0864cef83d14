// The option `user`: the host's own authentication says who asks.

import { claimedRole } from "../access/role-of.js";
import type { Caller, Claims } from "../http/caller.js";
import type { ApiRequest, Identify } from "../http/message.js";

/** Answers what is known of who asks, the role among it, or nothing for nobody. `raw` is the framework's own request or context. */
export type HostUser = (raw: unknown, request: ApiRequest) => unknown;

export const identifyByHost =
  (user: HostUser, roles: readonly string[]): Identify =>
  async (request) => {
    const claims = await user(request.raw, request);
    return claims === undefined || claims === null ? undefined : callerOf(claims, roles);
  };

function callerOf(claims: unknown, roles: readonly string[]): Caller {
  if (typeof claims !== "object" || Array.isArray(claims))
    throw new Error("options.user: it answers an object such as { sub: 7, role: 'member' }, or null for nobody.");
  return { role: claimedRole(claims as Claims, "role", roles, "account"), claims: claims as Claims };
}
