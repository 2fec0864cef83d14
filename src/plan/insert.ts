// New rows → INSERTs of as many as one statement takes. Rows that name the same columns go together.

import type { TableLookup } from "../schema/lookup.js";
import type { Table } from "../schema/schema.js";
import type { Planned } from "./plan.js";
import type { Value } from "./terms.js";
import { Values } from "./values.js";
import type { NewRow } from "./write.js";
import type { Conflict, InsertPlan } from "./write-plan.js";

/**
 * The most values and rows of one statement: what every database takes (SQL Server the fewest values, 2,100), and larger
 * statements are not faster (measured: 1,000 rows are written in the same time, or less, by four).
 */
const MOST_VALUES = 2_000;
const MOST_ROWS = 256;

/** Rows of the same columns, and where each stands among all. */
export interface RowGroup {
  readonly columns: readonly string[];
  readonly rows: readonly NewRow[];
  readonly at: readonly number[];
}

/** Each group of columns in the order of its first row. */
export function insertGroups(rows: readonly NewRow[], { table }: TableLookup): RowGroup[] {
  const [only] = rows;
  if (only !== undefined && rows.length === 1) return [{ columns: columnsOf(only, table), rows, at: [0] }];
  const groups = new Map<string, { columns: readonly string[]; at: number[] }>();
  for (const [i, row] of rows.entries()) {
    const columns = columnsOf(row, table);
    const shape = JSON.stringify(columns);
    const group = groups.get(shape);
    if (group === undefined) groups.set(shape, { columns, at: [i] });
    else group.at.push(i);
  }
  return [...groups.values()].flatMap(({ columns, at }) =>
    inPieces(at, columns.length).map((at) => ({ columns, rows: at.map((i) => rows[i] as NewRow), at })),
  );
}

/** Those that the row says, in the table's order. */
const columnsOf = (row: NewRow, { columns }: Table): string[] =>
  columns.filter(({ name }) => row.has(name)).map(({ name }) => name);

export function toInsert(
  { columns, rows }: Omit<RowGroup, "at">,
  table: string,
  conflict?: Conflict,
): Planned<InsertPlan> {
  const plan = { kind: "insert", table, columns, rows: rows.length, ...(conflict && { conflict }) } as const;
  const values = new Values();
  for (const row of rows) for (const name of columns) values.add(row.get(name) as Value);
  return { plan, values: values.all };
}

/** Pieces whose lengths are powers of two: so the statements for any number of items are of few shapes, and remembered. */
export function inPieces<T>(items: readonly T[], valuesEach: number): T[][] {
  const most = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_VALUES / Math.max(1, valuesEach))));
  const pieces: T[][] = [];
  for (let at = 0; at < items.length; ) {
    const length = 2 ** Math.floor(Math.log2(Math.min(most, items.length - at)));
    pieces.push(items.slice(at, at + length));
    at += length;
  }
  return pieces;
}
