// One row's UPDATE → the row as it stands then, whatever the database says of it by itself.

import { equals } from "../../plan/path.js";
import type { Planned, ReadPlan, ShownField } from "../../plan/plan.js";
import type { Value } from "../../plan/terms.js";
import { Values } from "../../plan/values.js";
import type { PathColumns } from "../../plan/write.js";
import type { UpdatePlan } from "../../plan/write-plan.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { foundTexts } from "../../run/found-rows.js";
import { isKept, keptByDatabase, lostByDatabase } from "../../run/outcome.js";
import { valuesOf } from "../../run/row-address.js";
import { requirePolicy } from "../../run/write-rules.js";
import { columnOf, type TableLookup } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";

/** The row as it stands, if it may be changed. */
export async function find(
  { plan: { table, where, deleted }, values }: Planned<UpdatePlan>,
  context: RequestContext,
  select?: readonly ShownField[],
): Promise<string | undefined> {
  const of = { ...(deleted && { deleted }), ...(select && { select }) };
  const plan: ReadPlan = { kind: "read", table, where, changing: true, ...of };
  const [row] = await foundTexts({ plan, values }, context);
  return row;
}

/** Where triggers and rules may do otherwise: the row as it stands behind them. */
export async function settled(
  before: string,
  { plan, values: said }: Planned<UpdatePlan>,
  entry: TableLookup,
  context: RequestContext,
): Promise<string> {
  const { affected } = await run({ plan: { ...plan, unanswered: true }, values: said }, context);
  const identity = identityOf(before, entry);
  const set = new Map(plan.set.map(({ column, value }) => [column, value]));
  const kept = valuesOf(before, identity, entry);
  const values = new Values(said);
  const key = identity.map((name, i) => set.get(name) ?? values.add(kept[i] as Value));
  const where = equals(identity, key);
  const row = await find({ plan: { ...plan, where }, values: values.all }, withoutPolicies(context));
  if (row === undefined) throw lostByDatabase(entry);
  if (affected === 0 && isKept(before, row, { set: plan.set, values: said }, entry)) throw keptByDatabase(entry);
  await requirePolicy([row], entry, context);
  return row;
}

export async function updated(
  planned: Planned<UpdatePlan>,
  key: PathColumns,
  entry: TableLookup,
  context: RequestContext,
): Promise<string | undefined> {
  const { returning } = context.snapshot.dialect;
  const row = await (returning.update
    ? foundTexts(planned, context).then(([row]) => row)
    : changedByKey(planned, key, entry, context));
  await requirePolicy([row], entry, context);
  return row;
}

/**
 * Without RETURNING the row is changed and read again by its key, all in one transaction. It is found first where the path does
 * not say its key.
 */
async function changedByKey(
  planned: Planned<UpdatePlan>,
  inPath: PathColumns,
  entry: TableLookup,
  context: RequestContext,
): Promise<string | undefined> {
  const { plan } = planned;
  const { primaryKey } = entry.table;
  const isNamed = primaryKey.length > 0 && primaryKey.every((name) => inPath.has(name));
  const values = new Values(planned.values);
  const kept = isNamed ? inPath : await keyOf(planned, values, entry, context);
  if (kept === undefined) return undefined;
  const { affected } = await run(planned, context);
  if (affected === 0) return undefined;
  const changed = new Map(plan.set.map(({ column, value }) => [column, value]));
  const key = [...kept].map(([name, value]) => changed.get(name) ?? value);
  const where = equals([...kept.keys()], key);
  const row = await find({ plan: { ...plan, where }, values: values.all }, withoutPolicies(context));
  // A trigger may have given it another key.
  if (row === undefined) throw lostByDatabase(entry);
  return row;
}

/** What tells the row from all others, as it stands: its key's columns, and their values' places behind the others. */
async function keyOf(
  planned: Planned<UpdatePlan>,
  values: Values,
  entry: TableLookup,
  context: RequestContext,
): Promise<PathColumns | undefined> {
  const row = await find(planned, context, keyFields(entry));
  if (row === undefined) return undefined;
  const identity = identityOf(row, entry);
  const kept = valuesOf(row, identity, entry);
  return new Map(identity.map((name, i) => [name, values.add(kept[i] as Value)]));
}

/** All that may tell the row from others. */
function keyFields(entry: TableLookup): ShownField[] {
  const { primaryKey, uniqueKeys } = entry.table;
  const columns = new Set([...primaryKey, ...uniqueKeys.flatMap(({ columns }) => columns)]);
  return [...columns].map((column) => ({ type: "column", field: fieldOf(columnOf(entry, column)), column }));
}

/** The columns that tell this row from all others: the primary key, or a unique key without NULL in it. */
function identityOf(row: string, entry: TableLookup): readonly string[] {
  const keys = [entry.table.primaryKey, ...entry.table.uniqueKeys.map(({ columns }) => columns)];
  const key = keys.find(
    (columns) => columns.length > 0 && valuesOf(row, columns, entry).every(({ value }) => value !== null),
  );
  if (key === undefined) throw new Error(`no key tells the rows of ${entry.table.id} apart`);
  return key;
}
