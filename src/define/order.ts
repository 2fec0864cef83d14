// Tables to be made → the same, parents before their children; and the foreign keys of a circle, which come afterwards.
import type { ForeignKey, Table } from "../schema/schema.js";

/** Parents first, as far as there is no circle. */
export function parentsFirst(tables: readonly Table[]): Table[] {
  const byId = new Map(tables.map((table) => [table.id, table]));
  const met = new Set<string>();
  const sorted: Table[] = [];
  const visit = (table: Table): void => {
    if (met.has(table.id)) return;
    met.add(table.id);
    for (const { table: id } of table.foreignKeys) {
      const parent = byId.get(id);
      if (parent !== undefined) visit(parent);
    }
    sorted.push(table);
  };
  for (const table of tables) visit(table);
  return sorted;
}

/** Those of a table whose parent is made after it. */
export function lateKeys(table: Table, sorted: readonly Table[]): ForeignKey[] {
  const place = (id: string) => sorted.findIndex((other) => other.id === id);
  return table.foreignKeys.filter((key) => place(key.table) > place(table.id));
}
