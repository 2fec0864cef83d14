// PUT, PATCH and DELETE on a row. One statement where one does all; otherwise one transaction.

import { etagOf, isConditional, requireConditions, requireNone } from "../../http/conditional.js";
import type { ApiRequest, ApiResponse } from "../../http/message.js";
import { isUpsert, withApplied } from "../../http/prefer.js";
import { HttpError } from "../../http/problem.js";
import { explainedSum } from "../../plan/increment.js";
import { type Path, pathConditions, planPath } from "../../plan/path.js";
import type { Assignment, Planned, ReadPlan, UpdatePlan, Value } from "../../plan/plan.js";
import { Values } from "../../plan/values.js";
import { type PathColumns, planReplace, planUpdate } from "../../plan/write.js";
import { type Body, readObject } from "../../request/body.js";
import type { Route, Step } from "../../routes/tree.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { rows } from "../../run/found-rows.js";
import { keptByDatabase } from "../../run/outcome.js";
import { withDeleteHooks, withSaveHooks } from "../../run/run-hooks.js";
import { allowedBodies, requireRight } from "../../run/write-rules.js";
import { isUncertain, mayKeep } from "../../schema/effects.js";
import { type TableLookup, tableOf } from "../../schema/lookup.js";
import { JSON_TYPE, notThere, refuseQuery } from "../read/row.js";
import { find, settled, updated } from "./change-row.js";
import { fieldsOf } from "./parent.js";
import { createAt } from "./put-new.js";
import { settledSet } from "./settled.js";

export function update(call: Call, context: RequestContext): Promise<ApiResponse> {
  return change(call, context, (body, entry, values, path) =>
    planUpdate(body, entry, keyInPath(call.route, path, context), values),
  );
}

export async function replace(call: Call, context: RequestContext): Promise<ApiResponse> {
  const planSet: PlanSet = (body, entry, values, path) => {
    const join = call.route.steps.at(-1)?.join;
    const kept = new Set(join?.via === "child" ? join.columns : []);
    return planReplace(body, entry, keyInPath(call.route, path, context), kept, values);
  };
  if (!isUpsert(call.prefer)) return change(call, context, planSet);
  requireRight(context, "create", tableOf(context.snapshot.lookup, call.route.table));
  const response = await change(call, context, planSet, (body, path, values, context) =>
    createAt({ route: call.route, path, key: keyInPath(call.route, path, context), values }, body, context),
  );
  return withApplied(response, "resolution=upsert");
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

type PlanSet = (body: Body, entry: TableLookup, values: Values, path: Path) => Assignment[];
/** Makes the row that is not there, and answers with it. */
type Make = (body: Body, path: Path, values: Values, context: RequestContext) => Promise<string>;

async function change(call: Call, context: RequestContext, planSet: PlanSet, make?: Make): Promise<ApiResponse> {
  const { request, route, params } = call;
  refuseQuery(request.query);
  const said = await readObject(request);
  const values = new Values();
  const path = planPath(route, params, context.snapshot.lookup, values);
  const entry = tableOf(context.snapshot.lookup, route.table);
  const inPath = () => fieldsOf(keyInPath(route, path, context), entry, values.all);
  const [body] = context.access ? allowedBodies([said], entry, context, inPath()) : [said];
  const where = pathConditions(route, path, context.snapshot.lookup);
  const conditional = isConditional(request);
  const uncertain = isUncertain(entry.table, "update");
  const alone = context.snapshot.dialect.returning.update && !conditional && make === undefined && !uncertain;
  let etag = "";
  let isNew = false;
  const writeRow = async (body: Body, context: RequestContext) => {
    const looked = conditional || uncertain;
    const before = looked ? await compare(request, { table: route.table, where }, values.all, context) : undefined;
    if (conditional && before === undefined && make !== undefined) requireNone(request);
    const set = await settledSet(
      body,
      entry,
      (body) => planSet(body, entry, values, path),
      () => standing({ table: route.table, where }, values.all, context),
    );
    const planned: Planned<UpdatePlan> = {
      plan: { kind: "update", table: route.table, set, where },
      values: values.all,
    };
    const refused = (error: unknown): never => {
      throw error instanceof HttpError ? explainedSum(error, set, entry) : error;
    };
    let row = await (set.length === 0
      ? find(planned, context)
      : uncertain
        ? before && settled(before, planned, entry, context).catch(refused)
        : updated(planned, keyInPath(route, path, context), entry, context).catch(refused));
    isNew = row === undefined;
    if (row === undefined && (make === undefined || entry.hasPolicy || mayKeep(entry.table, "update"))) {
      const why = await notThere(route, path, values.all, context);
      // One that is there, and not the caller's to change, is not made again.
      if (make === undefined || why.status !== 404) throw why;
    }
    row ??= (await make?.(body, path, values, context)) as string;
    etag = etagOf(row);
    return row;
  };
  const row = await withSaveHooks(call, context, body as Body, { table: route.table, alone, write: writeRow });
  const headers = { "content-type": JSON_TYPE, etag };
  if (!isNew) return { status: 200, headers, body: row };
  const location = `${request.prefix}${request.path.replace(/\/$/, "")}`;
  return { status: 201, headers: { ...headers, location }, body: row };
}

/** The whole row, as GET shows it. */
async function standing(
  { table, where }: Pick<ReadPlan, "table" | "where">,
  values: readonly Value[],
  context: RequestContext,
): Promise<string | undefined> {
  const [row] = await rows({ plan: { kind: "read", table, where, changing: true }, values }, context);
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
  const [row] = await rows({ plan: { kind: "read", table, where, lock: true, changing: true }, values }, context);
  if (row !== undefined) requireConditions(request, row);
  return row;
}

export async function remove(call: Call, context: RequestContext): Promise<ApiResponse> {
  const { request, route, params } = call;
  refuseQuery(request.query);
  const values = new Values();
  const path = planPath(route, params, context.snapshot.lookup, values);
  const where = pathConditions(route, path, context.snapshot.lookup);
  const place = { table: route.table, where };
  const entry = tableOf(context.snapshot.lookup, route.table);
  const uncertain = isUncertain(entry.table, "delete");
  const looked = isConditional(request) || uncertain;
  await withDeleteHooks(call, context, {
    table: route.table,
    alone: !looked,
    write: async (context) => {
      const before = looked ? await compare(request, place, values.all, context) : undefined;
      const { affected } = await run({ plan: { kind: "delete", ...place }, values: values.all }, context);
      if (uncertain ? before === undefined : affected === 0) throw await notThere(route, path, values.all, context);
      if (!uncertain) return;
      const [after] = await rows({ plan: { kind: "read", ...place }, values: values.all }, context);
      if (after === before) throw keptByDatabase(entry);
    },
  });
  return { status: 204, headers: {} };
}
