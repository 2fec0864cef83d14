// A row's JSON, as the database made it → its values again, for the statements that follow.

import { toSegment } from "../plan/row-segment.js";
import type { Value } from "../plan/terms.js";
import { fromJson } from "../plan/value.js";
import { parseText } from "../request/body.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { type Column, fieldOf } from "../schema/schema.js";

/** These columns' values, in their order. */
export function valuesOf(row: string, columns: readonly string[], entry: TableLookup): Value[] {
  const fields = parseText(row) as Record<string, unknown>;
  return columns.map((name) => {
    const column = columnOf(entry, name);
    const value = fields[fieldOf(column)];
    const typed = value === null ? { ok: true as const, value: null } : fromJson(value, column.type);
    if (typed.ok) return { value: typed.value, type: column.type };
    throw new Error(`${fieldOf(column)} ${typed.message}: the database's own value is not understood`);
  });
}

/** The address of a row below its collection; nothing for a table without a key, and a row whose key is NULL. */
export function locationOf(row: string, entry: TableLookup, collection: string): string | undefined {
  const segment = rowSegment(row, entry);
  return segment === undefined ? undefined : `${collection}/${segment}`;
}

/** The row's key as a path holds it, in the same cases. */
export function rowSegment(row: string, { table, columns }: TableLookup): string | undefined {
  if (table.primaryKey.length === 0) return undefined;
  const fields = parseText(row) as Record<string, unknown>;
  const key = table.primaryKey.map((name) => columns.get(name) as Column);
  return toSegment(
    key.map((column) => fields[fieldOf(column)]),
    key.map(({ type }) => type),
  );
}
