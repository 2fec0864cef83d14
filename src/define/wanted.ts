// What a person wants to have made: a config map's entries, or a schema that was read elsewhere → a schema, and what of it cannot be had.
import type { NamingOptions } from "../base/naming.js";
import { type ColumnEntry, schemaFromConfig, type TableEntry } from "../schema/config.js";
import { type ColumnType, isEnforced, type Schema, type Table } from "../schema/schema.js";
import { typeNamed } from "../schema/type-name.js";
import { defaultFromEntry } from "./default-value.js";

export interface Wanted {
  readonly schema: Schema;
  /** Sentences without their end: what is made otherwise than it was, or not at all. */
  readonly notes: readonly string[];
  /** A person wrote it: an unknown type is a slip of the hand. */
  readonly byHand: boolean;
}

/** `beside`: tables that are there, to which entries may refer. Throws `ConfigError`. */
export function wantedFromEntries(
  entries: readonly TableEntry[],
  naming: NamingOptions = {},
  beside: readonly Table[] = [],
): Wanted {
  return { schema: schemaFromConfig(entries.map(withPlainDefaults), naming, beside), notes: [], byHand: true };
}

function withPlainDefaults(entry: TableEntry): TableEntry {
  if (!Array.isArray(entry?.columns)) return entry;
  return {
    ...entry,
    columns: entry.columns.map((column) =>
      column?.default === undefined ? column : withPlainDefault(column, typeNamed(column.type)),
    ),
  };
}

/** A column's entry whose default is SQL text for a column of that type. */
export const withPlainDefault = (column: ColumnEntry, type: ColumnType): ColumnEntry =>
  column?.default === undefined ? column : { ...column, default: defaultFromEntry(column.default, type) };

/** Views, routines and what a database computes are its own, and are not copied. */
export function wantedFromSchema({ tables, routines = [] }: Schema): Wanted {
  const ids = new Set(tables.filter(({ kind }) => kind === "table").map(({ id }) => id));
  const views = tables.filter(({ kind }) => kind === "view");
  return {
    schema: { tables: tables.filter(({ id }) => ids.has(id)).map((table) => copied(table, ids)) },
    notes: [
      ...views.map(({ id }) => `${id} is a view, and is not made`),
      ...routines.map(({ id }) => `${id} is a routine, and is not made`),
    ],
    byHand: false,
  };
}

/** A schema's name goes with the table's id alone: the default one has another name elsewhere. */
const copied = (table: Table, ids: ReadonlySet<string>): Table => ({
  ...table,
  schema: table.id === table.name ? null : table.schema,
  columns: table.columns.map(({ collation: _collation, ...column }) => column),
  foreignKeys: table.foreignKeys.filter((key) => isEnforced(key) && ids.has(key.table)),
});
