// Rows by their keys, and what is asked of each → changed in the database.
import { HttpError } from "../../http/problem.js";
import { type Change, toUpdates } from "../../plan/change.js";
import { explainedSum } from "../../plan/increment.js";
import type { RowKey } from "../../plan/keys.js";
import type { Value } from "../../plan/terms.js";
import { readByKeys } from "../../run/by-key.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { isKept, keptByDatabase, lostByDatabase } from "../../run/outcome.js";
import { requirePolicy } from "../../run/write-rules.js";
import { mayKeep } from "../../schema/effects.js";
import type { TableLookup } from "../../schema/lookup.js";

/** Rows that stand, and their keys. */
interface Standing {
  readonly rows: readonly string[];
  readonly keys: readonly RowKey[];
}

/** The rows as they are then: what triggers kept or lost is refused, and what is outside of the caller's rules. */
export async function changedByKeys(
  { rows, keys }: Standing,
  changes: readonly Change[],
  entry: TableLookup,
  context: RequestContext,
  at: (index: number) => number = (index) => index,
): Promise<string[]> {
  const written = await updateByKeys(keys, changes, entry, context);
  const after = await readByKeys(entry.table.primaryKey, written.keys, entry, withoutPolicies(context));
  const keeps = written.affected < keys.length && mayKeep(entry.table, "update");
  for (const [i, row] of after.entries()) {
    if (row === undefined) throw inRow(at(i), lostByDatabase(entry));
    if (keeps && isKept(rows[i] as string, row, changes[i] as Change, entry)) throw inRow(at(i), keptByDatabase(entry));
  }
  await requirePolicy(after, entry, context);
  return after as string[];
}

const inRow = (index: number, error: HttpError): HttpError => error.said(`[${index}]: ${error.message}`, { index });

interface Updated {
  /** The keys that the rows have then. */
  readonly keys: readonly RowKey[];
  /** How many rows the database has changed, as it says itself; one of which nothing is asked counts as well. */
  readonly affected: number;
}

/** `changes[i]` is what is asked of the row of `keys[i]`. */
export async function updateByKeys(
  keys: readonly RowKey[],
  changes: readonly Change[],
  entry: TableLookup,
  context: RequestContext,
): Promise<Updated> {
  let affected = changes.filter(({ set }) => set.length === 0).length;
  for (const { planned, set } of toUpdates(keys, changes, entry)) {
    const result = await run(planned, context).catch((error: unknown) => {
      throw error instanceof HttpError ? explainedSum(error, set, entry) : error;
    });
    affected += result.affected;
  }
  return { keys: keys.map((key, i) => keyAfter(key, changes[i] as Change, entry)), affected };
}

function keyAfter(key: RowKey, { set, values }: Change, { table: { primaryKey } }: TableLookup): RowKey {
  const written = new Map(set.map(({ column, value }) => [column, values[value as number] as Value]));
  return key.map((value, i) => written.get(primaryKey[i] as string) ?? value);
}
