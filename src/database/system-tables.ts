// What a database keeps for itself (accounts, settings, statistics) is never shown, whoever asks for it: here it is refused by name.

import { ConfigError } from "../base/config-error.js";
import type { Dialect } from "../dialect/dialect.js";
import type { SystemNames } from "../dialect/parts/catalogue.js";
import type { Table } from "../schema/schema.js";
import type { VisibleOptions } from "../schema/visible.js";

/** Throws a `ConfigError` for schemas of the database's own. */
export function refuseSystemSchemas(
  { schema = [] }: { readonly schema?: string | readonly string[] },
  { system }: Dialect,
  place = "options.schema",
): void {
  for (const name of [schema].flat()) if (system.schemas.test(name)) throw own(place, name);
}

/** The same for what is to be included, and was not read. Other mistakes there are for others to find. */
export function refuseSystemIncluded({ include }: VisibleOptions, tables: readonly Table[], { system }: Dialect): void {
  if (!Array.isArray(include)) return;
  for (const [i, name] of include.entries())
    if (isOwn(String(name), system) && !tables.some(({ id }) => name === id || String(name).startsWith(`${id}.`)))
      throw own(`options.include[${i}]`, String(name));
}

/** The same for tables that were written by hand: what was read has none. */
export function refuseSystemTables(tables: readonly Table[], { system }: Dialect): void {
  const found = tables.find(
    ({ schema, name }) => (schema ? system.schemas.test(schema) : false) || isOwn(name, system),
  );
  if (found !== undefined) throw own("options.tables", found.id);
}

/** The connection's own, where it is one of the server's. */
export function refuseSystemDatabase(name: string, { system }: Dialect): void {
  if (system.databases?.test(name))
    throw new ConfigError("database", `${name} is the server's own, and no API shows it: connect to one of yours.`);
}

/** By its name alone, or behind a schema's. */
function isOwn(name: string, { schemas, tables }: SystemNames): boolean {
  const [front = "", ...behind] = name.split(".");
  return (behind.length > 0 && schemas.test(front)) || tables.test(name);
}

const own = (place: string, name: string) =>
  new ConfigError(place, `${name} is the database's own, and no API shows it.`);
