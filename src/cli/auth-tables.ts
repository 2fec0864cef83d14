// Which tables the server would look for, before it lets anybody sign in, that are not there.

import type { ApiOptions } from "../api/options.js";
import { keyTables, lackingOf, signInTables } from "../database/making-own-tables.js";
import { settleAuthPlace } from "./auth-place.js";
import type { Flags } from "./flags.js";
import type { Note } from "./resolve-settings.js";
import { openPlace } from "./with-store.js";

export interface LackingTable {
  readonly code: "auth_table_missing";
  readonly table: string;
  readonly message: string;
  readonly note: boolean;
}

/** Nothing where none are needed, or the server makes them. I/O: throws what keeps it from where they are. */
export async function lackingAuthTables(
  argument: string | undefined,
  flags: Flags,
  note: Note,
): Promise<readonly LackingTable[]> {
  const place = await settleAuthPlace(argument, flags, note);
  const needed = neededBy(place.options.auth ?? {});
  if (needed.length === 0) return [];
  const database = openPlace(place, { looks: true, briefly: true });
  try {
    const lacking = await place.reach(() => lackingOf(database, needed));
    return lacking.map((table) => ({
      code: "auth_table_missing",
      table,
      message: `${table}: the server keeps who signs in there, and does not start without it. sapwood users add and sapwood keys add make it, or create: true.`,
      note: false,
    }));
  } finally {
    await database.close();
  }
}

const neededBy = ({ accounts, ldap, keys }: NonNullable<ApiOptions["auth"]>) => [
  ...((accounts ?? ldap) && ![accounts, ldap].some((one) => one?.create) ? signInTables : []),
  ...(keys && !Array.isArray(keys) && !(keys as { readonly create?: boolean }).create ? keyTables : []),
];
