// A schema's names, ready to be looked up: made once when the schema is read.
import { type Column, fieldOf, type Schema, type Table } from "./schema.js";

export interface TableLookup {
  readonly table: Table;
  /** What clients know the table by: its path's name. */
  readonly label: string;
  /** By the name in JSON and query strings. */
  readonly fields: ReadonlyMap<string, Column>;
  /** By the name in the database. */
  readonly columns: ReadonlyMap<string, Column>;
}

export type Lookup = ReadonlyMap<string, TableLookup>;

/** `labels` are the path names by table id; a table without one is known by its id. */
export function lookupOf(schema: Schema, labels: ReadonlyMap<string, string> = new Map()): Lookup {
  return new Map(
    schema.tables.map((table) => [
      table.id,
      {
        table,
        label: labels.get(table.id) ?? table.id,
        fields: new Map(table.columns.map((column) => [fieldOf(column), column])),
        columns: new Map(table.columns.map((column) => [column.name, column])),
      },
    ]),
  );
}

/** A table that the schema is known to have. */
export function tableOf(lookup: Lookup, id: string): TableLookup {
  const entry = lookup.get(id);
  if (entry === undefined) throw new Error(`no table ${id} in the schema that was read`);
  return entry;
}

/** A column that the schema is known to have. */
export function columnOf(entry: TableLookup, name: string): Column {
  const column = entry.columns.get(name);
  if (column === undefined) throw new Error(`no column ${entry.table.id}.${name} in the schema that was read`);
  return column;
}
