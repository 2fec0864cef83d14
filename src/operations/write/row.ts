// PUT, PATCH and DELETE on a row. One statement where one does all; otherwise one transaction.

import { etagOf, isConditional, requireConditions, requireNone } from "../../http/conditional.js";
import type { ApiRequest, ApiResponse } from "../../http/message.js";
import { isUpsert, withApplied } from "../../http/prefer.js";
import { preferencesOf } from "../../http/preference.js";
import { HttpError } from "../../http/problem.js";
import { explainedSum } from "../../plan/increment.js";
import { equals, type Path, pathConditions, planPath } from "../../plan/path.js";
import type { Assignment, Planned, ReadPlan, Shown, UpdatePlan, Value } from "../../plan/plan.js";
import { Values } from "../../plan/values.js";
import { type PathColumns, planReplace, planUpdate } from "../../plan/write.js";
import { type Body, readObject } from "../../request/body.js";
import type { Route, Step } from "../../routes/tree.js";
import type { Call } from "../../run/call.js";
import { type RequestContext, withoutPolicies } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { rows } from "../../run/found-rows.js";
import { valuesOf } from "../../run/row-address.js";
import { withDeleteHooks, withSaveHooks } from "../../run/run-hooks.js";
import { allowedBodies, requirePolicy, requireRight } from "../../run/write-rules.js";
import { columnOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";
import { JSON_TYPE, notThere, refuseQuery } from "../read/row.js";
import { fieldsOf } from "./parent.js";
import { createAt } from "./put-new.js";

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
  if (!isUpsert(preferencesOf(call.request))) return change(call, context, planSet);
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
  const alone = context.snapshot.dialect.returning.update && !conditional && make === undefined;
  let etag = "";
  let isNew = false;
  const writeRow = async (body: Body, context: RequestContext) => {
    if (conditional) {
      const found = await compare(request, { table: route.table, where }, values.all, context);
      if (!found && make !== undefined) requireNone(request);
    }
    const set = planSet(body, entry, values, path);
    const planned: Planned<UpdatePlan> = {
      plan: { kind: "update", table: route.table, set, where },
      values: values.all,
    };
    const refused = (error: unknown): never => {
      throw error instanceof HttpError ? explainedSum(error, set, entry) : error;
    };
    let row = await (set.length === 0
      ? find(planned, context)
      : updated(planned, keyInPath(route, path, context), entry, context).catch(refused));
    isNew = row === undefined;
    if (row === undefined && (make === undefined || entry.hasPolicy)) {
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

/**
 * `If-Match` and its opposite: the row is read and locked in the transaction that changes it. Whether it is there is the
 * answer, and what that means is the writer's to say.
 */
async function compare(
  request: ApiRequest,
  { table, where }: Pick<ReadPlan, "table" | "where">,
  values: readonly Value[],
  context: RequestContext,
): Promise<boolean> {
  const [row] = await rows({ plan: { kind: "read", table, where, lock: true, changing: true }, values }, context);
  if (row !== undefined) requireConditions(request, row);
  return row !== undefined;
}

/** The row as it stands, if it may be changed. */
async function find(
  { plan: { table, where }, values }: Planned<UpdatePlan>,
  context: RequestContext,
  select?: readonly Shown[],
): Promise<string | undefined> {
  const plan: ReadPlan = { kind: "read", table, where, changing: true, ...(select && { select }) };
  const [row] = await rows({ plan, values }, context);
  return row;
}

async function updated(
  planned: Planned<UpdatePlan>,
  key: PathColumns,
  entry: TableLookup,
  context: RequestContext,
): Promise<string | undefined> {
  const { returning } = context.snapshot.dialect;
  const row = await (returning.update
    ? rows(planned, context).then(([row]) => row)
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
  return find(
    { plan: { ...plan, where: equals([...kept.keys()], key) }, values: values.all },
    withoutPolicies(context),
  );
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
function keyFields(entry: TableLookup): Shown[] {
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

export async function remove(call: Call, context: RequestContext): Promise<ApiResponse> {
  const { request, route, params } = call;
  refuseQuery(request.query);
  const values = new Values();
  const path = planPath(route, params, context.snapshot.lookup, values);
  const where = pathConditions(route, path, context.snapshot.lookup);
  const conditional = isConditional(request);
  await withDeleteHooks(call, context, {
    table: route.table,
    alone: !conditional,
    write: async (context) => {
      if (conditional) await compare(request, { table: route.table, where }, values.all, context);
      const { affected } = await run(
        { plan: { kind: "delete", table: route.table, where }, values: values.all },
        context,
      );
      if (affected === 0) throw await notThere(route, path, values.all, context);
    },
  });
  return { status: 204, headers: {} };
}
