// Is a value a schema as `sapwood schema` writes it? As far as it is looked into before something is made of it.
import type { Schema } from "../schema/schema.js";

export const isSavedSchema = (value: unknown): value is Schema =>
  holdsList(value, "tables") &&
  value.tables.every(
    (table) =>
      holdsList(table, "columns") &&
      holdsList(table, "primaryKey") &&
      holdsList(table, "uniqueKeys") &&
      holdsList(table, "foreignKeys") &&
      typeof (table as { id?: unknown }).id === "string" &&
      table.columns.every((column) => typeof (column as { type?: { kind?: unknown } }).type?.kind === "string"),
  );

const holdsList = <K extends string>(value: unknown, key: K): value is Record<K, readonly unknown[]> =>
  typeof value === "object" && value !== null && Array.isArray((value as Record<string, unknown>)[key]);
