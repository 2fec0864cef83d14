// Rows of a catalogue by their places, and names as they are truly spelt.
import type { Table } from "../schema/schema.js";

// SQLite and MySQL keep a reference as it was typed and match it without regard to case.
const fold = (name: string): string => name.toLowerCase();

export function trueColumn(columns: readonly { readonly name: string }[], name: string): string {
  const exact = columns.some((column) => column.name === name);
  return exact ? name : (columns.find((column) => fold(column.name) === fold(name))?.name ?? name);
}

export function finder(tables: readonly Table[]): (schema: string | null, name: string) => Table | undefined {
  const place = (schema: string | null, name: string) => JSON.stringify([schema, name]);
  const exact = new Map(tables.map((table) => [place(table.schema, table.name), table]));
  const folded = new Map(tables.map((table) => [fold(place(table.schema, table.name)), table]));
  return (schema, name) => exact.get(place(schema, name)) ?? folded.get(fold(place(schema, name)));
}
