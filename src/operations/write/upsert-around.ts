// Rows that may stand already, of a table whose triggers or rules may keep, move or change them → the rows as they stand then.

import { insertGroups, type RowGroup, toInsert } from "../../plan/insert.js";
import type { Value } from "../../plan/terms.js";
import type { NewRow } from "../../plan/write.js";
import type { Conflict } from "../../plan/write-plan.js";
import { readByKeys } from "../../run/by-key.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { isKept, keptByDatabase, lostByDatabase } from "../../run/outcome.js";
import type { TableLookup } from "../../schema/lookup.js";

/** Changes rows that stand. Which of them are there is asked by their keys, before and after. */
export async function mergeAround(
  given: readonly NewRow[],
  conflict: Conflict,
  entry: TableLookup,
  context: RequestContext,
): Promise<string[]> {
  const answers: string[] = [];
  for (const group of insertGroups(given, entry)) {
    const before = await standingRows(group, conflict, entry, context);
    const planned = toInsert(group, entry.table.id, conflict);
    await run({ ...planned, plan: { ...planned.plan, unanswered: true } }, context);
    const after = await standingRows(group, conflict, entry, context);
    for (const [i, at] of group.at.entries()) {
      const row = after[i];
      if (row === undefined) throw lostByDatabase(entry);
      if (isKept(before[i] ?? "", row, changeOf(group.rows[i] as NewRow), entry)) throw keptByDatabase(entry);
      answers[at] = row;
    }
  }
  return answers;
}

export const standingRows = (
  { rows }: Pick<RowGroup, "rows">,
  { columns }: Conflict,
  entry: TableLookup,
  context: RequestContext,
): Promise<(string | undefined)[]> =>
  readByKeys(
    columns,
    rows.map((row) => columns.map((name) => row.get(name) as Value)),
    entry,
    withoutPolicies(context),
  );

const changeOf = (row: NewRow) => ({
  set: [...row.keys()].map((column, value) => ({ column, value })),
  values: [...row.values()],
});
