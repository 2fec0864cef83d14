// Tables → the order in which their rows are written, and what cannot be written at once. Pure.
import { parentsFirst } from "../define/order.js";
import { type ForeignKey, isEnforced, type Table } from "../schema/schema.js";

/** Parents first. */
export const seedOrder = (tables: readonly Table[]): Table[] => parentsFirst(tables);

/** Foreign keys to rows of its own, or of tables that come later, as far as they can be NULL until then. */
export function laterKeys(table: Table, sorted: readonly Table[]): ForeignKey[] {
  const place = (id: string) => sorted.findIndex((other) => other.id === id);
  return table.foreignKeys.filter(
    (key) => isEnforced(key) && place(key.table) >= place(table.id) && canWait(table, key),
  );
}

const canWait = ({ columns, primaryKey }: Table, key: ForeignKey): boolean =>
  key.columns.every(
    (name) => !primaryKey.includes(name) && columns.some((column) => column.name === name && column.nullable),
  );
