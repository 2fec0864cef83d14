// Where the accounts and keys are that a command is about: in the database that was named, or where `auth.db` says.

import type { RolesOptions } from "../access/roles.js";
import type { ApiOptions } from "../api/options.js";
import { AUTH_DB } from "../auth/auth-database.js";
import { isDatabaseName } from "../server/database-names.js";
import { type Db, databaseEntryOf, isNamedDatabases, type NamedDatabases } from "../server/mount.js";
import type { ServeSettings } from "../server/serve.js";
import type { Flags } from "./flags.js";
import { type Note, reachingOf, type SettledOne, settleOne, settleSettings, unwatchedOf } from "./resolve-settings.js";

export interface AuthPlace extends Pick<SettledOne, "db" | "options" | "reach"> {
  /** Is it none of the databases that have APIs? */
  readonly apart: boolean;
}

/** Throws an `Error` of one line where several databases keep accounts of their own, and none was named. */
export async function settleAuthPlace(argument: string | undefined, flags: Flags, note: Note): Promise<AuthPlace> {
  const { db, settings } = await settleSettings(argument, flags, note);
  const apis = signingInTo(db, settings);
  const [place, ...others] = new Set(apis.map(({ name, auth }) => settings.authDb ?? auth?.db ?? name));
  if (place === undefined || others.length > 0) return { ...(await settleOne(argument, flags, note)), apart: false };
  const shared: ApiOptions = { auth: apis[0]?.auth, roles: rolesOf(apis) };
  if (typeof place === "string" && isDatabaseName(place)) {
    const named = isNamedDatabases(db) ? settleOne(argument, flags, note, place) : settleOne(place, flags, note);
    const { options, ...one } = await named;
    return { ...one, options: { ...options, ...shared }, apart: false };
  }
  note({ db: typeof place === "string" ? place : undefined, what: AUTH_DB });
  const reach = reachingOf(settings);
  const options = { ...unwatchedOf(settings), ...shared };
  return { db: place, options, reach: (open) => reach(place, open), apart: true };
}

/** An API where callers sign in, by its database's name. */
interface SigningIn extends Pick<ApiOptions, "auth" | "roles"> {
  readonly name?: string;
}

/** The only one, or those of several that have `auth`. */
function signingInTo(db: Db | NamedDatabases, { auth, roles }: ServeSettings): readonly SigningIn[] {
  if (!isNamedDatabases(db)) return [{ auth, roles }];
  const all = Object.entries(db.databases).map(([name, entry]) => ({ auth, roles, ...databaseEntryOf(entry), name }));
  return all.filter(({ auth }) => auth !== undefined);
}

/** Of all of them; nothing, where none has any. */
function rolesOf(apis: readonly SigningIn[]): RolesOptions | undefined {
  const said = apis.map(({ roles }) => roles).filter((roles) => roles !== undefined);
  return said.length === 0 ? undefined : Object.assign({}, ...said);
}
