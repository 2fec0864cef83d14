// PUT, PATCH and DELETE on a row. One statement where one does all; otherwise one transaction.
import { equals, type Path, pathConditions, planPath } from "../plan/path.js";
import type { Assignment, Planned, ReadPlan, UpdatePlan, Value } from "../plan/plan.js";
import { type Body, type Fixed, planReplace, planUpdate } from "../plan/write.js";
import { readObject } from "../request/body.js";
import type { Route, Step } from "../routes/tree.js";
import { type TableLookup, tableOf } from "../schema/lookup.js";
import { deleting, saving } from "./around.js";
import type { Call } from "./call.js";
import type { Session } from "./database.js";
import { etagOf, requireUnchanged } from "./etag.js";
import type { ApiResponse } from "./message.js";
import { JSON_TYPE, notThere, refuseQuery } from "./read.js";
import { valuesOf } from "./row.js";
import { rows, run, type World } from "./world.js";

export function update(call: Call, world: World): Promise<ApiResponse> {
  return change(call, world, (body, entry, values, path) =>
    planUpdate(body, entry, keyInPath(call.route, path, world), values),
  );
}

export function replace(call: Call, world: World): Promise<ApiResponse> {
  return change(call, world, (body, entry, values, path) => {
    const join = call.route.steps.at(-1)?.join;
    const kept = new Set(join?.via === "child" ? join.columns : []);
    return planReplace(body, entry, keyInPath(call.route, path, world), kept, values);
  });
}

/** The primary key's values where the path says them: as the row's own, or as its parent's where the two share it. */
function keyInPath({ steps }: Route, path: Path, world: World): Fixed {
  const [parent, target] = steps.slice(-2) as [Step, Step | undefined];
  const { primaryKey } = tableOf(world.lookup, (target ?? parent).table).table;
  const own = path.keys.at(-1);
  if (own !== undefined) return new Map(primaryKey.map((name, i) => [name, own[i] as number]));
  if (target?.join?.via !== "child") return new Map();
  const { columns, references } = target.join;
  const above = tableOf(world.lookup, parent.table).table.primaryKey;
  const said = columns.map((name, i) => [name, path.keys.at(-2)?.[above.indexOf(references[i] as string)]] as const);
  return new Map(said.filter(([name, value]) => value !== undefined && primaryKey.includes(name))) as Fixed;
}

type PlanSet = (body: Body, entry: TableLookup, values: Value[], path: Path) => Assignment[];

async function change(call: Call, world: World, planSet: PlanSet): Promise<ApiResponse> {
  const { request, route, params } = call;
  refuseQuery(request.query);
  const body = await readObject(request);
  const values: Value[] = [];
  const path = planPath(route, params, world.lookup, values);
  const entry = tableOf(world.lookup, route.table);
  const where = pathConditions(route, path, world.lookup);
  const ifMatch = request.header("if-match");
  const alone = world.database.dialect.returning.update && ifMatch === undefined;
  let etag = "";
  const row = await saving(call, world, route.table, body, alone, async (body, session) => {
    if (ifMatch !== undefined) await compare(ifMatch, { table: route.table, where }, values, world, session);
    const set = planSet(body, entry, values, path);
    const planned: Planned<UpdatePlan> = { plan: { kind: "update", table: route.table, set, where }, values };
    const row = await (set.length === 0 ? find(planned, world, session) : updated(planned, entry, world, session));
    if (row === undefined) throw await notThere(route, path, values, world, session);
    etag = etagOf(row);
    return row;
  });
  return { status: 200, headers: { "content-type": JSON_TYPE, etag }, body: row };
}

/** `If-Match`: the row is read and locked in the transaction that changes it. A row that is not there is the writer's to say. */
async function compare(
  ifMatch: string,
  { table, where }: Pick<ReadPlan, "table" | "where">,
  values: readonly Value[],
  world: World,
  session?: Session,
): Promise<void> {
  const [row] = await rows({ plan: { kind: "read", table, where, lock: true }, values }, world, session);
  if (row !== undefined) requireUnchanged(ifMatch, row);
}

/** The row as it stands. */
async function find(
  { plan: { table, where }, values }: Planned<UpdatePlan>,
  world: World,
  session?: Session,
): Promise<string | undefined> {
  const [row] = await rows({ plan: { kind: "read", table, where }, values }, world, session);
  return row;
}

/** Without RETURNING the row is found first, changed by its key and read again, all in one transaction. */
async function updated(
  planned: Planned<UpdatePlan>,
  entry: TableLookup,
  world: World,
  session?: Session,
): Promise<string | undefined> {
  if (world.database.dialect.returning.update) return rows(planned, world, session).then(([row]) => row);
  const { plan, values } = planned;
  const before = await find(planned, world, session);
  if (before === undefined) return undefined;
  const identity = identityOf(before, entry);
  await run(planned, world, session);
  const changed = new Map(plan.set.map(({ column, value }) => [column, value]));
  const kept = valuesOf(before, identity, entry);
  const all = [...values];
  const key = identity.map((name, i) => changed.get(name) ?? all.push(kept[i] as Value) - 1);
  return find({ plan: { ...plan, where: equals(identity, key) }, values: all }, world, session);
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

export async function remove(call: Call, world: World): Promise<ApiResponse> {
  const { request, route, params } = call;
  refuseQuery(request.query);
  const values: Value[] = [];
  const path = planPath(route, params, world.lookup, values);
  const where = pathConditions(route, path, world.lookup);
  const ifMatch = request.header("if-match");
  await deleting(call, world, route.table, ifMatch === undefined, async (session) => {
    if (ifMatch !== undefined) await compare(ifMatch, { table: route.table, where }, values, world, session);
    const { affected } = await run({ plan: { kind: "delete", table: route.table, where }, values }, world, session);
    if (affected === 0) throw await notThere(route, path, values, world, session);
  });
  return { status: 204, headers: {} };
}
