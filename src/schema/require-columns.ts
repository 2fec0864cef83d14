// Names of columns that a config says → a `ConfigError` for one that its table does not have.
import { ConfigError } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";
import type { Table } from "./schema.js";

export function requireColumns(names: readonly string[], table: Table, place: string): void {
  for (const name of names)
    if (!table.columns.some((column) => column.name === name)) throw unknownColumn(place, name, table);
}

export const unknownColumn = (place: string, name: string, table: Table) =>
  new ConfigError(
    place,
    `${table.id} has no column '${name}'.${didYouMean(
      name,
      table.columns.map((column) => column.name),
    )}`,
  );
