// POST, PUT, PATCH, DELETE on rows. One statement where one does all; otherwise one transaction.
import { parse } from "lossless-json";
import { equals, type Path, pathConditions, planPath } from "../plan/path.js";
import type { Assignment, InsertPlan, ListPlan, Planned, ReadPlan, UpdatePlan, Value } from "../plan/plan.js";
import { type Canonical, fromJson } from "../plan/value.js";
import { type Body, type Fixed, planInsert, planReplace, planUpdate } from "../plan/write.js";
import { defaultsToSay, whereWritten } from "../plan/written.js";
import { readObject } from "../request/body.js";
import type { Join, Route, Step } from "../routes/tree.js";
import { columnOf, type TableLookup, tableOf } from "../schema/lookup.js";
import { type ColumnType, fieldOf } from "../schema/schema.js";
import { deleting, saving } from "./around.js";
import type { Call } from "./call.js";
import type { Session } from "./database.js";
import { etagOf, requireUnchanged } from "./etag.js";
import type { ApiResponse } from "./message.js";
import { HttpError } from "./problem.js";
import { JSON_TYPE, missingParent, notThere, refuseQuery } from "./read.js";
import { rows, run, type World } from "./world.js";

export async function create(call: Call, world: World): Promise<ApiResponse> {
  const { request, route, params } = call;
  refuseQuery(request.query);
  const body = await readObject(request);
  const values: Value[] = [];
  const path = planPath(route, params, world.lookup, values);
  const entry = tableOf(world.lookup, route.table);
  const said = keysInPath(route, path, world);
  const alone = said !== undefined && world.database.dialect.returning.insert;
  let fixed = said;
  let location: string | undefined;
  let etag = "";
  const write = async (body: Body, session?: Session) => {
    fixed ??= await keysOfParent(route, path, values, world, session);
    const set = planInsert(body, entry, fixed, values);
    const row = await insert({ plan: { kind: "insert", table: route.table, set }, values }, entry, world, session);
    etag = etagOf(row);
    location = locationOf(row, entry, `${request.prefix}${request.path.replace(/\/$/, "")}`);
    return row;
  };
  const pathFields = async (session: Session) => {
    fixed ??= await keysOfParent(route, path, values, world, session);
    return fieldsOf(fixed, entry, values);
  };
  const row = await saving(call, world, route.table, body, alone, write, pathFields).catch((error) =>
    explain(error, route, path, values, world),
  );
  const headers = { "content-type": JSON_TYPE, etag, ...(location === undefined ? {} : { location }) };
  return { status: 201, headers, body: row };
}

/** What the path says of the row, as a body would say it. */
function fieldsOf(fixed: Fixed, entry: TableLookup, values: readonly Value[]): Record<string, unknown> {
  return Object.fromEntries(
    [...fixed].map(([column, index]) => {
      const { value } = values[index] as Value;
      return [fieldOf(columnOf(entry, column)), Buffer.isBuffer(value) ? value.toString("base64") : value];
    }),
  );
}

export function update(call: Call, world: World): Promise<ApiResponse> {
  return change(call, world, planUpdate);
}

export function replace(call: Call, world: World): Promise<ApiResponse> {
  return change(call, world, (body, entry, values, path) => {
    const key = path.keys.at(-1) ?? [];
    const fixed = new Map(
      entry.table.primaryKey.flatMap((name, i) => (key[i] === undefined ? [] : [[name, key[i]] as const])),
    );
    const join = call.route.steps.at(-1)?.join;
    return planReplace(body, entry, fixed, new Set(join?.via === "child" ? join.columns : []), values);
  });
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
  const { primaryKey } = entry.table;
  const before = await find(planned, world, session);
  if (before === undefined) return undefined;
  await run(planned, world, session);
  const changed = new Map(plan.set.map(({ column, value }) => [column, value]));
  const kept = keyValues(before, entry);
  const all = [...values];
  const key = primaryKey.map((name, i) => changed.get(name) ?? all.push(kept[i] as Value) - 1);
  return find({ plan: { ...plan, where: equals(primaryKey, key) }, values: all }, world, session);
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

const ONE: ColumnType = { kind: "integer", native: "bigint" };

async function insert(
  { plan, values }: Planned<InsertPlan>,
  entry: TableLookup,
  world: World,
  session?: Session,
): Promise<string> {
  if (world.database.dialect.returning.insert) {
    const [row] = await rows({ plan, values }, world, session);
    return row as string;
  }
  const all = [...values];
  const made = await defaults(defaultsToSay(plan.set, entry), all, entry, world, session);
  const set = [...plan.set, ...made];
  const { insertId } = await run({ plan: { ...plan, set }, values: all }, world, session);
  const where = whereWritten(set, insertId, entry, all);
  const limit = all.push({ value: 1, type: ONE }) - 1;
  const found: ListPlan = { kind: "list", table: plan.table, where, order: [], limit };
  const [row] = await rows({ plan: found, values: all }, world, session);
  return row as string;
}

async function defaults(
  columns: readonly string[],
  values: Value[],
  entry: TableLookup,
  world: World,
  session?: Session,
): Promise<Assignment[]> {
  const set: Assignment[] = [];
  for (const column of columns) {
    const asked = await run({ plan: { kind: "default", table: entry.table.id, column }, values: [] }, world, session);
    const value = asked.rows[0]?.[0] as Canonical;
    set.push({ column, value: values.push({ value, type: columnOf(entry, column).type }) - 1 });
  }
  return set;
}

/** The foreign key's values where the path itself says them and the database checks that the parent is there; nothing on root routes. */
function keysInPath(route: Route, path: Path, world: World): Fixed | undefined {
  const [parent, child] = route.steps;
  if (child === undefined) return new Map();
  if (child.join?.via !== "child" || !child.join.enforced || route.steps.length > 2) return undefined;
  const { primaryKey } = tableOf(world.lookup, (parent as Step).table).table;
  const key = path.keys[0] ?? [];
  const fixed = child.join.columns.map(
    (column, i) =>
      [
        column,
        key[primaryKey.indexOf(child.join?.via === "child" ? (child.join.references[i] as string) : "")],
      ] as const,
  );
  return fixed.some(([, value]) => value === undefined) ? undefined : (new Map(fixed) as Fixed);
}

/** The same, read from the parent's row: 404 when it is not there. */
async function keysOfParent(
  route: Route,
  path: Path,
  values: Value[],
  world: World,
  session?: Session,
): Promise<Fixed> {
  const join = route.steps.at(-1)?.join as Extract<Join, { via: "child" }>;
  const parent = tableOf(world.lookup, (route.steps.at(-2) as Step).table);
  const where = pathConditions(route, path, world.lookup, route.steps.length - 2);
  const [row] = await rows({ plan: { kind: "read", table: parent.table.id, where }, values }, world, session);
  if (row === undefined) throw await notThere(route, path, values, world, session);
  const fields = parse(row) as Record<string, unknown>;
  return new Map(
    join.columns.map((column, i) => [
      column,
      values.push(typed(fields, columnOf(parent, join.references[i] as string))) - 1,
    ]),
  );
}

function keyValues(row: string, entry: TableLookup): Value[] {
  const fields = parse(row) as Record<string, unknown>;
  return entry.table.primaryKey.map((name) => typed(fields, columnOf(entry, name)));
}

function typed(fields: Record<string, unknown>, column: Parameters<typeof fieldOf>[0]): Value {
  const value = fields[fieldOf(column)];
  const canonical = value === null ? { ok: true as const, value: null } : fromJson(value, column.type);
  if (!canonical.ok)
    throw new Error(`${fieldOf(column)} ${canonical.message}: the database's own value is not understood`);
  return { value: canonical.value, type: column.type };
}

/** A foreign key that the path itself filled says 404, not 409, when the parent is not there. */
async function explain(
  error: unknown,
  route: Route,
  path: Path,
  values: readonly Value[],
  world: World,
): Promise<never> {
  if (error instanceof HttpError && error.code === "foreign_key_violation")
    throw (await missingParent(route, path, values, world)) ?? error;
  throw error;
}

function locationOf(row: string, entry: TableLookup, collection: string): string | undefined {
  const { primaryKey } = entry.table;
  if (primaryKey.length === 0) return undefined;
  const fields = parse(row) as Record<string, unknown>;
  const key = primaryKey.map((name) => encodeURIComponent(String(fields[fieldOf(columnOf(entry, name))])));
  return `${collection}/${key.join(",")}`;
}
