// Links of one row with many others: those that are missing are written by one statement.

import { anyKey, type RowKey } from "../../plan/keys.js";
import { equals } from "../../plan/path.js";
import type { ListPlan, ShownField } from "../../plan/plan.js";
import type { Condition, ValueIndex } from "../../plan/terms.js";
import { keyText } from "../../plan/value-identity.js";
import { Values } from "../../plan/values.js";
import { planInsert } from "../../plan/write.js";
import type { LinkPlan } from "../../plan/write-plan.js";
import type { RequestContext } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { foundTexts } from "../../run/found-rows.js";
import { lostByDatabase } from "../../run/outcome.js";
import { valuesOf } from "../../run/row-address.js";
import { allowedBodies, outsidePolicy, requireRight } from "../../run/write-rules.js";
import { isUncertain } from "../../schema/effects.js";
import { columnOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";
import { restoreLinks } from "./restore-links.js";
import { type Ends, type LinkJoin, settledEnds } from "./role-columns.js";
import { differingEnds, sharedColumns } from "./shared-columns.js";

/** Where the set stands: one row's links, whose values are known and whose row nobody else may change. */
export interface LinkSetPlace {
  readonly join: LinkJoin;
  readonly source: TableLookup;
  readonly target: TableLookup;
  /** Of the link table's near columns. */
  readonly near: RowKey;
}

/** A row at the far end: its key, and what links to it hold. */
export interface LinkTarget {
  readonly key: RowKey;
  readonly far: RowKey;
}

/** Those that are not linked, as far as the caller sees; `changing` asks for links that are the caller's to change. */
export async function unlinkedOf(
  wanted: readonly LinkTarget[],
  place: LinkSetPlace,
  context: RequestContext,
  changing = false,
): Promise<readonly LinkTarget[]> {
  if (wanted.length === 0) return wanted;
  const { link, far } = place.join;
  const entry = tableOf(context.snapshot.lookup, link);
  const values = new Values();
  const where = [...linkedHere(place, values, context), anyFar(wanted, place, values)];
  const select = shownColumns(far.columns, entry);
  const plan: ListPlan = { kind: "list", table: link, select, where, order: [], changing };
  const standing = new Set(
    (await foundTexts({ plan, values: values.all }, context)).map((row) => keyText(valuesOf(row, far.columns, entry))),
  );
  return wanted.filter((row) => !standing.has(keyText(row.far)));
}

/** One statement for all of them; links that stand already are stepped over. */
export async function linkAll(
  targets: readonly LinkTarget[],
  place: LinkSetPlace,
  context: RequestContext,
): Promise<void> {
  if (targets.length === 0) return;
  const { join, source, target, near } = place;
  const link = tableOf(context.snapshot.lookup, join.link);
  requireRight(context, "create", link);
  const values = new Values();
  const here = equals(join.near.references, put(near, values));
  const there = anyKey(
    target.table.primaryKey,
    putAll(
      targets.map(({ key }) => key),
      values,
    ),
  );
  const both: Ends = [
    { table: source.table.id, ...join.near, where: here },
    { table: target.table.id, ...join.far, where: [there] },
  ];
  const [body = {}] = allowedBodies([{}], link, context);
  const { further, ends } = settledEnds(body, both, join, values, context);
  const set = planInsert(further, link, new Map(), values);
  const standing = both.map(({ columns, references, ...end }, i): Condition => {
    const { where } = ends[i] as Ends[number];
    return { type: "within", columns, table: end.table, select: references, where };
  });
  await restoreLinks({ table: join.link, where: standing, set }, values.all, context);
  const plan: LinkPlan = { kind: "link", table: join.link, ends, set, unanswered: true };
  await run({ plan, values: values.all }, context);
  const isRuled = link.hasPolicy || source.hasPolicy || target.hasPolicy || ends !== both;
  const shares = sharedColumns(join).length > 0;
  if (!isRuled && !shares && !isUncertain(link.table, "insert")) return;
  if ((await unlinkedOf(targets, place, context, true)).length === 0) return;
  throw isRuled ? outsidePolicy(link, context) : shares ? differingEnds(join, context) : lostByDatabase(link);
}

/** The rows of the link table that are links of this row with those that are there for the caller. */
export function linkedHere({ join, near, target }: LinkSetPlace, values: Values, context: RequestContext): Condition[] {
  const entry = tableOf(context.snapshot.lookup, join.link);
  const { columns, references } = join.far;
  const there: Condition = { type: "within", columns, table: target.table.id, select: references, where: [] };
  const open = join.far.columns.filter((name) => columnOf(entry, name).nullable);
  return [
    ...equals(join.near.columns, put(near, values)),
    ...open.map((column): Condition => ({ type: "null", column, negated: true })),
    ...(target.hasPolicy || target.deleted !== undefined ? [there] : []),
  ];
}

export const anyFar = (targets: readonly LinkTarget[], { join }: LinkSetPlace, values: Values): Condition =>
  anyKey(
    join.far.columns,
    putAll(
      targets.map(({ far }) => far),
      values,
    ),
  );

const put = (key: RowKey, values: Values): ValueIndex[] => key.map((value) => values.add(value));

export const putAll = (keys: readonly RowKey[], values: Values): ValueIndex[][] => keys.map((key) => put(key, values));

export const shownColumns = (columns: readonly string[], entry: TableLookup): ShownField[] =>
  columns.map((column) => ({ type: "column", field: fieldOf(columnOf(entry, column)), column }));
