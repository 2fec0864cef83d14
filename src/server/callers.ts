// Who asks for a page of the server, as each database's `auth` knows it.

import { type Caller, nobody } from "../http/caller.js";
import type { ApiRequest } from "../http/message.js";
import { type HttpError, problem } from "../http/problem.js";
import { unauthorized } from "../http/unauthorized.js";
import type { Mount } from "./mount.js";
import type { PageAnswer, Site } from "./page.js";

export const adminRolesDefault: readonly string[] = ["admin"];

/** A database that asks who its callers are, and whom it takes this one for. */
export interface Known {
  readonly mount: Mount;
  readonly caller: Caller;
}

/** Those databases only; none, where nobody signs in. Throws 401 for credentials that are not valid. */
export function callersOf({ mounts }: Site, request: ApiRequest): Promise<readonly Known[]> {
  const asking = mounts.flatMap((mount) => (mount.api.identify ? [{ mount, identify: mount.api.identify }] : []));
  return Promise.all(
    asking.map(async ({ mount, identify }) => ({ mount, caller: (await identify(request)) ?? nobody })),
  );
}

export const asksWho = ({ mounts }: Site): boolean => mounts.some(({ api }) => api.identify !== undefined);

/** The same page for admins only, wherever anybody signs in: an admin of each database that asks. */
export const forAdmins = (site: Site, answer: PageAnswer): PageAnswer => unlessRefused(site, answer, refusalOf);

/** The same, and nobody who has not signed in, whatever `adminRoles` says. */
export const forSignedInAdmins = (site: Site, answer: PageAnswer): PageAnswer =>
  unlessRefused(site, answer, (site, callers) =>
    callers.some(({ caller }) => caller.role === nobody.role) ? unauthorized() : refusalOf(site, callers),
  );

function unlessRefused(site: Site, answer: PageAnswer, refusal: typeof refusalOf): PageAnswer {
  if (!asksWho(site)) return answer;
  return async (request) => {
    const refused = refusal(site, await callersOf(site, request));
    if (refused !== undefined) throw refused;
    return answer(request);
  };
}

/** For pages that say less to others. */
export async function isAdmin(site: Site, request: ApiRequest): Promise<boolean> {
  try {
    return refusalOf(site, await callersOf(site, request)) === undefined;
  } catch {
    return false;
  }
}

function refusalOf({ adminRoles }: Site, callers: readonly Known[]): HttpError | undefined {
  const other = callers.find(({ caller }) => !adminRoles.includes(caller.role));
  if (other === undefined) return undefined;
  if (other.caller === nobody) return unauthorized();
  return problem("forbidden", `This page is for ${adminRoles.join(", ")} only (adminRoles).`);
}
