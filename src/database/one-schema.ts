// One schema of a database that has several. Its views pass through keys and columns of tables in other schemas, which are read for
// that, and not shown.
import { ConfigError } from "../base/config-error.js";
import type { ReadOptions } from "../dialect/connection.js";
import type { Schema } from "../schema/schema.js";
import { visibleSchema } from "../schema/visible.js";
import { askOf } from "./database.js";
import { readDatabaseSchema } from "./read-schema.js";
import type { OpenDatabase } from "./session.js";

/** Tables, routines and warnings of this schema alone. */
export async function readOneSchema(database: OpenDatabase, name: string, options: ReadOptions = {}): Promise<Schema> {
  const whole = await readDatabaseSchema(database, { ...options, schema: await schemasFor(database, name) });
  const hidden = whole.tables.filter(({ schema }) => schema !== name).map(({ id }) => id);
  const routines = whole.routines?.filter(({ schema }) => schema === name);
  const shown = visibleSchema({ ...whole, ...(routines && { routines }) }, { exclude: hidden });
  const isOwn = isIn(shown, name);
  const warnings = shown.warnings?.filter(({ table }) => isOwn(table));
  const { warnings: _, ...rest } = shown;
  return { ...rest, ...(warnings && warnings.length > 0 && { warnings }) };
}

/** Another word whenever what `readOneSchema` answers would be another. */
export const digestOneSchema = async (
  database: OpenDatabase,
  name: string,
  options: ReadOptions = {},
): Promise<string> =>
  database.dialect.schemaDigest(askOf(database), { ...options, schema: await schemasFor(database, name) });

/** The schema itself, and those that its views look into. */
async function schemasFor(database: OpenDatabase, name: string): Promise<readonly string[]> {
  const { schemas, system, name: dialect } = database.dialect;
  if (schemas === undefined) throw new ConfigError("options.profiles", `${dialect} has no schemas.`);
  const rows = await askOf(database)(schemas.behindViews, [name]);
  const others = rows.map((row) => String(row.name)).filter((other) => other !== name && !system.schemas.test(other));
  return [name, ...others];
}

/** Warnings may be of tables that could not be read, and are known by their ids alone: those of the connection's own schema are plain names. */
function isIn({ tables }: Schema, name: string): (id: string) => boolean {
  const own = new Set(tables.map(({ id }) => id));
  const isPlain = tables.some(({ id, name }) => id === name);
  return (id) => own.has(id) || id.startsWith(`${name}.`) || (isPlain && !id.includes("."));
}
