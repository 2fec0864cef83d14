// New rows → INSERTs, and the rows as the database keeps them, in the order in which they were given.

import { returnsInserted } from "../../dialect/returns.js";
import { insertGroups, type RowGroup, toInsert } from "../../plan/insert.js";
import type { Canonical } from "../../plan/value.js";
import { Values } from "../../plan/values.js";
import type { NewRow } from "../../plan/write.js";
import { defaultsToSay, keysWritten, whereWritten } from "../../plan/written.js";
import { readByKeys } from "../../run/by-key.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { foundTexts } from "../../run/found-rows.js";
import { lostByDatabase } from "../../run/outcome.js";
import { requirePolicy } from "../../run/write-rules.js";
import { isUncertain } from "../../schema/effects.js";
import { columnOf, type TableLookup } from "../../schema/lookup.js";
import { insertAround } from "./insert-around.js";

/** A statement for each set of columns, and more than one for many rows: all or nothing only inside a transaction. */
export async function insertAllRows(
  given: readonly NewRow[],
  entry: TableLookup,
  context: RequestContext,
): Promise<string[]> {
  if (isUncertain(entry.table, "insert")) return insertAround(given, entry, context);
  const answers: string[] = [];
  const free = withoutPolicies(context);
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
): Promise<(string | undefined)[]> {
  const said = await withDefaults(group, entry, context);
  const { insertId } = await run(toInsert(said, entry.table.id), context);
  const numbers = insertId === undefined ? [] : await numbersFrom(insertId, said, entry, context);
  const keys = keysWritten(said.rows, numbers, entry);
  const { primaryKey } = entry.table;
  const found: (string | undefined)[] = keys ? await readByKeys(primaryKey, keys, entry, context) : [];
  if (keys === undefined) for (const row of said.rows) found.push(await findLike(row, entry, context));
  return found;
}

/** The same rows with those defaults said without which they would not be found again. */
async function withDefaults(
  { columns, rows, at }: RowGroup,
  entry: TableLookup,
  context: RequestContext,
): Promise<RowGroup> {
  const made = defaultsToSay(columns, entry);
  if (made.length === 0) return { columns, rows, at };
  const all = rows.map((row) => new Map(row));
  for (const column of made) {
    const plan = { kind: "default", table: entry.table.id, column, rows: rows.length } as const;
    const asked = await run({ plan, values: [] }, context);
    const { type } = columnOf(entry, column);
    for (const [i, row] of all.entries()) row.set(column, { value: asked.rows[i]?.[0] as Canonical, type });
  }
  return { columns: [...columns, ...made], rows: all, at };
}

/** One statement's rows are numbered one after the other (MySQL: innodb-auto-increment-handling, «simple inserts»). */
async function numbersFrom(
  first: string,
  { rows: { length } }: RowGroup,
  { table }: TableLookup,
  context: RequestContext,
): Promise<string[]> {
  if (length === 1) return [first];
  const asked = await run({ plan: { kind: "number-step", table: table.id }, values: [] }, context);
  const step = BigInt(String(asked.rows[0]?.[0]));
  return Array.from({ length }, (_, i) => String(BigInt(first) + step * BigInt(i)));
}

async function findLike(row: NewRow, entry: TableLookup, context: RequestContext): Promise<string | undefined> {
  const values = new Values();
  const where = whereWritten(row, entry, values);
  const plan = { kind: "list", table: entry.table.id, where, order: [], limit: 1 } as const;
  return (await foundTexts({ plan, values: values.all }, context))[0];
}
