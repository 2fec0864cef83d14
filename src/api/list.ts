// GET on a collection. JSON texts come from the database and go out untouched.
import { isTotal } from "../plan/group.js";
import { pathConditions, planPath } from "../plan/path.js";
import type { ListPlan, Value } from "../plan/plan.js";
import { planList, planSlice } from "../plan/select.js";
import { parseQuery, type Query } from "../request/query.js";
import { parseRange } from "../request/range.js";
import { tableOf } from "../schema/lookup.js";
import type { Call } from "./call.js";
import type { ApiResponse } from "./message.js";
import { problem } from "./problem.js";
import { JSON_TYPE, requireParent } from "./read.js";
import { rows, run, type World } from "./world.js";

export async function list({ request, route, params }: Call, world: World): Promise<ApiResponse> {
  const range = parseRange(request.header("range"));
  const asked = parseQuery(request.query, world.limits);
  // What the query string says of the slice wins over the header.
  const ranged = range !== undefined && asked.limit === undefined && asked.offset === undefined;
  const query = ranged ? { ...asked, ...range } : asked;
  const values: Value[] = [];
  const path = planPath(route, params, world.lookup, values);
  const entry = tableOf(world.lookup, route.table);
  const parts = planList(query, entry, world, values, world.limits);
  const where = [...pathConditions(route, path, world.lookup), ...parts.where];
  const counted =
    query.count === undefined ? undefined : await total({ ...parts, where, table: route.table }, values, world);
  const page = planSlice(query, values, world.limits);
  const plan: ListPlan = { kind: "list", table: route.table, ...parts, where, ...page };
  const found = await rows({ plan, values }, world);
  if (found.length === 0 || isTotal(query.select)) await requireParent(route, path, values, world);
  if (ranged && found.length === 0 && range.offset > 0) throw beyond(counted);
  const headers = listHeaders(query, found.length, counted, ranged);
  return { status: ranged ? 206 : 200, headers, body: `[${found.join(",")}]` };
}

async function total(
  { table, where, select = [], having }: Pick<ListPlan, "table" | "where" | "select" | "having">,
  values: readonly Value[],
  world: World,
): Promise<string> {
  const groups = having === undefined ? {} : { groups: { select, having } };
  const { rows } = await run({ plan: { kind: "count", table, where, ...groups }, values }, world);
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
