// CALL → all its results, with the columns that come. A result's rows follow its columns.
import type { Connection } from "mysql2";
import { type DatabaseResult, lengthOf, type ResultColumn } from "../connection.js";
import { type Begin, heard, type WireColumn } from "./row-by-row.js";
import { resultColumn, shownValue } from "./wire-column.js";

export const isCall = (text: string): boolean => /^\s*CALL\b/i.test(text);

interface Gathered {
  readonly columns: readonly ResultColumn[];
  readonly rows: unknown[][];
  /** What the names of its columns add to each row. */
  readonly head: number;
}

export async function resultSets(
  client: Connection,
  begin: Begin,
  most = Number.POSITIVE_INFINITY,
): Promise<DatabaseResult> {
  const sets: Gathered[] = [];
  const row = (values: unknown[]): number => {
    const set = sets.at(-1) as Gathered;
    const shown = values.map((value, i) => shownValue(value, set.columns[i]?.type));
    set.rows.push(shown);
    return set.head + lengthOf(shown);
  };
  await heard(client, begin, { columns: (columns) => void sets.push(gathered(columns)), row }, most);
  const rows = sets[0]?.rows ?? [];
  return { rows, affected: rows.length, sets: sets.map(({ columns, rows }) => ({ columns, rows })) };
}

const gathered = (columns: readonly WireColumn[]): Gathered => ({
  columns: columns.map(resultColumn),
  rows: [],
  head: columns.reduce((sum, { name }) => sum + name.length + BESIDE, 0),
});

/** Quotes, colon and comma, and the least that a value has. */
const BESIDE = 5;
