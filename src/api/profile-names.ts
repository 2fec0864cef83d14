// The option `profiles`: schemas that are an API of their own each. Its form, and whether the database has them.
import { ConfigError } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";
import { askOf } from "../database/database.js";
import type { OpenDatabase } from "../database/session.js";
import { refuseSystemSchemas } from "../database/system-tables.js";

const PLACE = "options.profiles";
/** Visible characters of a header's value (RFC 9110, 5.5), without the comma that separates several. */
const SAID_IN_A_HEADER = /^[!-+\--~]([ -+\--~]*[!-+\--~])?$/;

/** Throws a `ConfigError` for what cannot be meant. */
export function checkProfiles(options: {
  readonly profiles?: unknown;
  readonly schema?: unknown;
  readonly tables?: unknown;
}): void {
  const { profiles, schema, tables } = options;
  if (profiles === undefined) return;
  if (!Array.isArray(profiles) || profiles.length === 0)
    throw new ConfigError(PLACE, 'is a list of schemas, the default first: ["v2", "v1"].');
  for (const [i, name] of profiles.entries()) {
    if (typeof name !== "string" || !SAID_IN_A_HEADER.test(name))
      throw new ConfigError(`${PLACE}[${i}]`, "is a schema's name, of characters that a header can hold.");
    if (profiles.indexOf(name) !== i) throw new ConfigError(`${PLACE}[${i}]`, `${name} stands twice.`);
  }
  const [other] = [...(schema === undefined ? [] : ["schema"]), ...(tables === undefined ? [] : ["tables"])];
  if (other !== undefined)
    throw new ConfigError(
      PLACE,
      `says which tables there are, and so does options.${other}. Leave one of the two out.`,
    );
}

/** Throws a `ConfigError` for a database without schemas, and for one that is not there. */
export async function checkProfilesThere(profiles: readonly string[], database: OpenDatabase): Promise<void> {
  const { schemas, name: dialect } = database.dialect;
  if (schemas === undefined)
    throw new ConfigError(
      PLACE,
      `${dialect} has no schemas. Serve several databases instead, each below its name (databases).`,
    );
  refuseSystemSchemas({ schema: profiles }, database.dialect, PLACE);
  const rows = await askOf(database)(schemas.all);
  const there = rows.map(({ name }) => String(name)).filter((name) => !database.dialect.system.schemas.test(name));
  for (const [i, name] of profiles.entries())
    if (!there.includes(name))
      throw new ConfigError(`${PLACE}[${i}]`, `the database has no schema '${name}'.${didYouMean(name, there)}`);
}
