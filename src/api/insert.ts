// POST on a collection: one new row. One statement where one does all; otherwise one transaction.
import { type Path, pathConditions, planPath } from "../plan/path.js";
import type { Assignment, InsertPlan, ListPlan, Planned, Value } from "../plan/plan.js";
import type { Canonical } from "../plan/value.js";
import { type Body, type Fixed, planInsert } from "../plan/write.js";
import { defaultsToSay, whereWritten } from "../plan/written.js";
import { readObject } from "../request/body.js";
import type { Join, Route, Step } from "../routes/tree.js";
import { columnOf, type TableLookup, tableOf } from "../schema/lookup.js";
import { type ColumnType, fieldOf } from "../schema/schema.js";
import { saving } from "./around.js";
import type { Call } from "./call.js";
import type { Session } from "./database.js";
import { etagOf } from "./etag.js";
import type { ApiResponse } from "./message.js";
import { HttpError } from "./problem.js";
import { JSON_TYPE, missingParent, notThere, refuseQuery } from "./read.js";
import { locationOf, valuesOf } from "./row.js";
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

/** The foreign key's values where the path itself says them and the database checks that the parent is there; nothing on root routes. */
function keysInPath(route: Route, path: Path, world: World): Fixed | undefined {
  const [parent, child] = route.steps;
  if (child === undefined) return new Map();
  const { join } = child;
  if (join?.via !== "child" || !join.enforced || route.steps.length > 2) return undefined;
  // A transaction in which a statement failed may answer no more: then it is too late to ask why.
  if (world.database.trx !== undefined) return undefined;
  const { primaryKey } = tableOf(world.lookup, (parent as Step).table).table;
  const key = path.keys[0] ?? [];
  const fixed = join.columns.map(
    (column, i) => [column, key[primaryKey.indexOf(join.references[i] as string)]] as const,
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
  const found = valuesOf(row, join.references, parent);
  return new Map(join.columns.map((column, i) => [column, values.push(found[i] as Value) - 1]));
}

/** A foreign key that the path itself filled says 404, not 409, when the parent is not there. */
async function explain(
  error: unknown,
  route: Route,
  path: Path,
  values: readonly Value[],
  world: World,
): Promise<never> {
  const alone = world.database.trx === undefined;
  if (alone && error instanceof HttpError && error.code === "foreign_key_violation")
    throw (await missingParent(route, path, values, world)) ?? error;
  throw error;
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
