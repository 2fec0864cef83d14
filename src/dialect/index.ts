// The databases that sapwood speaks to. A new one is a file beside this and a line in the list.
import type { Dialect } from "./dialect.js";
import { mssql } from "./mssql/mssql.js";
import { mysql } from "./mysql/mysql.js";
import { postgres } from "./postgres/postgres.js";
import { sqlite } from "./sqlite/sqlite.js";

export const dialects: readonly Dialect[] = [sqlite, postgres, mysql, mssql];

/** The dialect of a knex `client` name. */
export function dialectOfClient(client: string): Dialect {
  const dialect = dialects.find((candidate) => candidate.clients.includes(client));
  if (dialect) return dialect;
  const supported = dialects.flatMap((candidate) => candidate.clients).join(", ");
  throw new Error(`knex client "${client}" is not supported; supported are ${supported}.`);
}

/** The dialect of a connection string, by its scheme. */
export function dialectOfUrl(url: string): Dialect {
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  const dialect = dialects.find((candidate) => scheme !== undefined && candidate.schemes.includes(scheme));
  if (dialect) return dialect;
  const supported = dialects.flatMap((candidate) => candidate.schemes.map((name) => `${name}:`)).join(", ");
  // The string itself may hold a password, or be one: only its scheme is named.
  const what = scheme === undefined ? "A connection string without a scheme" : `A connection string with "${scheme}:"`;
  throw new Error(`${what} is not supported; it begins with one of ${supported}.`);
}
