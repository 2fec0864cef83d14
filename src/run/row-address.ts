// A row's JSON, as the database made it → its values again, for the statements that follow.

import { isLosslessNumber, stringify } from "lossless-json";
import { numberIn } from "../plan/held-texts.js";
import { ANY } from "../plan/key-value.js";
import { toSegment } from "../plan/row-segment.js";
import type { Value } from "../plan/terms.js";
import { fromJson, type Typed } from "../plan/value.js";
import { parseText } from "../request/body.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { type Column, type ColumnType, fieldOf } from "../schema/schema.js";

/** These columns' values, in their order. */
export function valuesOf(row: string, columns: readonly string[], entry: TableLookup): Value[] {
  const fields = parseText(row) as Record<string, unknown>;
  return columns.map((name) => {
    const column = columnOf(entry, name);
    const value = fields[fieldOf(column)];
    const typed = value === null ? { ok: true as const, value: null } : fromJson(value, column.type);
    if (column.type.loose && value !== null) return looseValue(value, typed, column.type);
    if (typed.ok) return { value: typed.value, type: column.type };
    throw new Error(`${fieldOf(column)} ${typed.message}: the database's own value is not understood`);
  });
}

/** In a column of no strict type a row may hold a value of any other; letters of a UUID are the database's to compare. */
function looseValue(value: unknown, typed: Typed, type: ColumnType): Value {
  if (typed.ok && type.kind !== "uuid") return { value: typed.value, type };
  if (typeof value === "string") return { value, type: typed.ok ? type : ANY };
  const text = stringify(value) as string;
  return isLosslessNumber(value) || typeof value === "number" ? numberIn(text) : { value: text, type: ANY };
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
