// Rows by their keys: a statement for many of them, answered in the order in which they were asked for.
import { inPieces } from "../plan/insert.js";
import { equals } from "../plan/path.js";
import type { Condition, Value } from "../plan/plan.js";
import { keyText } from "../plan/same.js";
import type { TableLookup } from "../schema/lookup.js";
import type { Session } from "./database.js";
import { valuesOf } from "./row.js";
import { rows, type World } from "./world.js";

type Key = readonly Value[];

/**
 * `undefined` in the place of a row that is not there, or that keeps its key in another form than it was said: a rounded time,
 * other capitals. A key that is asked for alone is the database's to compare.
 */
export async function readByKeys(
  columns: readonly string[],
  keys: readonly Key[],
  entry: TableLookup,
  world: World,
  session?: Session,
): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for (const piece of inPieces(keys, columns.length)) {
    const where = [among(columns, piece.length)];
    const plan = { kind: "list", table: entry.table.id, where, order: [] } as const;
    const read = await rows({ plan, values: piece.flat() }, world, session);
    const byKey = new Map(read.map((row) => [keyText(valuesOf(row, columns, entry)), row]));
    found.push(...(piece.length === 1 ? [read[0]] : piece.map((key) => byKey.get(keyText(key)))));
  }
  return found;
}

/** One of so many keys, whose values are the only ones. */
function among(columns: readonly string[], count: number): Condition {
  const positions = Array.from({ length: count }, (_, i) => columns.map((_, j) => i * columns.length + j));
  const [column] = columns;
  if (column !== undefined && columns.length === 1 && count > 1) {
    return { type: "in", column, values: positions.flat(), negated: false };
  }
  const each = positions.map((at): Condition => ({ type: "all", where: equals(columns, at) }));
  return each.length === 1 ? (each[0] as Condition) : { type: "any", where: each };
}
