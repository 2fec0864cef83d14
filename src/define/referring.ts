// A table, or some of its columns → the tables and views that refer to them, by their ids. Pure.
import type { Schema, Table } from "../schema/schema.js";

/** Left out, `columns` are all. */
export const referringTo = ({ tables }: Schema, id: string, columns?: readonly string[]): string[] =>
  tables.filter((table) => table.id !== id && refers(table, id, columns)).map((table) => table.id);

function refers({ foreignKeys, columns: own }: Table, id: string, columns: readonly string[] | undefined): boolean {
  const isMeant = (name: string) => columns === undefined || columns.includes(name);
  return (
    foreignKeys.some(({ table, references }) => table === id && references.some(isMeant)) ||
    own.some(({ origin }) => origin?.table === id && isMeant(origin.column))
  );
}
