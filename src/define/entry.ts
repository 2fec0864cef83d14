// A table that was read → its entry in a config map's words: what `POST /schema/tables` takes. What only its database can say is left out.
import type { Definition } from "../dialect/parts/definition.js";
import type { BelongsToEntry } from "../schema/belongs-to.js";
import type { ColumnEntry, TableEntry } from "../schema/config.js";
import { type Column, type ForeignKey, isEnforced, type Table } from "../schema/schema.js";
import { defaultValueOf } from "./default-value.js";
import { typeWord } from "./portable-types.js";

export function entryOf(table: Table, definition: Definition): TableEntry {
  const { id, columns, primaryKey, uniqueKeys, indexes = [], foreignKeys, comment } = table;
  const belongsTo = foreignKeys.filter(isEnforced).map(belongsToEntry);
  return {
    name: id,
    columns: columns.map((column) => columnEntry(column, definition)),
    ...(primaryKey.length > 0 && { primaryKey: oneOrMore(primaryKey) }),
    ...(uniqueKeys.length > 0 && { unique: uniqueKeys.map((key) => oneOrMore(key.columns)) }),
    ...(indexes.length > 0 && { indexes: indexes.map((index) => oneOrMore(index.columns)) }),
    ...(belongsTo.length > 0 && { belongsTo }),
    ...(comment !== undefined && { comment }),
  };
}

const oneOrMore = (columns: readonly string[]): string | readonly string[] =>
  columns.length === 1 ? (columns[0] as string) : columns;

function columnEntry(column: Column, definition: Definition): ColumnEntry {
  const { name, nullable, comment } = column;
  const type = typeWord(column, definition);
  const value = defaultEntry(column);
  return {
    name,
    ...(type !== "" && { type }),
    ...(!nullable && { notNull: true }),
    ...(value !== undefined && { default: value }),
    ...(comment !== undefined && { comment }),
  };
}

/** Longer ones are kept as texts, with all their digits. */
const isShortNumber = (text: string): boolean =>
  text !== "" && Number.isFinite(Number(text)) && text.replace(/\D/g, "").length <= 15;

/** What `defaultFromEntry` makes the same default of. */
function defaultEntry(column: Column): ColumnEntry["default"] {
  const given = defaultValueOf(column);
  if (given === undefined || given.is === "sql") return undefined;
  if (given.is === "now") return "now";
  const { value, quoted } = given;
  return typeof value === "string" && !quoted && isShortNumber(value) ? Number(value) : value;
}

function belongsToEntry({ table, columns, references, onDelete, onUpdate }: ForeignKey): BelongsToEntry {
  return {
    table,
    column: oneOrMore(columns),
    references: oneOrMore(references),
    ...(onDelete !== undefined && { onDelete }),
    ...(onUpdate !== undefined && { onUpdate }),
  };
}
