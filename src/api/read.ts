// GET: lists and single rows. JSON texts come from the database and go out untouched.
import { planFilters, planOrder } from "../plan/filter.js";
import { type Path, pathConditions, planPath } from "../plan/path.js";
import type { ListPlan, Value } from "../plan/plan.js";
import { parseQuery, type Query } from "../request/query.js";
import { parseRange } from "../request/range.js";
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
  const range = parseRange(request.header("range"));
  const asked = parseQuery(request.query, world.limits.maxFilters);
  // What the query string says of the slice wins over the header.
  const ranged = range !== undefined && asked.limit === undefined && asked.offset === undefined;
  const query = ranged ? { ...asked, ...range } : asked;
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
  if (ranged && found.length === 0 && range.offset > 0) throw beyond(counted);
  const headers = listHeaders(query, found.length, counted, ranged);
  return { status: ranged ? 206 : 200, headers, body: `[${found.join(",")}]` };
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

const beyond = (counted: string | undefined) =>
  problem(
    "range_not_satisfiable",
    `The list ends before that${counted === undefined ? "" : `: it has ${counted} rows`}.`,
    {
      headers: { "content-range": `items */${counted ?? "*"}` },
    },
  );

function listHeaders(query: Query, length: number, counted = "*", ranged = false): Record<string, string> {
  if (counted === "*" && !ranged) return { "content-type": JSON_TYPE };
  const from = query.offset ?? 0;
  const range = length === 0 ? "*" : `${from}-${from + length - 1}`;
  const total: Record<string, string> = counted === "*" ? {} : { "x-total-count": counted };
  return { "content-type": JSON_TYPE, ...total, "content-range": `items ${range}/${counted}` };
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
