// What each connection needs whatever a server, a database or a role says, and behind all that the developer says.
import type { Client } from "pg";
import { hiddenSchemas, widened } from "./search-path.js";
import { sessionOf } from "./session.js";

/** How the catalogue spells names; whether an array takes NULL, and a column of XML what it holds. */
const needed = [
  ["quote_all_identifiers", "off"],
  ["array_nulls", "on"],
  ["xmloption", "content"],
] as const;

/** Nothing where it is so already, or the server knows no such setting (CockroachDB). */
const unless = (name: string, value: string, local: boolean): string =>
  `CASE WHEN current_setting('${name}', true) <> '${value}' THEN set_config('${name}', '${value}', ${local}) END`;

/** `Dialect.settle`. */
export async function settle(connection: unknown): Promise<void> {
  const client = connection as Client;
  const { lent } = await sessionOf(client);
  if (lent !== undefined) for (const [name, value] of needed) lent.add(unless(name, value, true));
  const settings = lent === undefined ? needed.map(([name, value]) => unless(name, value, false)) : [];
  const columns = [`${hiddenSchemas} AS schemas`, ...settings];
  const { rows } = await client.query<{ schemas: string | null }>(`SELECT ${columns.join(", ")}`);
  const schemas = rows[0]?.schemas;
  if (!schemas) return;
  if (lent === undefined) await client.query(`SELECT ${widened(schemas, false)}`);
  else lent.add(widened(schemas, true));
}
