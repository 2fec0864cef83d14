// A config map → a schema, or the same entries merged over a schema that was read. Mistakes name their place and the nearest valid word.

import { ConfigError, checkEntry } from "../base/config-error.js";
import type { NamingOptions } from "../base/naming.js";
import { didYouMean } from "../base/suggest.js";
import { type BelongsToEntry, withBelongsTo } from "./belongs-to.js";
import { lastingOf } from "./lasting.js";
import { requireColumns, unknownColumn } from "./require-columns.js";
import { isRoutineOverride, overrideRoutines, type RoutineOverride } from "./routine-override.js";
import type { Column, Schema, Table, UniqueKey } from "./schema.js";
import type { StampOptions } from "./stamps.js";
import { typeNamed } from "./type-name.js";

export { ConfigError, checkKeys } from "../base/config-error.js";

export interface ColumnEntry {
  readonly name: string;
  /**
   * As in SQL: `integer`, `varchar(40)`, `decimal(10,2)`, `boolean`, `timestamptz`, `json`. Left out: any value is kept as it comes.
   * In SQLite dates and times may be numbers: `datetime in seconds`, `timestamptz in milliseconds`, `datetime in julian days`.
   */
  readonly type?: string;
  /** Default `false`. */
  readonly notNull?: boolean;
  /** The default's SQL text, or `true` for one that only the database knows. */
  readonly default?: string | number | boolean | null;
  /** The field's name in JSON and in query strings. */
  readonly as?: string;
  readonly comment?: string;
}

export type RelationType = "root" | "one-n" | "n-n";

export interface TableEntry {
  /** The table's name in the database; `schema.name` outside the default schema. */
  readonly name: string;
  /** The path's name. */
  readonly resource?: string;
  readonly columns?: readonly ColumnEntry[];
  /** Default in `tables`: `id`, where there is such a column. */
  readonly primaryKey?: string | readonly string[];
  readonly relationTypes?: readonly RelationType[];
  /** Tables this one refers to: a name (its column is `<name>_id`), or the columns said. */
  readonly belongsTo?: readonly (string | BelongsToEntry)[];
  /** Further keys: a column, or several together. */
  readonly unique?: readonly (string | readonly string[])[];
  /** For tables that are made: what is looked up fast. */
  readonly indexes?: readonly (string | readonly string[])[];
  readonly comment?: string;
  /** `false` where what is written to it stays though the transaction is rolled back. Default: as the database says. */
  readonly transactional?: boolean;
  /** Its columns that the API itself writes: when and by whom a row was made and changed. `false`: none, whatever `stamps` says. */
  readonly stamps?: StampOptions | false;
  /** Its column that says which rows are deleted. `false`: they are truly deleted, whatever `softDelete` says. */
  readonly softDelete?: string | false;
}

/** The whole schema by hand: no database is asked. `beside`: others that entries may refer to. Throws `ConfigError`. */
export function schemaFromConfig(
  entries: readonly TableEntry[],
  naming: NamingOptions = {},
  beside: readonly Table[] = [],
): Schema {
  const tables = entries.map((entry, i): Table => {
    const place = `tables[${i}]`;
    checkEntry(entry, place);
    if (entry.columns === undefined || entry.columns.length === 0) {
      throw new ConfigError(
        `${place}.columns`,
        `${entry.name} needs its columns here, as the database is not asked for them.`,
      );
    }
    const named = entry.columns.some(({ name }) => name === "id") ? ["id"] : [];
    const key = entry.primaryKey === undefined ? named : [entry.primaryKey].flat();
    return {
      id: entry.name,
      ...nameParts(entry.name),
      kind: "table",
      columns: entry.columns.map((column) => inKey(columnFrom(column), entry, key)),
      primaryKey: key,
      uniqueKeys: [],
      foreignKeys: [],
    };
  });
  const twice = tables.find((table, i) => tables.findIndex(({ id }) => id === table.id) !== i);
  if (twice !== undefined) throw new ConfigError("tables", `${twice.id} stands twice.`);
  const placed = entries.map((entry, i) => [entry, `tables[${i}]`] as const);
  const merged = merge({ tables: [...beside, ...tables] }, placed, naming);
  return { tables: merged.tables.slice(beside.length) };
}

/** A key is never NULL; and the database numbers one that is a number alone, refers to nothing and has no default. */
function inKey(column: Column, { belongsTo = [] }: TableEntry, key: readonly string[]): Column {
  if (!key.includes(column.name)) return column;
  const refers = belongsTo.some((item) => typeof item !== "string" && [item.column].flat().includes(column.name));
  const numbered = key.length === 1 && !refers && column.default === null && /^(integer|any)$/.test(column.type.kind);
  return { ...column, nullable: false, identity: column.identity || numbered };
}

/** What was read, with the entries' words over it. Throws `ConfigError`. */
export function overrideSchema(
  schema: Schema,
  entries: readonly (TableEntry | RoutineOverride)[],
  naming: NamingOptions = {},
): Schema {
  const placed = entries.flatMap((entry, i): PlacedEntry[] => {
    if (isRoutineOverride(entry, schema)) return [];
    checkEntry(entry, `overrides[${i}]`);
    return [[entry, `overrides[${i}]`]];
  });
  return merge(overrideRoutines(schema, entries), placed, naming);
}

type PlacedEntry = readonly [entry: TableEntry, place: string];

function merge(schema: Schema, entries: readonly PlacedEntry[], naming: NamingOptions): Schema {
  const tables = new Map(schema.tables.map((table) => [table.id, table]));
  const called = (schema.routines ?? []).map(({ name }) => name);
  for (const [entry, place] of entries) {
    const table = tables.get(entry.name);
    if (table === undefined)
      throw new ConfigError(
        `${place}.name`,
        `there is no table${called.length > 0 ? " and no routine" : ""} '${entry.name}'.${didYouMean(entry.name, [...tables.keys(), ...called])}`,
      );
    tables.set(table.id, mergeTable(table, entry, place));
  }
  // Relations last: they may lead to a table whose key stands further down.
  for (const [entry, place] of entries) {
    const table = tables.get(entry.name) as Table;
    tables.set(table.id, withBelongsTo(table, entry.belongsTo ?? [], tables, place, naming));
  }
  return { ...schema, tables: [...tables.values()] };
}

function mergeTable(table: Table, entry: TableEntry, place: string): Table {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  for (const [i, column] of (entry.columns ?? []).entries()) {
    const known = byName.get(column.name);
    if (known === undefined) throw unknownColumn(`${place}.columns[${i}].name`, column.name, table);
    if (entry.columns?.findIndex(({ name }) => name === column.name) !== i)
      throw new ConfigError(`${place}.columns[${i}].name`, `${column.name} stands twice.`);
    byName.set(column.name, mergeColumn(known, column));
  }
  const columns = [...byName.values()];
  const fields = columns.map((column) => column.as ?? column.name);
  const twice = fields.find((field, i) => fields.indexOf(field) !== i);
  if (twice !== undefined)
    throw new ConfigError(`${place}.columns`, `two columns of ${table.id} would be called '${twice}'.`);
  const key = entry.primaryKey === undefined ? table.primaryKey : [entry.primaryKey].flat();
  requireColumns(key, table, `${place}.primaryKey`);
  const { transactional, engine, ...others } = table;
  const lasting =
    entry.transactional === undefined
      ? lastingOf(table)
      : entry.transactional
        ? {}
        : { transactional: false as const, ...(engine && { engine }) };
  return {
    ...others,
    ...lasting,
    columns,
    primaryKey: key,
    ...keysSaid(table, entry, place),
    ...(entry.comment === undefined ? {} : { comment: entry.comment }),
    ...(entry.resource === undefined ? {} : { resource: entry.resource }),
    ...(entry.relationTypes === undefined ? {} : { relationTypes: entry.relationTypes }),
  };
}

/** Unique keys come on top of those that are known. */
function keysSaid(table: Table, { unique = [], indexes }: TableEntry, place: string): Partial<Table> {
  const listed = (lists: readonly (string | readonly string[])[], option: string) =>
    lists.map((item, i) => {
      const columns = [item].flat();
      requireColumns(columns, table, `${place}.${option}[${i}]`);
      return { name: null, columns };
    });
  const isKnown = (key: UniqueKey) => table.uniqueKeys.some((other) => sameColumns(key.columns, other.columns));
  const added = listed(unique, "unique").filter((key) => !isKnown(key));
  return {
    ...(added.length === 0 ? {} : { uniqueKeys: [...table.uniqueKeys, ...added] }),
    ...(indexes === undefined ? {} : { indexes: listed(indexes, "indexes") }),
  };
}

const sameColumns = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((name) => others.includes(name));

/** A column with an entry's words over it. */
export function mergeColumn(known: Column, entry: ColumnEntry): Column {
  const said = columnFrom(entry);
  return {
    ...known,
    ...(entry.type === undefined ? {} : { type: said.type }),
    ...(entry.notNull === undefined ? {} : { nullable: said.nullable }),
    ...(entry.default === undefined ? {} : { default: said.default }),
    ...(entry.as === undefined ? {} : { as: entry.as }),
    ...(entry.comment === undefined ? {} : { comment: entry.comment }),
  };
}

/** A column as its entry says it. */
export function columnFrom(entry: ColumnEntry): Column {
  return {
    name: entry.name,
    type: typeNamed(entry.type),
    nullable: !entry.notNull,
    default: entry.default === undefined || entry.default === null ? null : String(entry.default),
    generated: false,
    identity: /serial|increments/i.test(entry.type ?? ""),
    ...(entry.as === undefined ? {} : { as: entry.as }),
    ...(entry.comment === undefined ? {} : { comment: entry.comment }),
  };
}

function nameParts(id: string): { name: string; schema: string | null } {
  const dot = id.indexOf(".");
  return dot === -1 ? { name: id, schema: null } : { name: id.slice(dot + 1), schema: id.slice(0, dot) };
}
