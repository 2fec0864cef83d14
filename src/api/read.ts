// GET: lists and single rows. JSON texts come from the database and go out untouched.
import { planFilters, planOrder } from "../plan/filter.js";
import { type Path, pathConditions, planPath } from "../plan/path.js";
import type { ListPlan, Value } from "../plan/plan.js";
import { parseQuery, type Query } from "../request/query.js";
import type { Route } from "../routes/tree.js";
import { tableOf } from "../schema/lookup.js";
import type { ColumnType } from "../schema/schema.js";
import type { Call } from "./call.js";
import type { Session } from "./database.js";
import { etagOf } from "./etag.js";
import type { ApiResponse } from "./message.js";
import { type HttpError, problem } from "./problem.js";
import { rows, run, type World } from "./world.js";

export const JSON_TYPE = "application/json; charset=utf-8";

const WHOLE: ColumnType = { kind: "integer", native: "bigint" };

export async function list({ request, route, params }: Call, world: World): Promise<ApiResponse> {
  const query = parseQuery(request.query, world.limits.maxFilters);
  const values: Value[] = [];
  const path = planPath(route, params, world.lookup, values);
  const entry = tableOf(world.lookup, route.table);
  const where = [
    ...pathConditions(route, path, world.lookup),
    ...planFilters(query.filters, entry, world, values, world.limits),
  ];
  const order = planOrder(query.order, entry, world);
  const counted = query.count === undefined ? undefined : await total({ where, table: route.table }, values, world);
  const page = slice(query, values, world);
  const found = await rows({ plan: { kind: "list", table: route.table, where, order, ...page }, values }, world);
  if (found.length === 0) await requireParent(route, path, values, world);
  return { status: 200, headers: listHeaders(query, found.length, counted), body: `[${found.join(",")}]` };
}

/** The limit always; the offset only where one was asked for, so that common requests share a statement. */
function slice(query: Query, values: Value[], world: World): Pick<ListPlan, "limit" | "offset"> {
  const put = (value: number) => values.push({ value, type: WHOLE }) - 1;
  const limit = put(Math.min(query.limit ?? world.limits.defaultLimit, world.limits.maxLimit));
  return query.offset ? { limit, offset: put(query.offset) } : { limit };
}

async function total(
  { table, where }: Pick<ListPlan, "table" | "where">,
  values: readonly Value[],
  world: World,
): Promise<string> {
  const { rows } = await run({ plan: { kind: "count", table, where }, values }, world);
  return String(rows[0]?.[0]);
}

function listHeaders(query: Query, length: number, counted: string | undefined): Record<string, string> {
  if (counted === undefined) return { "content-type": JSON_TYPE };
  const from = query.offset ?? 0;
  const range = length === 0 ? "*" : `${from}-${from + length - 1}`;
  return { "content-type": JSON_TYPE, "x-total-count": counted, "content-range": `items ${range}/${counted}` };
}

export async function read({ request, route, params }: Call, world: World): Promise<ApiResponse> {
  refuseQuery(request.query);
  const values: Value[] = [];
  const path = planPath(route, params, world.lookup, values);
  const [row] = await rows(
    { plan: { kind: "read", table: route.table, where: pathConditions(route, path, world.lookup) }, values },
    world,
  );
  if (row === undefined) throw await notThere(route, path, values, world);
  return { status: 200, headers: { "content-type": JSON_TYPE, etag: etagOf(row) }, body: row };
}

/** Single rows and writes take no query: what is overlooked today would be a surprise tomorrow. */
export function refuseQuery(query: string): void {
  if (query === "") return;
  const [name = ""] = query.split(/[=&]/, 1);
  throw problem(
    "unknown_parameter",
    `This route takes no query string; '${name.slice(0, 60)}' would have no effect. Filters, sorting and limits belong to lists.`,
  );
}

/** An empty nested list is only an answer when the row it belongs to is there. */
async function requireParent(
  route: Route,
  path: Path,
  values: readonly Value[],
  world: World,
  session?: Session,
): Promise<void> {
  const missing = await missingParent(route, path, values, world, session);
  if (missing !== undefined) throw missing;
}

export async function missingParent(
  route: Route,
  path: Path,
  values: readonly Value[],
  world: World,
  session?: Session,
): Promise<HttpError | undefined> {
  for (const [i, step] of route.steps.slice(0, -1).entries()) {
    const where = pathConditions(route, path, world.lookup, i);
    const { rows } = await run({ plan: { kind: "exists", table: step.table, where }, values }, world, session);
    if (rows.length === 0)
      return problem("parent_not_found", `There is no such row of ${tableOf(world.lookup, step.table).label}.`);
  }
  return undefined;
}

/** Why a row route found nothing: the row itself, or one before it in the path. */
export async function notThere(
  route: Route,
  path: Path,
  values: readonly Value[],
  world: World,
  session?: Session,
): Promise<HttpError> {
  const missing = await missingParent(route, path, values, world, session);
  return (
    missing ??
    problem(
      "not_found",
      `There is no such row of ${tableOf(world.lookup, route.table).label}${route.steps.length > 1 ? " here" : ""}.`,
    )
  );
}
