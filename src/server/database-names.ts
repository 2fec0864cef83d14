// The names of a server's databases, which are part of its URLs.

import { ConfigError } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";

export const isDatabaseName = (name: string): boolean => /^[a-z][\w-]*$/i.test(name);

/** Throws an `Error` of one line where there is none, or one that can be none. */
export function checkDatabaseNames(names: readonly string[]): readonly string[] {
  if (names.length === 0) throw new Error("databases: there is none. Name one, such as { main: 'sqlite:shop.db' }.");
  for (const name of names)
    if (!isDatabaseName(name))
      throw new Error(
        `databases.${name}: a database's name is part of its URLs, and has letters, digits, '-' and '_' only, such as main.`,
      );
  return names;
}

/** A database's name that stands where a connection string may stand too; nothing for such a string. Throws where there is none of it. */
export function databaseNameIn(db: unknown, names: readonly string[], place: string): string | undefined {
  if (typeof db !== "string" || !isDatabaseName(db)) return undefined;
  if (names.includes(db)) return db;
  const all = names.length === 0 ? "the server has one database, without a name" : `they are ${names.join(", ")}`;
  throw new ConfigError(
    place,
    `there is no database of the name ${db}: ${all}.${didYouMean(db, names)} A connection string is sqlite:path.db or postgres://…`,
  );
}
