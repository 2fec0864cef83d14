// A new row of a view that a trigger makes in its place, without a word on its number: where only one transaction writes at a time, it is
// the row with the greatest number, if that is another one than before.
import type { RowGroup } from "../../plan/insert.js";
import type { Value } from "../../plan/terms.js";
import { isSame } from "../../plan/value-identity.js";
import type { RequestContext } from "../../run/context.js";
import { foundTexts } from "../../run/found-rows.js";
import { valuesOf } from "../../run/row-address.js";
import { columnOf, type TableLookup } from "../../schema/lookup.js";

export function isUnnumbered({ rows }: RowGroup, entry: TableLookup, { snapshot }: RequestContext): boolean {
  const { kind, primaryKey } = entry.table;
  const [key] = primaryKey;
  if (kind !== "view" || key === undefined || primaryKey.length > 1 || !snapshot.dialect.oneWriter) return false;
  return columnOf(entry, key).identity && rows.every((row) => (row.get(key)?.value ?? null) === null);
}

export async function newestRow(entry: TableLookup, context: RequestContext): Promise<string | undefined> {
  const column = entry.table.primaryKey[0] as string;
  const order = [{ column, descending: true, nullsFirst: false }];
  const plan = { kind: "list", table: entry.table.id, where: [], order, limit: 1 } as const;
  return (await foundTexts({ plan, values: [] }, context))[0];
}

export function hasKeyOf(row: string, other: string | undefined, entry: TableLookup): boolean {
  if (other === undefined) return false;
  const [one, two] = [row, other].map((text) => valuesOf(text, entry.table.primaryKey, entry)[0] as Value);
  return isSame(one as Value, two as Value);
}
