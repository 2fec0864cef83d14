// Who the user of the page is to the API: kept in this tab of the browser alone, and gone when it is closed.
import { askingAt } from "../../client/http.js";
import type { SignInScheme } from "../model.js";
import type { Credentials } from "./access.js";
import type { Addresses } from "./addresses.js";

export const nobody: Credentials = {};

const placeOf = ({ api }: Addresses): string => `sapwood ${api}`;

export function keptCredentials(addresses: Addresses): Credentials {
  const kept: unknown = JSON.parse(sessionStorage.getItem(placeOf(addresses)) ?? "{}");
  return kept as Credentials;
}

export function keepCredentials(addresses: Addresses, credentials: Credentials): void {
  if (Object.keys(credentials).length === 0) sessionStorage.removeItem(placeOf(addresses));
  else sessionStorage.setItem(placeOf(addresses), JSON.stringify(credentials));
}

/** How a scheme is used by a person: by a name and a password, or by something that they have been given. */
export type Way =
  | { readonly kind: "password"; readonly tokenUrl: string }
  /** What stands before it in its header: `Bearer `. */
  | { readonly kind: "given"; readonly label: string; readonly header: string; readonly before: string };

/** Those that a page can take; each once. */
export function waysOf(schemes: Readonly<Record<string, SignInScheme>>): Way[] {
  const all = Object.values(schemes).flatMap(({ type, scheme, in: where, name, flows }): Way[] => {
    if (flows?.password !== undefined) return [{ kind: "password", tokenUrl: flows.password.tokenUrl }];
    if (type === "apiKey" && where === "header" && name !== undefined)
      return [{ kind: "given", label: "Key", header: name, before: "" }];
    if (type === "openIdConnect" || scheme === "bearer")
      return [{ kind: "given", label: "Token", header: "authorization", before: "Bearer " }];
    return [];
  });
  return all.filter((way, i) => all.findIndex((other) => JSON.stringify(other) === JSON.stringify(way)) === i);
}

/** Rejects with the API's words where the name or the password is wrong. */
export async function signedIn(
  { tokenUrl }: { readonly tokenUrl: string },
  { top }: Addresses,
  body: { readonly username: string; readonly password: string },
): Promise<Credentials> {
  const url = new URL(tokenUrl, top);
  const { json } = await askingAt(url.origin, { idempotencyKey: false })(url.pathname, {
    method: "POST",
    body: { grant_type: "password", ...body },
  });
  return { authorization: `Bearer ${(json as { access_token: string }).access_token}` };
}

/** A token that was given for a password is ended: whoever finds it has nothing. */
export async function signedOut(ways: readonly Way[], { top }: Addresses, { authorization = "" }: Credentials) {
  const way = ways.find((one) => one.kind === "password");
  if (way === undefined) return;
  const url = new URL(way.tokenUrl.replace(/token$/, "revoke"), top);
  const token = authorization.replace(/^Bearer /, "");
  await askingAt(url.origin, { idempotencyKey: false })(url.pathname, { method: "POST", body: { token } });
}
