// New rows → INSERTs, and the rows as the database keeps them, in the order in which they were given.

import { returnsInserted } from "../../dialect/returns.js";
import { insertGroups, type RowGroup, toInsert } from "../../plan/insert.js";
import { Values } from "../../plan/values.js";
import type { NewRow } from "../../plan/write.js";
import { whereWritten } from "../../plan/written.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import { foundTexts } from "../../run/found-rows.js";
import { lostByDatabase } from "../../run/outcome.js";
import { sizedTogether } from "../../run/sized-together.js";
import { requirePolicy } from "../../run/write-rules.js";
import { isUncertain } from "../../schema/effects.js";
import type { TableLookup } from "../../schema/lookup.js";
import { insertAround } from "./insert-around.js";
import { insertByKeys } from "./insert-by-keys.js";

/** A statement for each set of columns, and more than one for many rows: all or nothing only inside a transaction. */
export async function insertAllRows(
  given: readonly NewRow[],
  entry: TableLookup,
  context: RequestContext,
): Promise<string[]> {
  if (isUncertain(entry.table, "insert")) return insertAround(given, entry, context);
  const answers: string[] = [];
  const free = sizedTogether(withoutPolicies(context));
  const insert = returnsInserted(context.snapshot.dialect, entry.table) ? insertReturning : insertAndFind;
  for (const group of insertGroups(given, entry)) {
    const written = await insert(group, entry, free);
    for (const [i, at] of group.at.entries()) {
      const row = written[i];
      if (row === undefined) throw lostByDatabase(entry);
      answers[at] = row;
    }
  }
  await requirePolicy(answers, entry, context);
  return answers;
}

const insertReturning = (group: RowGroup, { table }: TableLookup, context: RequestContext) =>
  foundTexts(toInsert(group, table.id), context);

async function insertAndFind(
  group: RowGroup,
  entry: TableLookup,
  context: RequestContext,
): Promise<readonly (string | undefined)[]> {
  const { said, byKeys } = await insertByKeys(group, entry, context);
  if (byKeys !== undefined) return byKeys;
  const found: (string | undefined)[] = [];
  for (const row of said.rows) found.push(await findLike(row, entry, context));
  return found;
}

async function findLike(row: NewRow, entry: TableLookup, context: RequestContext): Promise<string | undefined> {
  const values = new Values();
  const where = whereWritten(row, entry, values);
  const plan = { kind: "list", table: entry.table.id, where, order: [], limit: 1 } as const;
  return (await foundTexts({ plan, values: values.all }, context))[0];
}
