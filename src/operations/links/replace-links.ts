// PUT on an N-to-N list: its rows are these, and no others. Links that stay are not touched; a few statements for any number.

import { type ApiResponse, requestWith } from "../../http/message.js";
import { anyKey, type Key, noSuchRows, planKeys } from "../../plan/keys.js";
import { equals, pathConditions, planPath } from "../../plan/path.js";
import type { Condition, LinkPlan, ListPlan, Shown, ValueIndex } from "../../plan/plan.js";
import { keyText } from "../../plan/value-identity.js";
import { Values } from "../../plan/values.js";
import { planInsert } from "../../plan/write.js";
import { readJson } from "../../request/body.js";
import type { Route, Step } from "../../routes/tree.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { rows } from "../../run/found-rows.js";
import { requireTransactional } from "../../run/revocable.js";
import { valuesOf } from "../../run/row-address.js";
import { withDeleteHooks, withSaveHooks } from "../../run/run-hooks.js";
import { transaction } from "../../run/transaction.js";
import { allowedBodies, forbidden, outsidePolicy, requireRight } from "../../run/write-rules.js";
import { columnOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";
import { asJson } from "../read/envelope.js";
import { list } from "../read/list.js";
import { notThere, refuseQuery } from "../read/row.js";
import { type Ends, type LinkJoin, settledEnds } from "./role-columns.js";

/** Where the set stands: one row's links, whose values are known and whose row nobody else may change. */
export interface Place {
  readonly join: LinkJoin;
  readonly source: TableLookup;
  readonly target: TableLookup;
  /** Of the link table's near columns. */
  readonly near: Key;
}

/** A row at the far end: its key, and what links to it hold. */
export interface Target {
  readonly key: Key;
  readonly far: Key;
}

export async function replaceLinks(call: Call, context: RequestContext): Promise<ApiResponse> {
  refuseQuery(call.request.query);
  const target = tableOf(context.snapshot.lookup, call.route.table);
  requireTransactional(tableOf(context.snapshot.lookup, linkIn(call.route).link));
  const keys = planKeys(await readJson(call.request), target, context.snapshot.limits.maxRows);
  return transaction(context, async (inner) => {
    const place = await locked(call, target, inner);
    const wanted = await targetsOf(keys, place, inner);
    await unlinkOthers(call, wanted, place, inner);
    return linkMissing(call, wanted, place, inner);
  });
}

const linkIn = ({ steps }: Route): LinkJoin => (steps.at(-1) as Step).join as LinkJoin;

/** Reads the row whose set it is, and keeps it: whoever wants to set the same one has to wait. */
async function locked({ route, params }: Call, target: TableLookup, context: RequestContext): Promise<Place> {
  const values = new Values();
  const path = planPath(route, params, context.snapshot.lookup, values);
  const step = route.steps.at(-2) as Step;
  const join = linkIn(route);
  const source = tableOf(context.snapshot.lookup, step.table);
  const where = pathConditions(route, path, context.snapshot.lookup, route.steps.length - 2);
  const select = shownColumns(join.near.references, source);
  const [row] = await rows(
    { plan: { kind: "read", table: step.table, select, where, lock: true }, values: values.all },
    context,
  );
  if (row === undefined) throw await notThere(route, path, values.all, context);
  return { join, source, target, near: valuesOf(row, join.near.references, source) };
}

/** 422 for keys of which there is no row. */
async function targetsOf(keys: readonly Key[], { join, target }: Place, context: RequestContext): Promise<Target[]> {
  if (keys.length === 0) return [];
  const { id, primaryKey } = target.table;
  const select = shownColumns([...new Set([...primaryKey, ...join.far.references])], target);
  const values = new Values();
  const where = [anyKey(primaryKey, putAll(keys, values))];
  const found = await rows(
    { plan: { kind: "list", table: id, select, where, order: [] }, values: values.all },
    context,
  );
  const byKey = new Map(found.map((row) => [keyText(valuesOf(row, primaryKey, target)), row]));
  const missing = keys.filter((key) => !byKey.has(keyText(key)));
  if (missing.length > 0) throw noSuchRows(missing, target);
  return keys.map((key) => ({ key, far: valuesOf(byKey.get(keyText(key)) as string, join.far.references, target) }));
}

async function unlinkOthers(
  call: Call,
  wanted: readonly Target[],
  place: Place,
  context: RequestContext,
): Promise<void> {
  const { join } = place;
  const values = new Values();
  const where = linkedHere(place, values, context);
  if (wanted.length > 0) where.push({ type: "not", where: [anyFar(wanted, place, values)] });
  const others = { table: join.link, where };
  const { rows } = await run({ plan: { kind: "exists", ...others }, values: values.all }, context);
  // Asked first, because InnoDB locks the gap where it finds nothing to delete.
  if (rows.length === 0) return;
  const body = context.snapshot.hooks.has(join.link) ? { ids: await linkedIds(wanted, place, context) } : {};
  await withDeleteHooks(call, context, {
    ...{ table: join.link, alone: true, body },
    write: (inner) => run({ plan: { kind: "delete", ...others }, values: values.all }, inner),
  });
  if (!tableOf(context.snapshot.lookup, join.link).hasPolicy) return;
  const left = await run({ plan: { kind: "exists", ...others }, values: values.all }, context);
  if (left.rows.length > 0) throw forbidden(context, "unlink all of the others");
}

/** For hooks: the ids that are linked and not wanted. */
async function linkedIds(wanted: readonly Target[], place: Place, context: RequestContext): Promise<unknown[]> {
  const { join, target } = place;
  const { id, primaryKey } = target.table;
  const values = new Values();
  const linked = { table: join.link, select: join.far.columns, where: linkedHere(place, values, context) };
  const where: Condition[] = [{ type: "within", columns: join.far.references, ...linked }];
  if (wanted.length > 0)
    where.push({
      type: "not",
      where: [
        anyKey(
          primaryKey,
          putAll(
            wanted.map(({ key }) => key),
            values,
          ),
        ),
      ],
    });
  const plan: ListPlan = { kind: "list", table: id, select: shownColumns(primaryKey, target), where, order: [] };
  return (await rows({ plan, values: values.all }, context)).map((row) => idOf(valuesOf(row, primaryKey, target)));
}

async function linkMissing(
  call: Call,
  wanted: readonly Target[],
  place: Place,
  context: RequestContext,
): Promise<ApiResponse> {
  const { join, target } = place;
  const added = await unlinkedOf(wanted, place, context);
  if (added.length === 0) return listed(call, context);
  let answer = {} as ApiResponse;
  const ids = added.map(({ key }) => idOf(key));
  const write = async ({ ids }: Record<string, unknown>, context: RequestContext) => {
    // A hook may have put others in their place.
    const hooked = context.snapshot.hooks.has(join.link);
    await linkAll(
      hooked ? await targetsOf(planKeys(ids, target, context.snapshot.limits.maxRows), place, context) : added,
      place,
      context,
    );
    answer = await listed(call, context);
    return answer.body as string;
  };
  const body = await withSaveHooks(call, context, { ids }, { table: join.link, alone: true, write });
  return { ...answer, body };
}

/** Those that are not linked, as far as the caller sees; `changing` asks for links that are the caller's to change. */
async function unlinkedOf(
  wanted: readonly Target[],
  place: Place,
  context: RequestContext,
  changing = false,
): Promise<readonly Target[]> {
  if (wanted.length === 0) return wanted;
  const { link, far } = place.join;
  const entry = tableOf(context.snapshot.lookup, link);
  const values = new Values();
  const where = [...linkedHere(place, values, context), anyFar(wanted, place, values)];
  const select = shownColumns(far.columns, entry);
  const plan: ListPlan = { kind: "list", table: link, select, where, order: [], changing };
  const standing = new Set(
    (await rows({ plan, values: values.all }, context)).map((row) => keyText(valuesOf(row, far.columns, entry))),
  );
  return wanted.filter((row) => !standing.has(keyText(row.far)));
}

/** One statement for all of them; links that stand already are stepped over. */
export async function linkAll(targets: readonly Target[], place: Place, context: RequestContext): Promise<void> {
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
  const plan: LinkPlan = { kind: "link", table: join.link, ends, set, unanswered: true };
  await run({ plan, values: values.all }, context);
  const isCertain = !link.hasPolicy && !source.hasPolicy && !target.hasPolicy && ends === both;
  if (!isCertain && (await unlinkedOf(targets, place, context, true)).length > 0) throw outsidePolicy(link, context);
}

/** The list as GET shows it, hooks and all. */
async function listed(call: Call, context: RequestContext): Promise<ApiResponse> {
  const request = requestWith(call.request, {
    ...{ method: "GET", query: "" },
    header: (name) => (/^(range|if-|content-|prefer$)/.test(name) ? undefined : call.request.header(name)),
    body: async () => ({ kind: "bytes", bytes: Buffer.alloc(0) }),
  });
  const read: Call = { ...call, request, route: call.matched.node.routes.GET as Route };
  return asJson(await list(read, context));
}

/** The rows of the link table that are links of this row with those that are there for the caller. */
function linkedHere({ join, near, target }: Place, values: Values, context: RequestContext): Condition[] {
  const entry = tableOf(context.snapshot.lookup, join.link);
  const { columns, references } = join.far;
  const there: Condition = { type: "within", columns, table: target.table.id, select: references, where: [] };
  const open = join.far.columns.filter((name) => columnOf(entry, name).nullable);
  return [
    ...equals(join.near.columns, put(near, values)),
    ...open.map((column): Condition => ({ type: "null", column, negated: true })),
    ...(target.hasPolicy ? [there] : []),
  ];
}

const anyFar = (targets: readonly Target[], { join }: Place, values: Values): Condition =>
  anyKey(
    join.far.columns,
    putAll(
      targets.map(({ far }) => far),
      values,
    ),
  );

const put = (key: Key, values: Values): ValueIndex[] => key.map((value) => values.add(value));

const putAll = (keys: readonly Key[], values: Values): ValueIndex[][] => keys.map((key) => put(key, values));

const shownColumns = (columns: readonly string[], entry: TableLookup): Shown[] =>
  columns.map((column) => ({ type: "column", field: fieldOf(columnOf(entry, column)), column }));

/** As a body would say it. */
function idOf(key: Key): unknown {
  const parts = key.map(({ value }) => (Buffer.isBuffer(value) ? value.toString("base64") : value));
  return parts.length === 1 ? parts[0] : parts;
}
