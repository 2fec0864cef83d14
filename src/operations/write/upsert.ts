// Rows that may stand already → INSERTs that change or leave those, and the rows as they stand then.

import { Collision, refusalProblem } from "../../database/refusals.js";
import { returnsInserted } from "../../dialect/returns.js";
import { HttpError } from "../../http/problem.js";
import { conflictKey, requireDistinct, requireMergeable, sameRow } from "../../plan/conflict.js";
import { insertGroups, toInsert } from "../../plan/insert.js";
import { anyKey, inKeyPieces, keyColumns, type RowKey } from "../../plan/keys.js";
import type { ListPlan } from "../../plan/plan.js";
import { keyText } from "../../plan/value-identity.js";
import { Values } from "../../plan/values.js";
import type { NewRow } from "../../plan/write.js";
import type { Conflict } from "../../plan/write-plan.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { foundTexts } from "../../run/found-rows.js";
import { lostByDatabase } from "../../run/outcome.js";
import { valuesOf } from "../../run/row-address.js";
import { sizedTogether } from "../../run/sized-together.js";
import { requirePolicy } from "../../run/write-rules.js";
import { isUncertain } from "../../schema/effects.js";
import { columnOf, type TableLookup } from "../../schema/lookup.js";
import { requireNotDeleted } from "./deleted-keys.js";
import { asTheyStand } from "./insert-around.js";
import { insertAllRows } from "./insert-rows.js";
import { mergeAround, standingRows } from "./upsert-around.js";

type Written = readonly (string | undefined)[];
type Write = (
  given: readonly NewRow[],
  conflict: Conflict,
  entry: TableLookup,
  context: RequestContext,
) => Promise<Written>;

/** Each row as it stands then; `undefined` in the place of one that was left as it is. Rows that say no whole key are new ones. */
export async function upsertRows(
  given: readonly NewRow[],
  conflict: Conflict,
  entry: TableLookup,
  context: RequestContext,
): Promise<Written> {
  requireMergeable(given, conflict, entry, context.snapshot.dialect.widensColumnRights === true);
  requireDistinct(given, conflict, entry);
  const at = given.map((_, i) => i);
  const [keyed, others] = [true, false].map((wanted) =>
    at.filter((i) => (conflictKey(given[i] as NewRow, conflict.columns) !== undefined) === wanted),
  ) as [number[], number[]];
  const answers: (string | undefined)[] = given.map(() => undefined);
  const place = (at: readonly number[], written: Written) => {
    for (const [i, position] of at.entries()) answers[position] = written[i];
  };
  const pick = (at: readonly number[]) => at.map((i) => given[i] as NewRow);
  const uncertain = isUncertain(entry.table, "insert") || isUncertain(entry.table, "update");
  const mergeable = entry.hasPolicy || uncertain ? mergeOwn : merge;
  const ignores = context.snapshot.dialect.ignoresByKey && !uncertain;
  const upsert: Write = conflict.action === "merge" ? mergeable : ignores ? ignore : addMissing;
  const keys = keyed.map((i) => conflictKey(given[i] as NewRow, conflict.columns) as RowKey);
  await requireNotDeleted(conflict.columns, keys, entry, context);
  place(keyed, await upsert(pick(keyed), conflict, entry, context));
  place(others, await insertAllRows(pick(others), entry, context));
  requireChangedOnce(answers, conflict, entry);
  // A later one's trigger may have changed an earlier one.
  if (uncertain) await readAgain(answers, entry, withoutPolicies(context));
  await requirePolicy(answers, entry, context);
  return answers;
}

async function readAgain(answers: (string | undefined)[], entry: TableLookup, context: RequestContext): Promise<void> {
  const at = answers.flatMap((row, i) => (row === undefined ? [] : [i]));
  const written = at.map((i) => answers[i] as string);
  for (const [n, row] of (await asTheyStand(written, entry, context)).entries()) answers[at[n] as number] = row;
}

/**
 * Where a rule says which rows are the caller's: others that stand are taken, as to a plain INSERT. The caller's own are locked
 * before they are merged, and those that are missing inserted, so that no row that comes in between is changed. So it goes where
 * triggers may do otherwise, too: what became of a row depends on whether it stood.
 */
async function mergeOwn(...[given, conflict, entry, context]: Parameters<Write>): Promise<Written> {
  const found = await standingRows({ rows: given }, conflict, entry, context);
  if (entry.hasPolicy) await requireOwn(found, conflict, entry, context);
  const [old, missing] = [true, false].map((stands) => given.filter((_, i) => (found[i] !== undefined) === stands));
  const uncertain = isUncertain(entry.table, "insert") || isUncertain(entry.table, "update");
  const merged = [...(await (uncertain ? mergeAround : merge)(old as NewRow[], conflict, entry, context))];
  const made = await insertAllRows(missing as NewRow[], entry, context).catch(collided);
  return given.map((_, i) => (found[i] === undefined ? made.shift() : merged.shift()));
}

async function requireOwn(
  found: Written,
  { columns }: Conflict,
  entry: TableLookup,
  context: RequestContext,
): Promise<void> {
  const { id, primaryKey } = entry.table;
  const keys = found.flatMap((row) => (row === undefined ? [] : [valuesOf(row, primaryKey, entry)]));
  for (const piece of inKeyPieces(keys, primaryKey.length)) {
    const values = new Values();
    const among = anyKey(
      primaryKey,
      piece.map((key) => key.map((value) => values.add(value))),
    );
    const select = keyColumns(entry);
    const plan: ListPlan = { kind: "list", table: id, select, where: [among], order: [], lock: true, changing: true };
    const own = await foundTexts({ plan, values: values.all }, context);
    if (own.length < piece.length) throw refusalProblem({ code: "unique_violation", columns }, { entry });
  }
}

const isTaken = (error: unknown): error is HttpError => error instanceof HttpError && error.code === "unique_violation";

/** A row that came in between: the whole write begins again, and finds it. */
function collided(error: unknown): never {
  throw isTaken(error) ? new Collision(error.status, error.message, error) : error;
}

async function merge(...[given, conflict, entry, context]: Parameters<Write>): Promise<Written> {
  const { dialect } = context.snapshot;
  const whole = sizedTogether(context);
  const answers: string[] = [];
  for (const group of insertGroups(given, entry)) {
    const planned = toInsert(group, entry.table.id, conflict);
    const written = returnsInserted(dialect, entry.table)
      ? await foundTexts(planned, whole)
      : await run(planned, context).then(() => standingRows(group, conflict, entry, whole));
    for (const [i, at] of group.at.entries()) {
      const row = written[i];
      if (row === undefined) throw lostByDatabase(entry);
      answers[at] = row;
    }
  }
  return answers;
}

/** The row that a column's own collation takes for the same (`ADA`, `ada`) is one row, whatever the client meant. */
function requireChangedOnce(answers: Written, { columns }: Conflict, entry: TableLookup): void {
  if (answers.length < 2 || !columns.some((name) => columnOf(entry, name).type.kind === "text")) return;
  const seen = new Map<string, number>();
  for (const [i, row] of answers.entries()) {
    if (row === undefined) continue;
    const values = valuesOf(row, columns, entry);
    // NULL is equal to nothing, so that these are two rows.
    if (values.some(({ value }) => value === null)) continue;
    const key = keyText(values);
    const before = seen.get(key);
    if (before !== undefined) throw sameRow(entry, columns, [before, i]);
    seen.set(key, i);
  }
}

/** The database answers only with those that it wrote, in their order. */
async function ignore(...[given, conflict, entry, context]: Parameters<Write>): Promise<Written> {
  const answers: (string | undefined)[] = given.map(() => undefined);
  for (const group of insertGroups(given, entry)) {
    const written = await foundTexts(toInsert(group, entry.table.id, conflict), context);
    const placed =
      written.length === group.at.length ? written : await inPlaces(written, group, conflict, entry, context);
    for (const [i, at] of group.at.entries()) answers[at] = placed[i];
  }
  return answers;
}

/** Which of the keys each was written for: the first of those that the database takes for the same. */
async function inPlaces(
  written: readonly string[],
  ...[group, conflict, entry, context]: Parameters<typeof standingRows>
): Promise<Written> {
  const left = new Set(written);
  const found = left.size === 0 ? [] : await standingRows(group, conflict, entry, context);
  return group.rows.map((_, i) => {
    const row = found[i];
    return row !== undefined && left.delete(row) ? row : undefined;
  });
}

/** Where that cannot be said, only the rows that are missing are written. One that came in between makes it begin again. */
async function addMissing(...[given, conflict, entry, context]: Parameters<Write>): Promise<Written> {
  const found = await standingRows({ rows: given }, conflict, entry, context);
  const missing = given.filter((_, i) => found[i] === undefined);
  const written = await insertAllRows(missing, entry, context).catch((error: unknown) =>
    isTaken(error) && missing.length > 1 ? addEach(missing, conflict, entry, context) : collided(error),
  );
  const answers = [...written];
  return given.map((_, i) => (found[i] === undefined ? answers.shift() : undefined));
}

/** One by one, as some of the missing are the same row as others by the column's own collation. */
async function addEach(...[missing, conflict, entry, context]: Parameters<Write>): Promise<Written> {
  const answers: (string | undefined)[] = [];
  for (const row of missing) {
    const [stands] = await standingRows({ rows: [row] }, conflict, entry, context);
    const made = stands === undefined ? await insertAllRows([row], entry, context).catch(collided) : [];
    answers.push(made[0]);
  }
  return answers;
}
