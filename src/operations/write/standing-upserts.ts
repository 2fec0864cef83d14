// Rows of an upsert that no new row could be, but that say what a row that stands shows, or name one whose key is kept in another
// spelling → what is asked of those. Clients send whole records back, and a row may hold what its column would not take.
import { HttpError } from "../../http/problem.js";
import type { Change } from "../../plan/change.js";
import { requireDistinct } from "../../plan/conflict.js";
import type { RowKey } from "../../plan/keys.js";
import { without } from "../../plan/related.js";
import { isSameAsShown } from "../../plan/same-as-shown.js";
import { Values } from "../../plan/values.js";
import { type NewRow, planUpdate } from "../../plan/write.js";
import type { Conflict } from "../../plan/write-plan.js";
import type { Body } from "../../request/body.js";
import { readByKeys } from "../../run/by-key.js";
import type { RequestContext } from "../../run/context.js";
import { heldKeys, mayBeSpelt } from "../../run/held-keys.js";
import { keySaid, valuesOf } from "../../run/row-address.js";
import { columnOf, type TableLookup } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";
import { changedByKeys } from "./keyed-updates.js";
import { settledSet } from "./settled.js";
import { upsertRows } from "./upsert.js";

/** A row that stands, and what is asked of it. */
export interface StandingUpsert {
  /** The row as it is. */
  readonly row: string;
  readonly key: RowKey;
  readonly change: Change;
}

interface AskedUpserts {
  readonly conflict: Conflict;
  /** What the path says of each row, by fields. */
  readonly inPath: Body;
  /** A new row of a body. Throws 422. */
  readonly plan: (body: Body) => NewRow;
}

/** By the places of their bodies. Rows that the caller may not see are not there. */
export async function standingUpserts(
  said: readonly Body[],
  { conflict: { action, columns }, inPath, plan }: AskedUpserts,
  entry: TableLookup,
  context: RequestContext,
): Promise<ReadonlyMap<number, StandingUpsert>> {
  const { primaryKey } = entry.table;
  const bodies = said.map((body) => ({ ...inPath, ...body }));
  const agrees = (body: Body) => Object.entries(inPath).every(([field, value]) => isSameAsShown(body[field], value));
  const keys = bodies.map((body) => (agrees(body) ? keySaid(body, columns, entry) : undefined));
  const keyed = keys.flatMap((key, i) => (key === undefined ? [] : [i]));
  if (primaryKey.length === 0 || keyed.length === 0) return new Map();
  const isSpelt = mayBeSpelt(columns, entry);
  const asked = keyed.filter((i) => isSpelt || isMisfit(bodies[i] as Body, plan));
  const held = await heldKeys(
    columns,
    asked.map((i) => keys[i] as RowKey),
    entry,
    context,
  );
  const rows = await readByKeys(columns, held, entry, context);
  const standing = asked.flatMap((i, n) => (rows[n] === undefined ? [] : [{ i, row: rows[n] }]));
  const own = await heldKeys(
    primaryKey,
    standing.map(({ row }) => valuesOf(row, primaryKey, entry)),
    entry,
    context,
  );
  const fields = columns.map((name) => fieldOf(columnOf(entry, name)));
  const found = new Map<number, StandingUpsert>();
  for (const [n, { i, row }] of standing.entries()) {
    const rest = action === "merge" ? without(bodies[i] as Body, fields) : {};
    const change = await changeOf(rest, row, entry);
    if (change !== undefined) found.set(i, { row, key: own[n] as RowKey, change });
  }
  return found;
}

function isMisfit(body: Body, plan: (body: Body) => NewRow): boolean {
  try {
    plan(body);
    return false;
  } catch (error) {
    if (error instanceof HttpError && error.status === 422) return true;
    throw error;
  }
}

/** Nothing where the row shows something else. */
async function changeOf(body: Body, row: string, entry: TableLookup): Promise<Change | undefined> {
  const values = new Values();
  try {
    const planSet = (rest: Body) => planUpdate(rest, entry, new Map(), values);
    return { set: await settledSet(body, entry, planSet, async () => row), values: values.all };
  } catch (error) {
    if (error instanceof HttpError && error.status === 422) return undefined;
    throw error;
  }
}

/** `rows` are all of them, those that stand by their keys and changes. */
export async function upsertBoth(
  rows: readonly NewRow[],
  standing: ReadonlyMap<number, StandingUpsert>,
  conflict: Conflict,
  entry: TableLookup,
  context: RequestContext,
): Promise<(string | undefined)[]> {
  requireDistinct(rows, conflict, entry);
  const at = [...standing.keys()];
  const asked = [...standing.values()];
  const found = { rows: asked.map(({ row }) => row), keys: asked.map(({ key }) => key) };
  const changes = asked.map(({ change }) => change);
  const changed =
    conflict.action === "merge" ? await changedByKeys(found, changes, entry, context, (n) => at[n] as number) : [];
  const others = await upsertRows(
    rows.filter((_, i) => !standing.has(i)),
    conflict,
    entry,
    context,
  );
  const [left, written] = [[...changed], [...others]];
  return rows.map((_, i) => (standing.has(i) ? left : written).shift());
}

/** The row as far as it was said: its key, and what is changed. */
export function saidOf({ key, change }: StandingUpsert, { table: { primaryKey } }: TableLookup): NewRow {
  const set = change.set.map(({ column, value }) => [column, change.values[value as number]] as const);
  return new Map([...primaryKey.map((name, i) => [name, key[i]] as const), ...set]) as NewRow;
}
