// A column with another name → the table and its keys, and the foreign keys of others that lead to it, by that name. Pure.
import type { ForeignKey, Table } from "../schema/schema.js";
import type { DefinitionStep } from "./step.js";

type Renaming = Extract<DefinitionStep, { readonly do: "rename column" }>;

/** Any table of the schema, once the column is called otherwise. */
export function renamed(table: Table, { table: { id }, from, to }: Renaming): Table {
  const renamedIn = (names: readonly string[]) => names.map((name) => (name === from ? to : name));
  const keys = <Key extends { readonly columns: readonly string[] }>(list: readonly Key[]): Key[] =>
    list.map((key) => ({ ...key, columns: renamedIn(key.columns) }));
  const leading = (key: ForeignKey): ForeignKey =>
    key.table === id ? { ...key, references: renamedIn(key.references) } : key;
  const foreignKeys = table.foreignKeys.map(leading);
  if (table.id !== id) return { ...table, foreignKeys };
  return {
    ...table,
    columns: table.columns.map((column) => (column.name === from ? { ...column, name: to } : column)),
    primaryKey: renamedIn(table.primaryKey),
    uniqueKeys: keys(table.uniqueKeys),
    foreignKeys: keys(foreignKeys),
    ...(table.indexes && { indexes: keys(table.indexes) }),
  };
}
