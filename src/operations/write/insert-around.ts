// New rows of a table whose triggers or rules may keep, move or change them → the rows as they stand behind those.
// What is nowhere to be found by its key is a 403, and everything is rolled back.

import { returnsInserted } from "../../dialect/returns.js";
import { insertGroups, type RowGroup, toInsert } from "../../plan/insert.js";
import type { Value } from "../../plan/terms.js";
import type { NewRow } from "../../plan/write.js";
import { readByKeys } from "../../run/by-key.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { foundTexts } from "../../run/found-rows.js";
import { lostByDatabase } from "../../run/outcome.js";
import { valuesOf } from "../../run/row-address.js";
import { requirePolicy } from "../../run/write-rules.js";
import { columnOf, type TableLookup } from "../../schema/lookup.js";
import { insertByKeys } from "./insert-by-keys.js";
import { hasKeyOf, isUnnumbered, newestRow } from "./newest-row.js";

type Key = readonly Value[];

/** Only inside a transaction. */
export async function insertAround(
  given: readonly NewRow[],
  entry: TableLookup,
  context: RequestContext,
): Promise<string[]> {
  const free = withoutPolicies(context);
  const answers: string[] = [];
  for (const group of insertGroups(given, entry)) {
    const written = await insertGroup(group, entry, free);
    for (const [i, at] of group.at.entries()) answers[at] = written[i] as string;
  }
  const standing = await asTheyStand(answers, entry, free);
  await requirePolicy(standing, entry, context);
  return standing;
}

/** The columns that tell each row from all others; none where nothing does. */
export function identifying({ table }: TableLookup): readonly string[] {
  if (table.primaryKey.length > 0) return table.primaryKey;
  const required = new Set(table.columns.filter(({ nullable }) => !nullable).map(({ name }) => name));
  return table.uniqueKeys.find(({ columns }) => columns.every((name) => required.has(name)))?.columns ?? [];
}

/** The rows behind all triggers. Without a key there is nothing to read them by, and whoever asked does not get to see them. */
export async function asTheyStand(
  written: readonly string[],
  entry: TableLookup,
  context: RequestContext,
): Promise<string[]> {
  const key = identifying(entry);
  if (key.length === 0 || written.length === 0) return [...written];
  const keys = written.map((row) => valuesOf(row, key, entry));
  return (await readByKeys(key, keys, entry, context)).map((row) => row ?? lost(entry));
}

/** All at once; where some do not come back, one by one, so that it is known which. */
async function insertGroup(group: RowGroup, entry: TableLookup, context: RequestContext): Promise<string[]> {
  if (isUnnumbered(group, entry, context)) return insertUnnumbered(group, entry, context);
  const { dialect } = context.snapshot;
  if (!returnsInserted(dialect, entry.table)) {
    // Without a key none of them is told from a row like it that stood before.
    const { byKeys = [] } = await insertByKeys(group, entry, context);
    return group.rows.map((_, i) => byKeys[i] ?? lost(entry));
  }
  const { savepoint } = dialect;
  const isMany = group.rows.length > 1;
  const answers = entry.table.effects?.insert !== "rule";
  if (answers && (!isMany || savepoint !== undefined)) {
    if (isMany) await context.session.run(savepoint?.set ?? "", []);
    const written = await foundTexts(toInsert(group, entry.table.id), context);
    if (written.length === group.rows.length) return written;
    if (!isMany) return [(await findAgain(group.rows[0] as NewRow, entry, context)) ?? lost(entry)];
    await context.session.run(savepoint?.back ?? "", []);
  }
  const written: string[] = [];
  for (const row of group.rows) written.push(await insertOne({ ...group, rows: [row] }, answers, entry, context));
  return written;
}

/** One by one: each is the newest row behind its trigger, or it is not there. */
async function insertUnnumbered(group: RowGroup, entry: TableLookup, context: RequestContext): Promise<string[]> {
  const written: string[] = [];
  for (const row of group.rows) {
    const before = await newestRow(entry, context);
    const { plan, values } = toInsert({ ...group, rows: [row] }, entry.table.id);
    await run({ plan: { ...plan, unanswered: true }, values }, context);
    const after = await newestRow(entry, context);
    if (after === undefined || hasKeyOf(after, before, entry)) lost(entry);
    written.push(after);
  }
  return written;
}

async function insertOne(
  one: RowGroup,
  answers: boolean,
  entry: TableLookup,
  context: RequestContext,
): Promise<string> {
  const { plan, values } = toInsert(one, entry.table.id);
  const [row] = answers
    ? await foundTexts({ plan, values }, context)
    : await run({ plan: { ...plan, unanswered: true }, values }, context).then(() => []);
  return row ?? (await findAgain(one.rows[0] as NewRow, entry, context)) ?? lost(entry);
}

/** By the key that was said, or that the database has numbered it with. */
async function findAgain(row: NewRow, entry: TableLookup, context: RequestContext): Promise<string | undefined> {
  const { primaryKey } = entry.table;
  const missing = primaryKey.filter((name) => (row.get(name)?.value ?? null) === null);
  const [numbered] = missing;
  if (primaryKey.length === 0 || missing.length > 1) return undefined;
  const number = numbered === undefined ? undefined : await lastNumber(numbered, entry, context);
  if (numbered !== undefined && number === undefined) return undefined;
  const key: Key = primaryKey.map((name) => (name === numbered ? number : row.get(name)) as Value);
  return (await readByKeys(primaryKey, [key], entry, context))[0];
}

async function lastNumber(column: string, entry: TableLookup, context: RequestContext): Promise<Value | undefined> {
  const { identity, type } = columnOf(entry, column);
  if (!identity || context.snapshot.dialect.lastNumber === undefined) return undefined;
  const { rows } = await run({ plan: { kind: "last-number", table: entry.table.id, column }, values: [] }, context);
  const value = rows[0]?.[0];
  return value === null || value === undefined ? undefined : { value: String(value), type };
}

function lost(entry: TableLookup): never {
  throw lostByDatabase(entry);
}
