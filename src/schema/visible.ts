// `include` and `exclude` → the tables and columns that exist for the API at all.

import { ConfigError } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";
import { towardsView } from "./passed-key.js";
import { isNamed, type Routine, tablesOfRoutine } from "./routine.js";
import { ledElsewhere, type Schema, type Table } from "./schema.js";
import type { SchemaWarning } from "./warnings.js";

export interface VisibleOptions {
  /** Only these: `"users"`, `"users.name"` for single columns, `"promote"` for a function or procedure. Default: all. */
  readonly include?: readonly string[];
  /** Not these, in the same form. */
  readonly exclude?: readonly string[];
}

/** Throws `ConfigError` for a name that is not there. Routines go with the tables whose rows they take or answer. Keys and foreign keys go with their columns. */
export function visibleSchema(schema: Schema, { include, exclude }: VisibleOptions): Schema {
  const included = include && resolve(include, schema, "include");
  const excluded = resolve(exclude ?? [], schema, "exclude");
  const shows = (table: Table, column: string) => {
    const [inside, outside] = [included?.get(table.id), excluded.get(table.id)];
    return (
      (included === undefined || inside === "all" || inside?.has(column) === true) &&
      outside !== "all" &&
      !outside?.has(column)
    );
  };
  const tables = schema.tables.map((table) =>
    withColumns(table, new Set(table.columns.flatMap(({ name }) => (shows(table, name) ? [name] : [])))),
  );
  const kept = new Map(tables.filter((table) => table.columns.length > 0).map((table) => [table.id, table]));
  const shown = [...kept.values()];
  const holds = (id: string, columns: readonly string[]) =>
    kept.has(id) && columns.every((name) => kept.get(id)?.columns.some((column) => column.name === name));
  const { warnings = [], routines = [], ...rest } = schema;
  const called = routines.filter(
    (routine) =>
      (include === undefined || include.some((name) => isNamed(routine, name))) &&
      !exclude?.some((name) => isNamed(routine, name)) &&
      tablesOfRoutine(routine).every((id) => kept.has(id)),
  );
  const isThere = (id: string) => schema.tables.some((table) => table.id === id);
  const told = warnings.filter(({ table }) =>
    isThere(table) ? kept.has(table) : included === undefined && !exclude?.includes(table),
  );
  const undecided: SchemaWarning[] = [];
  const visible = shown.map((table) => {
    const lost = new Set<string>();
    const foreignKeys = table.foreignKeys.flatMap((key) => {
      if (holds(key.table, key.references)) return [key];
      const found = towardsView(key, table, shown);
      undecided.push(...found.warnings);
      if (found.keys.length === 0) for (const name of key.columns) lost.add(name);
      return found.keys;
    });
    return { ...ledElsewhere(table, lost), foreignKeys };
  });
  const all = [...told, ...undecided];
  return {
    ...rest,
    ...(all.length > 0 && { warnings: all }),
    ...(called.length > 0 && { routines: called }),
    tables: visible,
  };
}

/** The table as far as these columns go. */
export function withColumns(table: Table, names: ReadonlySet<string>): Table {
  const whole = (columns: readonly string[]) => columns.every((name) => names.has(name));
  return {
    ...table,
    columns: table.columns.filter(({ name }) => names.has(name)),
    primaryKey: whole(table.primaryKey) ? table.primaryKey : [],
    uniqueKeys: table.uniqueKeys.filter((key) => whole(key.columns)),
    ...(table.indexes && { indexes: table.indexes.filter(({ columns }) => whole(columns)) }),
    foreignKeys: table.foreignKeys.filter((key) => whole(key.columns)),
  };
}

function resolve(names: readonly string[], schema: Schema, option: string): Map<string, "all" | Set<string>> {
  if (!Array.isArray(names))
    throw new ConfigError(option, `is an array of tables and columns: ["users", "posts.title"].`);
  const found = new Map<string, "all" | Set<string>>();
  for (const [i, name] of names.entries()) {
    if (schema.tables.some((table) => table.id === name)) {
      found.set(name, "all");
      continue;
    }
    // A table's name may hold dots itself.
    const tables = schema.tables.filter(({ id }) => String(name).startsWith(`${id}.`));
    const table = tables.find(({ id, columns }) => columns.some((column) => `${id}.${column.name}` === name));
    if (table === undefined && isUnreadable(String(name), schema)) {
      if (option === "exclude") continue;
      throw new ConfigError(`${option}[${i}]`, `the connection has no right to read ${name}.`);
    }
    if (table === undefined && schema.routines?.some((routine) => isNamed(routine, name))) continue;
    if (table === undefined)
      throw unknown(`${option}[${i}]`, String(name), tables.length > 0 ? tables : schema.tables, schema.routines ?? []);
    const before = found.get(table.id);
    if (before !== "all") found.set(table.id, (before ?? new Set()).add(name.slice(table.id.length + 1)));
  }
  return found;
}

/** Is it there, but for the connection's rights? */
const isUnreadable = (name: string, { warnings = [] }: Schema): boolean =>
  warnings.some(
    ({ code, table, columns = [] }) =>
      (code === "unreadable_table" && (name === table || name.startsWith(`${table}.`))) ||
      (code === "unreadable_columns" && columns.some((column) => name === `${table}.${column}`)),
  );

function unknown(place: string, name: string, near: readonly Table[], routines: readonly Routine[]): ConfigError {
  const columns = near.flatMap(({ id, columns }) => [id, ...columns.map((column) => `${id}.${column.name}`)]);
  const candidates = [...columns, ...routines.map((routine) => routine.name)];
  const kinds = routines.length === 0 ? "table or column" : "table, column or routine";
  return new ConfigError(place, `there is no ${kinds} '${name}'.${didYouMean(name, candidates)}`);
}
