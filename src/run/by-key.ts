// Rows by their keys: a statement for many of them, answered in the order in which they were asked for.

import { inPieces } from "../plan/insert.js";
import { equals } from "../plan/path.js";
import type { Condition, Value } from "../plan/plan.js";
import { keyText } from "../plan/value-identity.js";
import type { TableLookup } from "../schema/lookup.js";
import type { RequestContext } from "./context.js";
import { rows } from "./found-rows.js";
import { valuesOf } from "./row-address.js";

type Key = readonly Value[];

/** `undefined` in the place of a row that is not there. */
export async function readByKeys(
  columns: readonly string[],
  keys: readonly Key[],
  entry: TableLookup,
  context: RequestContext,
): Promise<(string | undefined)[]> {
  const read = (keys: readonly Key[]) => {
    const plan = { kind: "list", table: entry.table.id, where: [among(columns, keys.length)], order: [] } as const;
    return rows({ plan, values: keys.flat() }, context);
  };
  const found: (string | undefined)[] = [];
  for (const piece of inPieces(keys, columns.length)) {
    const rows = await read(piece);
    const byKey = new Map(rows.map((row) => [keyText(valuesOf(row, columns, entry)), row]));
    const matched = new Set(piece.flatMap((key) => byKey.get(keyText(key)) ?? [])).size;
    for (const key of piece) {
      // A row may keep its key in another form than it was said (a rounded time, other capitals): then its key is asked for alone.
      const odd = matched < rows.length && !byKey.has(keyText(key));
      found.push(odd ? (piece.length === 1 ? rows : await read([key]))[0] : byKey.get(keyText(key)));
    }
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
