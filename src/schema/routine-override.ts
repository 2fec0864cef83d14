// `overrides` of the database's own functions and procedures → the schema with them. Mistakes name their place and the nearest valid word.
import { ConfigError, checkBoolean, checkKeys } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";
import { inputsOf, isNamed, type Routine, type RoutineReturns } from "./routine.js";
import type { Schema, Table } from "./schema.js";

export interface RoutineOverride {
  /** The routine's name in the database, for all of its overloads; or one of them with its types: `pick(text)`. */
  readonly name: string;
  /** The path's name: `/rpc/resource`. */
  readonly resource?: string;
  /** The table that it belongs to: its first argument is the row's key. */
  readonly table?: string;
  /** It changes nothing, whatever the database says of it: GET may call it. `false`: it may write. */
  readonly reads?: boolean;
  /** The table whose rows its columns are. */
  readonly returns?: string;
  /** Which of its columns tell its rows apart. Lists are sorted by them then, have cursors, and are sent in pieces where they are long. */
  readonly key?: string | readonly string[];
  readonly comment?: string;
}

const keys = ["name", "resource", "table", "reads", "returns", "key", "comment"];

/** Is the entry of a routine, and not of a table? */
export const isRoutineOverride = <Entry extends { readonly name: string }>(
  entry: Entry | RoutineOverride,
  { tables, routines = [] }: Schema,
): entry is RoutineOverride =>
  !tables.some(({ id }) => id === entry?.name) && routines.some((routine) => isNamed(routine, entry?.name));

/** Throws `ConfigError`. Entries of tables are passed over. */
export function overrideRoutines(schema: Schema, entries: readonly (RoutineOverride | { name: string })[]): Schema {
  const routines = entries.reduce<readonly Routine[]>(
    (all, entry, i) =>
      isRoutineOverride(entry, schema) ? withOverride(all, entry, schema, `options.overrides[${i}]`) : all,
    schema.routines ?? [],
  );
  return routines.length === 0 ? schema : { ...schema, routines };
}

function withOverride(
  all: readonly Routine[],
  entry: RoutineOverride,
  schema: Schema,
  place: string,
): readonly Routine[] {
  checkKeys(entry, keys, place);
  checkBoolean(entry.reads, `${place}.reads`);
  const { resource } = entry;
  if (resource !== undefined && (typeof resource !== "string" || !/^[^/\s(]+$/.test(resource)))
    throw new ConfigError(`${place}.resource`, "is one segment of a path, without '/'.");
  const other = all.find((routine) => !isNamed(routine, entry.name) && (routine.as ?? routine.name) === resource);
  if (other !== undefined) throw new ConfigError(`${place}.resource`, `${other.id} is called so already.`);
  const named = all.filter((routine) => isNamed(routine, entry.name));
  const table = entry.table === undefined ? undefined : keyedTable(entry.table, schema, `${place}.table`);
  const owned = new Set(table === undefined ? [] : named.filter((routine) => takesKey(routine, table)));
  if (table !== undefined && owned.size === 0)
    throw new ConfigError(`${place}.table`, `its first argument has not the type of ${table.id}'s key.`);
  return all.map((routine) =>
    named.includes(routine) ? overridden(routine, entry, { schema, place, isOwned: owned.has(routine) }) : routine,
  );
}

/** Of overloads, those that take a key belong to its table. */
function takesKey(routine: Routine, { columns, primaryKey: [key] }: Table): boolean {
  const [first] = inputsOf(routine);
  return first !== undefined && first.type.kind === columns.find(({ name }) => name === key)?.type.kind;
}

interface Ground {
  readonly schema: Schema;
  readonly place: string;
  readonly isOwned: boolean;
}

function overridden(routine: Routine, entry: RoutineOverride, { schema, place, isOwned }: Ground): Routine {
  const { resource, table, reads = routine.reads, comment } = entry;
  if (reads && routine.commits === true) throw new ConfigError(`${place}.reads`, `${routine.id} commits by itself.`);
  const returned = entry.returns === undefined ? routine.returns : rowsOf(routine, entry.returns, schema, place);
  const said = Object.keys(entry).filter((key) => key !== "name");
  return {
    ...routine,
    reads,
    returns: entry.key === undefined ? returned : keyed(returned, entry.key, `${place}.key`),
    ...(resource !== undefined && { as: resource }),
    ...(isOwned && { table }),
    ...(comment !== undefined && { comment }),
    overridden: [...new Set([...(routine.overridden ?? []), ...said])],
  };
}

/** The table, where its key is one column, which a first argument can be. Throws `ConfigError`. */
export function keyedTable(name: string, { tables }: Schema, place: string): Table {
  const table = tableCalled(name, tables, place);
  if (table.primaryKey.length !== 1)
    throw new ConfigError(place, `${name} has no key of one column, which the first argument could be.`);
  return table;
}

function tableCalled(name: string, tables: readonly Table[], place: string): Table {
  const table = tables.find(({ id }) => id === name);
  const known = tables.map(({ id }) => id);
  if (table === undefined) throw new ConfigError(place, `there is no table '${name}'.${didYouMean(name, known)}`);
  return table;
}

/** Declared columns that are those of a table. */
function rowsOf({ id, kind, returns }: Routine, name: string, { tables }: Schema, place: string): RoutineReturns {
  const table = tableCalled(name, tables, `${place}.returns`);
  if (kind !== "function" || returns.type !== "columns")
    throw new ConfigError(`${place}.returns`, `${id} declares no columns, which could be those of ${name}.`);
  const declared = new Map(returns.columns.map((column) => [column.name, column.type.kind]));
  const other = table.columns.find((column) => declared.get(column.name) !== column.type.kind);
  if (other !== undefined)
    throw new ConfigError(
      `${place}.returns`,
      `${id} has no column ${other.name} of the type ${other.type.native}, as ${name} has.`,
    );
  return { type: "rows", table: table.id, many: returns.many };
}

/** Columns of which these are the key. Throws `ConfigError`. */
export function keyed(returns: RoutineReturns, key: string | readonly string[], place: string): RoutineReturns {
  if (returns.type !== "columns" || !returns.many)
    throw new ConfigError(place, "is for rows of columns that are declared, which this does not answer.");
  const wanted = [key].flat();
  const known = returns.columns.map(({ name }) => name);
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new ConfigError(place, `there is no column '${unknown}'.${didYouMean(String(unknown), known)}`);
  const columns = returns.columns.map((column) =>
    wanted.includes(column.name) ? { ...column, nullable: false } : column,
  );
  return { ...returns, columns, key: wanted };
}
