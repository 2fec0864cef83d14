// Two readings of a schema → the tables that came, went, or are not what they were.
import { isDeepStrictEqual } from "node:util";
import type { Schema } from "./schema.js";

/** Tables by their ids. */
export interface SchemaChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly altered: readonly string[];
}

export const unchanged: SchemaChanges = { added: [], removed: [], altered: [] };

export function schemaChanges(before: Schema, after: Schema): SchemaChanges {
  const old = new Map(before.tables.map((table) => [table.id, table]));
  const now = new Set(after.tables.map(({ id }) => id));
  return {
    added: [...now].filter((id) => !old.has(id)),
    removed: [...old.keys()].filter((id) => !now.has(id)),
    altered: after.tables
      .filter((table) => old.has(table.id) && !isDeepStrictEqual(old.get(table.id), table))
      .map(({ id }) => id),
  };
}
