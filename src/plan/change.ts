// What is asked of rows that stand, each named by its key → UPDATEs of as many as one statement takes.
import { groupBy } from "../base/group-by.js";
import type { TableLookup } from "../schema/lookup.js";
import { inPieces } from "./insert.js";
import { anyKey, inKeyPieces, type RowKey } from "./keys.js";
import type { Planned } from "./plan.js";
import type { Value } from "./terms.js";
import { Values } from "./values.js";
import type { Assignment, UpdateEachPlan, UpdatePlan } from "./write-plan.js";

/** What was asked of a row. */
export interface Change {
  readonly set: readonly Assignment[];
  /** Those that `set` names by their places. */
  readonly values: readonly Value[];
}

/** A row, by its key, and what is asked of it. */
interface Keyed {
  readonly key: RowKey;
  readonly change: Change;
}

/** One statement, and what it sets. */
export interface PlannedChange {
  readonly planned: Planned<UpdatePlan | UpdateEachPlan>;
  readonly set: readonly Assignment[];
}

/** `changes[i]` is what is asked of the row of `keys[i]`. Rows of one and the same change go together, and so do those that set the same columns. */
export function toUpdates(keys: readonly RowKey[], changes: readonly Change[], entry: TableLookup): PlannedChange[] {
  const asked = keys.map((key, i): Keyed => ({ key, change: changes[i] as Change }));
  const shapes = groupBy(
    asked.filter(({ change }) => change.set.length > 0),
    ({ change }) => shapeOf(change),
  );
  return [...shapes.values()].flatMap((rows) => updatesOf(rows, entry));
}

const shapeOf = ({ set }: Change): string =>
  JSON.stringify(set.map(({ column, increment }) => `${increment ? "+" : "="}${column}`).sort());

function updatesOf(rows: readonly Keyed[], entry: TableLookup): PlannedChange[] {
  const { primaryKey } = entry.table;
  const [first] = rows as [Keyed];
  const setsKey = first.change.set.some(({ column }) => primaryKey.includes(column));
  const alike = groupBy(rows, ({ change }) => change);
  if (alike.size === 1 || setsKey) return [...alike].flatMap(([change, its]) => sameOf(change, its, entry));
  const { set } = first.change;
  return inPieces(rows, primaryKey.length + set.length * (primaryKey.length + 1)).map((piece) => ({
    planned: eachOf(set, piece, entry),
    set,
  }));
}

/** All of these rows are set to the same. */
function sameOf({ set, values }: Change, rows: readonly Keyed[], { table }: TableLookup): PlannedChange[] {
  const keys = rows.map(({ key }) => key);
  return inKeyPieces(keys, table.primaryKey.length).map((piece) => {
    const all = new Values(values);
    const at = piece.map((key) => key.map((value) => all.add(value)));
    const where = [anyKey(table.primaryKey, at)];
    return {
      planned: { plan: { kind: "update", table: table.id, set, where, unanswered: true }, values: all.all },
      set,
    };
  });
}

function eachOf(set: readonly Assignment[], rows: readonly Keyed[], { table }: TableLookup): Planned<UpdateEachPlan> {
  const columns = set.map(({ column, increment }) => ({ column, ...(increment && { increment }) }));
  const plan = { kind: "update-each", table: table.id, set: columns, rows: rows.length, where: [] } as const;
  return {
    plan,
    values: rows.flatMap(({ key, change }) => [...key, ...columns.map(({ column }) => valueIn(change, column))]),
  };
}

function valueIn({ set, values }: Change, name: string): Value {
  const value = set.find(({ column }) => column === name)?.value;
  return values[value as number] as Value;
}
