// The options of an API with several profiles → those of each: what they say of tables is for the profiles that have these tables.
import { ConfigError } from "../base/config-error.js";
import { withLogFields } from "../base/logger.js";
import type { OpenDatabase } from "../database/session.js";
import { buildRouteTree } from "../routes/build.js";
import { isNamed } from "../schema/routine.js";
import type { Schema } from "../schema/schema.js";
import { readPlain, shownOf } from "./build-snapshot.js";
import type { ApiOptions } from "./options.js";
import { checkProfilesThere } from "./profile-names.js";

/** One of the APIs that are opened together. */
export interface ProfileOptions {
  /** Left out where it is the only one. */
  readonly profile?: string;
  readonly options: ApiOptions;
  /** Is a table of this name not another profile's alone? */
  concerns(table: string): boolean;
}

/** I/O: looks which schemas there are, and which tables they have. */
export async function optionsOfEach(database: OpenDatabase, all: ApiOptions): Promise<readonly ProfileOptions[]> {
  const { profiles } = all;
  if (profiles === undefined) return [{ options: all, concerns: () => true }];
  await checkProfilesThere(profiles, database);
  const schemas = await Promise.all(profiles.map((schema) => readPlain(database, { profiles, schema })));
  const each = profiles.map((profile, i) => {
    const others = schemas.filter((_, other) => other !== i);
    const isHere = knowing(schemas[i] as Schema, others);
    const logger = all.logger && withLogFields(all.logger, { profile });
    const options = { ...optionsFor(all, isHere), schema: profile, ...(logger && { logger }) };
    return { profile, options, concerns: isHere.table };
  });
  return isObject(all.renamed) ? withRenamed(each, schemas, database.dialect) : each;
}

/** Old names are for the profiles that have what they lead to. One that leads nowhere stays everywhere, as a mistake. */
function withRenamed(
  each: readonly ProfileOptions[],
  schemas: readonly Schema[],
  dialect: OpenDatabase["dialect"],
): readonly ProfileOptions[] {
  const names = each.map(({ options }, i) => topNames(schemas[i] as Schema, dialect, options));
  return each.map((one, i) => {
    const isHere = (entry: unknown) => {
      const to = String((entry as { readonly to?: unknown } | null)?.to);
      return names[i]?.has(to) !== false || !names.some((others) => others?.has(to));
    };
    const kept = Object.entries(one.options.renamed ?? {}).filter(([, entry]) => isHere(entry));
    return { ...one, options: { ...one.options, renamed: Object.fromEntries(kept) } };
  });
}

/** What stands first in the paths of an API; nothing where its options hold a mistake, which is told when it is built. */
function topNames(
  schema: Schema,
  dialect: OpenDatabase["dialect"],
  options: ApiOptions,
): ReadonlySet<string> | undefined {
  const { renamed: _, ...rest } = options;
  try {
    return new Set(Object.keys(buildRouteTree(shownOf(schema, dialect, rest), rest).root.literals));
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** Is a name not another profile's alone? A name that none has stays everywhere: it is a mistake, and said to be one. */
interface Here {
  /** By its id. */
  table(name: string): boolean;
  /** By its id or its plain name. */
  plain(name: string): boolean;
  /** A table, or a routine. */
  named(name: string): boolean;
  /** A table, a column behind it, or a routine. */
  any(name: string): boolean;
}

function knowing(own: Schema, others: readonly Schema[]): Here {
  const here = (isIn: (schema: Schema, name: string) => boolean) => (name: string) =>
    isIn(own, name) || !others.some((other) => isIn(other, name));
  const isTable = ({ tables }: Schema, name: string) => tables.some(({ id }) => id === name);
  const isRoutine = ({ routines = [] }: Schema, name: string) => routines.some((routine) => isNamed(routine, name));
  const isColumn = ({ tables }: Schema, name: string) => tables.some(({ id }) => name.startsWith(`${id}.`));
  const isPlain = ({ tables }: Schema, name: string) => tables.some((table) => table.name === name);
  return {
    table: here(isTable),
    named: here((schema, name) => isTable(schema, name) || isRoutine(schema, name)),
    plain: here((schema, name) => isTable(schema, name) || isPlain(schema, name) || isRoutine(schema, name)),
    any: here((schema, name) => isTable(schema, name) || isColumn(schema, name) || isRoutine(schema, name)),
  };
}

function optionsFor(options: ApiOptions, here: Here): ApiOptions {
  const { include, exclude, overrides, routines, roles, cache } = options;
  return {
    ...options,
    ...(Array.isArray(include) && { include: include.filter((name) => here.any(String(name))) }),
    ...(Array.isArray(exclude) && { exclude: exclude.filter((name) => here.any(String(name))) }),
    ...(Array.isArray(overrides) && { overrides: overrides.filter((entry) => here.named(String(entry?.name))) }),
    ...(Array.isArray(routines) && {
      routines: routines.filter(({ table }) => table === undefined || here.table(table)),
    }),
    ...(isObject(roles) && { roles: withKeys(roles, rightsIn(here)) as ApiOptions["roles"] }),
    ...(cache &&
      isObject(cache.tables) && {
        cache: { ...cache, tables: keysOf(cache.tables, here.table) as Record<string, number> },
      }),
  };
}

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const keysOf = (value: Members, isKept: (name: string) => boolean): Members =>
  Object.fromEntries(Object.entries(value).filter(([name]) => isKept(name)));

const withKeys = (value: Members, each: (member: unknown) => unknown): Members =>
  Object.fromEntries(Object.entries(value).map(([name, member]) => [name, each(member)]));

/** Of one role: its tables, and the routines under their own key. */
const rightsIn = (here: Here) => (role: unknown) => {
  if (!isObject(role)) return role;
  const { routines } = role;
  const kept = keysOf(role, (name) => name === "*" || name === "routines" || here.plain(name));
  return isObject(routines) && !Object.hasOwn(routines, "operations")
    ? { ...kept, routines: keysOf(routines, here.plain) }
    : kept;
};

/** A mistake in the options, as one profile has it. */
export function inProfile(error: unknown, profile: string | undefined): unknown {
  if (profile === undefined || !(error instanceof ConfigError)) return error;
  return new ConfigError(error.place, `in the profile ${profile}: ${error.reason}`);
}
