// A schema's names, ready to be looked up: made once when the schema is read.
import type { WriteEvent } from "./effects.js";
import type { Routine } from "./routine.js";
import { type Column, fieldOf, type Schema, type Table } from "./schema.js";
import { deletedColumn } from "./soft-delete.js";
import type { StampedColumn } from "./stamps.js";

export interface TableLookup {
  readonly table: Table;
  /** What clients know the table by: its path's name. */
  readonly label: string;
  /** What may be read, by the name in JSON and query strings: filtered, sorted, grouped and selected. Computed fields are among it. */
  readonly readable: ReadonlyMap<string, Column>;
  /** What a client's body may say, in the same way. */
  readonly writable: ReadonlyMap<string, Column>;
  /** All of the table's own, in the same way: what hooks may say. */
  readonly all: ReadonlyMap<string, Column>;
  /** All there are, by the name in the database. */
  readonly columns: ReadonlyMap<string, Column>;
  /** Those that a row's JSON shows, in the table's order. */
  readonly defaultFields: readonly Column[];
  /** A rule says which of its rows there are for whoever asks. */
  readonly hasPolicy: boolean;
  /** The column that says which of its rows are deleted: those are as if they were not there. */
  readonly deleted?: StampedColumn;
  /** It is no table, but what this routine answers. */
  readonly routine?: Routine;
}

export type Lookup = ReadonlyMap<string, TableLookup>;

/** What the API makes of a table: its path's name, and the fields that functions of its rows are. */
export interface ShownTable {
  readonly name: string;
  readonly computed?: readonly Column[];
}

/** `shown` is by table id; a table that is not in it is known by its id. */
export function lookupOf(schema: Schema, shown: ReadonlyMap<string, ShownTable> = new Map()): Lookup {
  const entryOf = (table: Table, routine?: Routine): [string, TableLookup] => {
    const fields = new Map(table.columns.map((column) => [fieldOf(column), column]));
    const { name, computed = [] } = shown.get(table.id) ?? { name: table.id };
    const columns = new Map([...table.columns, ...computed].map((column) => [column.name, column]));
    if (hasRowNumber(table)) columns.set(ROW_NUMBER.name, ROW_NUMBER);
    const label = routine?.name ?? name;
    const readable = withFields(fields, computed);
    const deleted = deletedColumn(table.columns);
    const more = { ...(deleted && { deleted }), ...(routine && { routine }) };
    return [table.id, { table, label, columns, ...withoutRights(fields), readable, ...more }];
  };
  return new Map([
    ...schema.tables.map((table) => entryOf(table)),
    ...(schema.routines ?? []).map((routine) => entryOf(resultTable(routine), routine)),
  ]);
}

/** The `id` of what a routine answers: no table is called so. */
export const resultId = ({ id }: Pick<Routine, "id">): string => `call\0${id}`;

/** The only column of what answers a value. */
export const VALUE = "value";

/** What a routine answers, as a table of these rows; without columns where they are another table's, or none. */
function resultTable(routine: Routine): Table {
  const { name, returns } = routine;
  const value = (type: Column["type"]): Column => ({
    ...ROW_NUMBER,
    name: VALUE,
    type,
    nullable: true,
    identity: false,
  });
  const columns = returns.type === "columns" ? returns.columns : returns.type === "value" ? [value(returns.of)] : [];
  const primaryKey = returns.type === "columns" ? (returns.key ?? []) : [];
  const nothing = { uniqueKeys: [], foreignKeys: [] };
  return { id: resultId(routine), name, schema: null, kind: "view", columns, primaryKey, ...nothing };
}

/** SQLite's own number of a row (https://sqlite.org/rowidtable.html), which no client sees: it tells rows without a whole key apart. */
export const ROW_NUMBER: Column = {
  name: "rowid",
  type: { kind: "integer", native: "INTEGER" },
  nullable: false,
  default: null,
  generated: true,
  identity: true,
};

/** Can rows have NULL in their key? */
export const hasRowNumber = ({ kind, columns, primaryKey }: Table): boolean =>
  kind === "table" &&
  columns.some(({ name, showsNull, type }) => showsNull && type.loose && primaryKey.includes(name)) &&
  !columns.some(({ name }) => name.toLowerCase() === ROW_NUMBER.name);

/** Where nobody has less than all rights. */
export const withoutRights = (fields: ReadonlyMap<string, Column>) => ({
  readable: fields,
  writable: fields,
  all: fields,
  defaultFields: [...fields.values()],
  hasPolicy: false,
});

/** With these columns behind them, by their fields. */
export const withFields = (
  fields: ReadonlyMap<string, Column>,
  more: readonly Column[],
): ReadonlyMap<string, Column> =>
  more.length === 0 ? fields : new Map([...fields, ...more.map((column) => [fieldOf(column), column] as const)]);

/** Without the fields that functions of its rows are. */
export const withoutComputed = (entry: TableLookup): TableLookup => ({
  ...entry,
  readable: new Map([...entry.readable].filter(([, { computed }]) => computed === undefined)),
});

/** What a DELETE does to the table's rows. */
export const deletionOf = ({ deleted }: TableLookup): WriteEvent => (deleted === undefined ? "delete" : "update");

/** Can all of the table's own columns be read? */
export const readsWhole = ({ readable, all }: TableLookup): boolean =>
  readable === all || [...all.keys()].every((field) => readable.has(field));

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
