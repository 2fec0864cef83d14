// A row's JSON, as the database made it → its values again, for the statements that follow.

import { looseValue } from "../plan/loose-value.js";
import { toSegment } from "../plan/row-segment.js";
import type { Value } from "../plan/terms.js";
import { fromJson } from "../plan/value.js";
import { parseExact } from "../request/body.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { type Column, fieldOf } from "../schema/schema.js";

/** These columns' values, in their order. */
export function valuesOf(row: string, columns: readonly string[], entry: TableLookup): Value[] {
  const fields = parseExact(row) as Record<string, unknown>;
  return columns.map((name) => {
    const column = columnOf(entry, name);
    const value = fields[fieldOf(column)];
    if (column.type.loose && value !== null) return looseValue(value, column.type);
    // In a key JSON's null is a value.
    const isNull = value === null && (column.type.kind !== "json" || column.nullable);
    const typed = isNull ? { ok: true as const, value: null } : fromJson(value, column.type);
    if (typed.ok) return { value: typed.value, type: column.type };
    throw new Error(`${fieldOf(column)} ${typed.message}: the database's own value is not understood`);
  });
}

/** A key that a body says as a row shows it; nothing where it says less than all of it, or what no such key can be. */
export function keySaid(
  body: Readonly<Record<string, unknown>>,
  columns: readonly string[],
  entry: TableLookup,
): readonly Value[] | undefined {
  const key = columns.flatMap((name): Value[] => {
    const column = columnOf(entry, name);
    const value = body[fieldOf(column)];
    if (value === undefined || (value === null && (column.type.kind !== "json" || column.nullable))) return [];
    if (column.type.loose) return [looseValue(value, column.type)];
    const typed = fromJson(value, column.type);
    return typed.ok ? [{ value: typed.value, type: column.type }] : [];
  });
  return key.length === columns.length ? key : undefined;
}

/** The address of a row below its collection; nothing for a table without a key, and a row whose key is NULL. */
export function locationOf(row: string, entry: TableLookup, collection: string): string | undefined {
  const segment = rowSegment(row, entry);
  return segment === undefined ? undefined : `${collection}/${segment}`;
}

/** The row's key as a path holds it, in the same cases. */
export function rowSegment(row: string, { table, columns }: TableLookup): string | undefined {
  if (table.primaryKey.length === 0) return undefined;
  const fields = parseExact(row) as Record<string, unknown>;
  const key = table.primaryKey.map((name) => columns.get(name) as Column);
  return toSegment(
    key.map((column) => fields[fieldOf(column)]),
    key.map(({ type }) => type),
  );
}
