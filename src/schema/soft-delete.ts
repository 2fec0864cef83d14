// The option `softDelete` → columns that say which rows are deleted. Such rows stay in their table, and are as if they were not there.
import { ConfigError, isText } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";
import { requireColumns } from "./require-columns.js";
import type { Column, Schema, Table } from "./schema.js";
import { holdsMoment, ISO_LENGTH, type StampedColumn } from "./stamps.js";

/** A table, as far as its config entry speaks of this. `false`: its rows are truly deleted, whatever holds for the others. */
export interface SoftDeleteEntry {
  readonly name: string;
  readonly softDelete?: string | false;
}

/** The column that says when a row was deleted, or whether it is. */
export const deletedColumn = (columns: readonly Column[]): StampedColumn | undefined =>
  columns.find((column): column is StampedColumn => column.stamp?.at === "delete");

/** The schema with these columns marked. `all` is a column's name, for each table that has it; an entry's is for its own table. */
export function withSoftDelete(schema: Schema, all: string | undefined, entries: readonly SoftDeleteEntry[]): Schema {
  const own = new Map(
    entries.flatMap(({ name, softDelete }) => (softDelete === undefined ? [] : [[name, softDelete] as const])),
  );
  if (all === undefined && own.size === 0) return schema;
  if (all !== undefined) requireSomewhere(schema, all);
  const tables = schema.tables.map((table) => {
    const said = own.get(table.id) ?? all;
    if (said === undefined || said === false) return table;
    if (!own.has(table.id)) return marked(table, said, "options.softDelete");
    const place = `overrides: ${table.id}.softDelete`;
    if (!isText(said)) throw new ConfigError(place, "is a column's name, or false.");
    requireColumns([said], table, place);
    return marked(table, said, place);
  });
  return { ...schema, tables };
}

/** Throws `ConfigError` where such a column is not there any more: deleted rows would come back by that. */
export function requireDeletedColumns(before: Schema, shown: Schema): void {
  for (const table of shown.tables) {
    const column = deletedColumn(before.tables.find(({ id }) => id === table.id)?.columns ?? []);
    if (column !== undefined && deletedColumn(table.columns) === undefined)
      throw new ConfigError(
        "options.exclude",
        `${table.id}.${column.name} says which rows are deleted, and is left out. Leave out the table, or say overrides: [{ name: "${table.id}", softDelete: false }]. A role's "read" hides columns.`,
      );
  }
}

function marked(table: Table, name: string, place: string): Table {
  const mark = (column: Column): Column => {
    if (column.name !== name) return column;
    const holds = column.type.kind === "boolean" ? "flag" : "moment";
    if (holds === "moment" && !(holdsMoment(column) && column.nullable))
      throw new ConfigError(
        place,
        `${table.id}.${name} is ${column.type.native}${column.nullable ? "" : " NOT NULL"}: it is a boolean, or a date and time (or a text of ${ISO_LENGTH} characters and more) that may be NULL. Leave the table out by overrides: [{ name: "${table.id}", softDelete: false }].`,
      );
    return { ...column, stamp: { at: "delete", holds } };
  };
  return { ...table, columns: table.columns.map(mark) };
}

/** A name that no table has is a slip of the hand. */
function requireSomewhere({ tables }: Schema, name: unknown): void {
  if (!isText(name)) throw new ConfigError("options.softDelete", 'is a column\'s name: "deleted_at".');
  const known = new Set(tables.flatMap(({ columns }) => columns.map((column) => column.name)));
  if (known.size > 0 && !known.has(name))
    throw new ConfigError("options.softDelete", `no table has a column '${name}'.${didYouMean(name, known)}`);
}
