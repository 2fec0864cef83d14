// GET on a row, and why a row is not there.
import { type Path, pathConditions, planPath } from "../plan/path.js";
import type { Value } from "../plan/plan.js";
import type { Route } from "../routes/tree.js";
import { tableOf } from "../schema/lookup.js";
import type { Call } from "./call.js";
import type { Session } from "./database.js";
import { etagOf } from "./etag.js";
import type { ApiResponse } from "./message.js";
import { type HttpError, problem } from "./problem.js";
import { rows, run, type World } from "./world.js";

export const JSON_TYPE = "application/json; charset=utf-8";

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
export async function requireParent(
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
