// Rows by their keys: a statement for many of them, answered in the order in which they were asked for.

import { inPieces } from "../plan/insert.js";
import { equals } from "../plan/path.js";
import type { ShownField } from "../plan/plan.js";
import type { Condition, Value } from "../plan/terms.js";
import { keyText } from "../plan/value-identity.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { type AnswerSize, bytesOfTexts } from "./answer-size.js";
import type { RequestContext } from "./context.js";
import { foundTexts } from "./found-rows.js";
import { valuesOf } from "./row-address.js";
import { sizedTogether } from "./sized-together.js";

type Key = readonly Value[];

/** `undefined` in the place of a row that is not there. `select` is all that is shown of them, the columns among it. */
export async function readByKeys(
  columns: readonly string[],
  keys: readonly Key[],
  entry: TableLookup,
  context: RequestContext,
  select?: readonly ShownField[],
): Promise<(string | undefined)[]> {
  // Some rows are read more than once, and shown once.
  const apart = { ...context, size: undefined };
  const read = (keys: readonly Key[]) => {
    const where = [among(columns, keys.length)];
    const plan = { kind: "list", table: entry.table.id, where, order: [], ...(select && { select }) } as const;
    return foundTexts({ plan, values: keys.flat() }, apart);
  };
  return findByKeys(columns, keys, entry, read, sizedTogether(context).size);
}

/** Rows that have one of these keys, each with the columns. */
type Read = (keys: readonly Key[]) => Promise<readonly string[]>;

/** The same where `read` says how a statement asks for them. */
export async function findByKeys(
  columns: readonly string[],
  keys: readonly Key[],
  entry: TableLookup,
  read: Read,
  size?: AnswerSize,
): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for (const piece of inPieces(keys, columns.length)) {
    const rows = () => matched(piece, columns, entry, read);
    found.push(...(await (size?.counted(rows, bytesOfTexts) ?? rows())));
  }
  return found;
}

/**
 * A row may keep its key in another form than it was said (other capitals, a rounded time): what is equal only the database knows.
 * Keys that no row shows are asked for by themselves, in halves until each is alone, as long as there are rows for them.
 */
async function matched(
  keys: readonly Key[],
  columns: readonly string[],
  entry: TableLookup,
  read: Read,
): Promise<(string | undefined)[]> {
  const rows = await read(keys);
  if (rows.length === 0) return keys.map(() => undefined);
  const byKey = new Map(rows.map((row) => [keyText(valuesOf(row, columns, entry)), row]));
  const found = keys.map((key) => byKey.get(keyText(key)));
  const odd = keys.flatMap((_, i) => (found[i] === undefined ? [i] : []));
  if (odd.length === 0 || (odd.length < keys.length && !columns.some((name) => mayDiffer(entry, name)))) return found;
  if (keys.length === 1) return [rows[0]];
  const half = Math.ceil(odd.length / (odd.length < keys.length ? 1 : 2));
  for (const part of [odd.slice(0, half), odd.slice(half)]) {
    if (part.length === 0) continue;
    const others = await matched(
      part.map((i) => keys[i] as Key),
      columns,
      entry,
      read,
    );
    for (const [n, i] of part.entries()) found[i] = others[n];
  }
  return found;
}

/** Whole numbers, UUIDs and bytes are equal where they look the same. */
const mayDiffer = (entry: TableLookup, name: string): boolean =>
  !/^(integer|uuid|binary|boolean)$/.test(columnOf(entry, name).type.kind);

/** One of so many keys, whose values are the only ones. */
function among(columns: readonly string[], count: number): Condition {
  const positions = Array.from({ length: count }, (_, i) => columns.map((_, j) => i * columns.length + j));
  const [column] = columns;
  if (column !== undefined && columns.length === 1 && count > 1) {
    return { type: "in", column, values: positions.flat(), negated: false, key: true };
  }
  const each = positions.map((at): Condition => ({ type: "all", where: equals(columns, at) }));
  return each.length === 1 ? (each[0] as Condition) : { type: "any", where: each };
}
