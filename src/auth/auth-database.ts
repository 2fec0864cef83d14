// Where accounts, their tokens and keys are kept: the API's own database, or the one that `auth.db` names, which others may share.

import { ConfigError } from "../base/config-error.js";
import type { ConnectionOptions } from "../database/connection-options.js";
import { type FileOpening, openDatabase } from "../database/database.js";
import { DatabaseFailure } from "../database/database-failure.js";
import { ensureTables } from "../database/making-own-tables.js";
import type { GivenDb } from "../database/open-knex.js";
import type { OwnTable } from "../database/own-tables.js";
import type { OpenDatabase } from "../database/session.js";

/** In config files and messages. */
export const AUTH_DB = "auth.db";

/** What of `auth` decides whether anything is kept. */
interface Keeping {
  readonly db?: unknown;
  readonly accounts?: unknown;
  readonly ldap?: unknown;
  readonly keys?: unknown;
}

/** The value of `auth.db`; nothing where the API's own database is meant. Throws a `ConfigError` where nothing would be kept in it. */
export function authDbOf<Db>(auth: (Keeping & { readonly db?: Db | undefined }) | undefined): Db | undefined {
  if (auth?.db === undefined) return undefined;
  const { accounts, ldap, keys } = auth;
  if (accounts || ldap || (keys && !Array.isArray(keys))) return auth.db;
  throw new ConfigError(
    `options.${AUTH_DB}`,
    "says where accounts, tokens and keys are kept, and none are: auth has no accounts, ldap or keys: {}.",
  );
}

/** An instance's connections are its maker's. What is run on connections, or keeps them from writing, is about the other database. */
export function openAuthDatabase(db: GivenDb, options: ConnectionOptions, opening?: FileOpening): OpenDatabase {
  const { onConnect: _, readOnly: __, ...pool } = options;
  try {
    return openDatabase(db, typeof db === "function" ? {} : pool, opening);
  } catch (error) {
    throw new DatabaseFailure(AUTH_DB, db, error);
  }
}

/** As `ensureTables`; what fails names the database that it failed on. */
export async function ensureKept(
  { database, elsewhere }: { readonly database: OpenDatabase; readonly elsewhere?: GivenDb },
  names: readonly OwnTable[],
  create: boolean,
  place: string,
): Promise<void> {
  try {
    await ensureTables(database, names, create, place);
  } catch (error) {
    throw elsewhere === undefined ? error : new DatabaseFailure(AUTH_DB, elsewhere, error);
  }
}
