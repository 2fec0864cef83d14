// PUT, PATCH and DELETE on a row. One statement where one does all; otherwise one transaction.

import { isConditional, requireConditions, requireNone } from "../../http/conditional.js";
import type { ApiRequest, ApiResponse } from "../../http/message.js";
import { isUpsert, withApplied } from "../../http/prefer.js";
import { HttpError } from "../../http/problem.js";
import { explainedSum } from "../../plan/increment.js";
import { type Path, pathConditions, planPath } from "../../plan/path.js";
import type { Planned, ReadPlan } from "../../plan/plan.js";
import type { RowPatch } from "../../plan/row-patch.js";
import type { Value } from "../../plan/terms.js";
import { Values } from "../../plan/values.js";
import { type PathColumns, planReplace, planUpdate } from "../../plan/write.js";
import type { Assignment, UpdatePlan } from "../../plan/write-plan.js";
import { type Body, readObject } from "../../request/body.js";
import type { Route, Step } from "../../routes/tree.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { foundTexts } from "../../run/found-rows.js";
import type { OperationSteps } from "../../run/operation-steps.js";
import { keptByDatabase } from "../../run/outcome.js";
import { withDeleteHooks, withSaveHooks } from "../../run/run-hooks.js";
import { tableListeners } from "../../run/tell.js";
import { transaction } from "../../run/transaction.js";
import { allowedBodies, requireRight } from "../../run/write-rules.js";
import { isUncertain, mayKeep } from "../../schema/effects.js";
import { deletionOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import { notThere, refuseQuery } from "../read/row.js";
import { find, settled, updated } from "./change-row.js";
import { KeySpelling } from "./key-spelling.js";
import { parentFields } from "./parent.js";
import { readPatch } from "./patched.js";
import { createAt } from "./put-new.js";
import { settledSet } from "./settled.js";
import { type RowWriting, respondWithRows, type WrittenRows } from "./written-rows.js";

export interface AskedChange {
  readonly call: Call;
  readonly entry: TableLookup;
  readonly path: Path;
  readonly values: Values;
  readonly body: Body;
  readonly spelling: KeySpelling;
  readonly planSet: (body: Body) => Assignment[];
  /** What makes the body, as soon as the row is known. */
  readonly patch?: RowPatch | undefined;
  /** Makes the row where it is not there, and answers with it. */
  readonly make?: (body: Body, context: RequestContext) => Promise<string>;
}

export const update: RowWriting<AskedChange> = { prepare: prepareUpdate, run: patch, respond };

export const replace: RowWriting<AskedChange> = { prepare: prepareReplace, run: change, respond };

async function prepareUpdate(call: Call, context: RequestContext): Promise<AskedChange> {
  const patch = await readPatch(call, context);
  const asked = await prepareChange(call, context, patch === undefined ? await readObject(call.request) : {});
  const { entry, path, values } = asked;
  return { ...asked, patch, planSet: (body) => planUpdate(body, entry, keyInPath(call.route, path, context), values) };
}

async function prepareReplace(call: Call, context: RequestContext): Promise<AskedChange> {
  const { route, prefer } = call;
  const makes = isUpsert(prefer);
  if (makes) requireRight(context, "create", tableOf(context.snapshot.lookup, route.table));
  const asked = await prepareChange(call, context, await readObject(call.request));
  const { entry, path, values, spelling } = asked;
  const join = route.steps.at(-1)?.join;
  const kept = new Set(join?.via === "child" ? join.columns : []);
  const key = () => new Map([...keyInPath(route, path, context), ...spelling.said]);
  const planSet = (body: Body) => planReplace(body, entry, key(), kept, values);
  if (!makes) return { ...asked, planSet };
  const make = (body: Body, inner: RequestContext) =>
    createAt({ route, path, key: keyInPath(route, path, inner), values }, body, inner);
  return { ...asked, planSet, make };
}

function prepareChange(call: Call, context: RequestContext, said: Body): Omit<AskedChange, "planSet" | "make"> {
  const { request, route, params } = call;
  refuseQuery(request.query);
  const values = new Values();
  const path = planPath(route, params, context.snapshot, values);
  const entry = tableOf(context.snapshot.lookup, route.table);
  const asked = { call, entry, path, values, spelling: new KeySpelling(entry, values) };
  return { ...asked, body: allowedBody(said, asked, context) };
}

/** What the caller may write, with what is set for it. */
function allowedBody(
  said: Body,
  { call, entry, path, values }: Pick<AskedChange, "call" | "entry" | "path" | "values">,
  context: RequestContext,
): Body {
  const inPath = context.access ? parentFields(keyInPath(call.route, path, context), entry, values.all) : {};
  return allowedBodies([said], entry, context, inPath)[0] as Body;
}

/** PATCH: where the body depends on the row, that is read and locked before. */
function patch(asked: AskedChange, context: RequestContext): Promise<WrittenRows> {
  const { call, patch: bodyOf, values } = asked;
  if (bodyOf === undefined) return change(asked, context);
  return transaction(context, async (inner) => {
    const where = pathConditions(call.route, asked.path, inner.snapshot.lookup);
    const row = await compare(call.request, { table: call.route.table, where }, values.all, inner);
    if (row === undefined) throw await notThere(call.route, asked.path, values.all, inner);
    return change({ ...asked, body: allowedBody(await bodyOf(row), asked, inner) }, inner);
  });
}

/** The primary key's values where the path says them: as the row's own, or as its parent's where the two share it. */
function keyInPath({ steps }: Route, path: Path, context: RequestContext): PathColumns {
  const [parent, target] = steps.slice(-2) as [Step, Step | undefined];
  const { primaryKey } = tableOf(context.snapshot.lookup, (target ?? parent).table).table;
  const own = path.keys.at(-1);
  if (own !== undefined) return new Map(primaryKey.map((name, i) => [name, own[i] as number]));
  if (target?.join?.via !== "child") return new Map();
  const { columns, references } = target.join;
  const above = tableOf(context.snapshot.lookup, parent.table).table.primaryKey;
  const said = columns.map((name, i) => [name, path.keys.at(-2)?.[above.indexOf(references[i] as string)]] as const);
  return new Map(said.filter(([name, value]) => value !== undefined && primaryKey.includes(name))) as PathColumns;
}

async function change(asked: AskedChange, context: RequestContext): Promise<WrittenRows> {
  const { call, entry, body, make } = asked;
  const uncertain = isUncertain(entry.table, "update");
  const conditional = isConditional(call.request);
  const alone = context.snapshot.dialect.returning.update && !conditional && make === undefined && !uncertain;
  let stored = "";
  let isNew = false;
  const write = async (body: Body, inner: RequestContext) => {
    const row = await changed(asked, body, inner);
    isNew = row === undefined;
    stored = row ?? (await asked.make?.(body, inner)) ?? "";
    return stored;
  };
  const row = await withSaveHooks(call, context, body, { table: call.route.table, alone, write });
  return { rows: [row], many: false, isNew, stored: [stored] };
}

/** The row as it stands then; nothing where there is none, and one is to be made. */
async function changed(asked: AskedChange, body: Body, context: RequestContext): Promise<string | undefined> {
  const { call, entry, path, values, make, spelling } = asked;
  const { request, route } = call;
  const place = { table: route.table, where: pathConditions(route, path, context.snapshot.lookup) };
  const conditional = isConditional(request);
  const uncertain = isUncertain(entry.table, "update");
  const before = conditional || uncertain ? await compare(request, place, values.all, context) : undefined;
  if (conditional && before === undefined && make !== undefined) requireNone(request);
  const stands = () => standing(place, values.all, context);
  const set = await settledSet(body, entry, asked.planSet, stands, (error) =>
    spelling.isSame(error, body, place, context),
  );
  const planned: Planned<UpdatePlan> = { plan: { kind: "update", ...place, set }, values: values.all };
  const refused = (error: unknown): never => {
    throw error instanceof HttpError ? explainedSum(error, set, entry) : error;
  };
  const row = await (set.length === 0
    ? find(planned, context)
    : uncertain
      ? before && settled(before, planned, entry, context).catch(refused)
      : updated(planned, keyInPath(route, path, context), entry, context).catch(refused));
  if (row !== undefined) return row;
  if (make !== undefined && !entry.hasPolicy && !mayKeep(entry.table, "update")) return undefined;
  const why = await notThere(route, path, values.all, context);
  // One that is there, and not the caller's to change, is not made again.
  if (make === undefined || why.status !== 404) throw why;
  return undefined;
}

function respond({ call: { request }, make }: AskedChange, result: WrittenRows): ApiResponse {
  const location = result.isNew ? { location: `${request.prefix}${request.path.replace(/\/$/, "")}` } : {};
  const response = respondWithRows({ ...result, ...location });
  return make === undefined ? response : withApplied(response, "resolution=upsert");
}

/** The whole row, as GET shows it. */
async function standing(
  { table, where }: Pick<ReadPlan, "table" | "where">,
  values: readonly Value[],
  context: RequestContext,
): Promise<string | undefined> {
  const [row] = await foundTexts({ plan: { kind: "read", table, where, changing: true }, values }, context);
  return row;
}

/**
 * `If-Match` and its opposite: the row is read and locked in the transaction that changes it. What it means that it is not there
 * is the writer's to say.
 */
async function compare(
  request: ApiRequest,
  { table, where }: Pick<ReadPlan, "table" | "where">,
  values: readonly Value[],
  context: RequestContext,
): Promise<string | undefined> {
  const [row] = await foundTexts({ plan: { kind: "read", table, where, lock: true, changing: true }, values }, context);
  if (row !== undefined) requireConditions(request, row);
  return row;
}

interface AskedRemoval {
  readonly call: Call;
  readonly entry: TableLookup;
  readonly path: Path;
  readonly values: Values;
}

export const remove: OperationSteps<AskedRemoval, void> = {
  prepare(call, context) {
    refuseQuery(call.request.query);
    const values = new Values();
    const path = planPath(call.route, call.params, context.snapshot, values);
    return { call, entry: tableOf(context.snapshot.lookup, call.route.table), path, values };
  },
  run: removeRow,
  respond: () => ({ status: 204, headers: {} }),
};

function removeRow({ call, entry, path, values }: AskedRemoval, context: RequestContext): Promise<void> {
  const { request, route } = call;
  const place = { table: route.table, where: pathConditions(route, path, context.snapshot.lookup) };
  const uncertain = isUncertain(entry.table, deletionOf(entry));
  const looked = isConditional(request) || uncertain || tableListeners(context, route.table).length > 0;
  let before: string | undefined;
  return withDeleteHooks(call, context, {
    table: route.table,
    alone: !looked,
    write: async (context) => {
      before = looked ? await compare(request, place, values.all, context) : undefined;
      const { affected } = await run({ plan: { kind: "delete", ...place }, values: values.all }, context);
      if (uncertain ? before === undefined : affected === 0) throw await notThere(route, path, values.all, context);
      if (!uncertain) return;
      const [after] = await foundTexts({ plan: { kind: "read", ...place }, values: values.all }, context);
      if (after === before) throw keptByDatabase(entry);
    },
    gone: () => [before],
  });
}
