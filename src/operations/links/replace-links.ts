// PUT on an N-to-N list: its rows are these, and no others. Links that stay are not touched; a few statements for any number.

import { type ApiResponse, requestWith } from "../../http/message.js";
import { type HttpError, problem } from "../../http/problem.js";
import { anyKey, noSuchRows, planKeys, type RowKey } from "../../plan/keys.js";
import { pathConditions, planPath } from "../../plan/path.js";
import type { ListPlan } from "../../plan/plan.js";
import type { Condition } from "../../plan/terms.js";
import { Values } from "../../plan/values.js";
import { readJson } from "../../request/body.js";
import type { Route, Step } from "../../routes/tree.js";
import { readByKeys } from "../../run/by-key.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { foundTexts } from "../../run/found-rows.js";
import { inSteps, type OperationSteps } from "../../run/operation-steps.js";
import { keptByDatabase } from "../../run/outcome.js";
import { requireTransactional } from "../../run/revocable.js";
import { valuesOf } from "../../run/row-address.js";
import { withDeleteHooks, withReadHooks, withSaveHooks } from "../../run/run-hooks.js";
import { transaction } from "../../run/transaction.js";
import { forbidden } from "../../run/write-rules.js";
import { mayKeep } from "../../schema/effects.js";
import { deletionOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import { asJson } from "../read/envelope.js";
import { list } from "../read/list.js";
import { notThere, refuseQuery } from "../read/row.js";
import {
  anyFar,
  type LinkSetPlace,
  type LinkTarget,
  linkAll,
  linkedHere,
  putAll,
  shownColumns,
  unlinkedOf,
} from "./link-set.js";
import type { LinkJoin } from "./role-columns.js";

interface AskedLinks {
  readonly call: Call;
  readonly target: TableLookup;
  /** Of the rows that are to be linked. */
  readonly keys: readonly RowKey[];
}

/** Answers with the list as it is then. */
export const replaceLinks: OperationSteps<AskedLinks, ApiResponse> = {
  async prepare(call, context) {
    refuseQuery(call.request.query);
    const target = tableOf(context.snapshot.lookup, call.route.table);
    requireTransactional(tableOf(context.snapshot.lookup, linkIn(call.route).link));
    return { call, target, keys: planKeys(await readJson(call.request), target, context.snapshot.limits.maxRows) };
  },
  run: ({ call, target, keys }, context) =>
    transaction(context, async (inner) => {
      const place = await locked(call, target, inner);
      const wanted = await targetsOf(keys, place, inner);
      await unlinkOthers(call, wanted, place, inner);
      return linkMissing(call, wanted, place, inner);
    }),
  respond: (_, listed) => listed,
};

const linkIn = ({ steps }: Route): LinkJoin => (steps.at(-1) as Step).join as LinkJoin;

/** Reads the row whose set it is, and keeps it: whoever wants to set the same one has to wait. */
async function locked({ route, params }: Call, target: TableLookup, context: RequestContext): Promise<LinkSetPlace> {
  const values = new Values();
  const path = planPath(route, params, context.snapshot, values);
  const step = route.steps.at(-2) as Step;
  const join = linkIn(route);
  const source = tableOf(context.snapshot.lookup, step.table);
  const where = pathConditions(route, path, context.snapshot.lookup, route.steps.length - 2);
  const select = shownColumns(join.near.references, source);
  const [row] = await foundTexts(
    { plan: { kind: "read", table: step.table, select, where, lock: true }, values: values.all },
    context,
  );
  if (row === undefined) throw await notThere(route, path, values.all, context);
  return { join, source, target, near: valuesOf(row, join.near.references, source) };
}

/** 422 for keys of which there is no row. */
async function targetsOf(
  keys: readonly RowKey[],
  { join, target }: LinkSetPlace,
  context: RequestContext,
): Promise<LinkTarget[]> {
  if (keys.length === 0) return [];
  const { primaryKey } = target.table;
  const select = shownColumns([...new Set([...primaryKey, ...join.far.references])], target);
  const found = await readByKeys(primaryKey, keys, target, context, select);
  const missing = keys.filter((_, i) => found[i] === undefined);
  if (missing.length > 0) throw noSuchRows(missing, target);
  // Two of the keys may be one row's, where its collation overlooks the case.
  return [...new Set(found as string[])].map((row) => ({
    key: valuesOf(row, primaryKey, target),
    far: valuesOf(row, join.far.references, target),
  }));
}

async function unlinkOthers(
  call: Call,
  wanted: readonly LinkTarget[],
  place: LinkSetPlace,
  context: RequestContext,
): Promise<void> {
  const { join } = place;
  const values = new Values();
  const where = linkedHere(place, values, context);
  if (wanted.length > 0) where.push({ type: "not", where: [anyFar(wanted, place, values)] });
  const others = { table: join.link, where };
  const link = tableOf(context.snapshot.lookup, join.link);
  const { maxAffected } = context.snapshot.limits;
  const select = shownColumns(join.far.columns, link);
  const some = { kind: "list", ...others, select, order: [], limit: maxAffected + 1 } as const;
  const found = await foundTexts({ plan: some, values: values.all }, context);
  // Asked first, because InnoDB locks the gap where it finds nothing to delete.
  if (found.length === 0) return;
  if (found.length > maxAffected) throw tooManyLinks(maxAffected);
  const body = context.snapshot.hooks.has(join.link) ? { ids: await linkedIds(wanted, place, context) } : {};
  const asked = { plan: { kind: "list", ...others, order: [] }, values: values.all } as const;
  const before = mayKeep(link.table, deletionOf(link)) ? await foundTexts(asked, context) : [];
  await withDeleteHooks(call, context, {
    ...{ table: join.link, alone: true, body },
    write: (inner) => run({ plan: { kind: "delete", ...others }, values: values.all }, inner),
  });
  const after = new Set(before.length > 0 ? await foundTexts(asked, context) : []);
  if (before.some((row) => after.has(row))) throw keptByDatabase(link);
  if (!link.hasPolicy) return;
  const left = await run({ plan: { kind: "exists", ...others }, values: values.all }, context);
  if (left.rows.length > 0) throw forbidden(context, "unlink all of the others");
}

const tooManyLinks = (most: number): HttpError =>
  problem(
    "too_many_rows",
    `More than ${most} links would be taken away, which is the most: DELETE some of them before.`,
  );

/** For hooks: the ids that are linked and not wanted. */
async function linkedIds(
  wanted: readonly LinkTarget[],
  place: LinkSetPlace,
  context: RequestContext,
): Promise<unknown[]> {
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
  return (await foundTexts({ plan, values: values.all }, context)).map((row) =>
    idOf(valuesOf(row, primaryKey, target)),
  );
}

async function linkMissing(
  call: Call,
  wanted: readonly LinkTarget[],
  place: LinkSetPlace,
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

const performList = inSteps(list);

/** The list as GET shows it, hooks and all. */
async function listed(call: Call, context: RequestContext): Promise<ApiResponse> {
  const request = requestWith(call.request, {
    ...{ method: "GET", query: "" },
    header: (name) => (/^(range|if-|content-|prefer$)/.test(name) ? undefined : call.request.header(name)),
    body: async () => ({ kind: "bytes", bytes: Buffer.alloc(0) }),
  });
  const read: Call = { ...call, request, route: call.matched.node.routes.GET as Route };
  return asJson(await withReadHooks(read, context, () => performList(read, context)));
}

/** As a body would say it. */
function idOf(key: RowKey): unknown {
  const parts = key.map(({ value }) => (Buffer.isBuffer(value) ? value.toString("base64") : value));
  return parts.length === 1 ? parts[0] : parts;
}
