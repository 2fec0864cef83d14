// The two ends of an N-to-N: `add` and `delete`, one statement each.
import { equals, type Path, pathConditions, planPath } from "../plan/path.js";
import type { Condition, LinkEndPlan, Value } from "../plan/plan.js";
import { planInsert } from "../plan/write.js";
import { readObject } from "../request/body.js";
import type { Join, Route, Step } from "../routes/tree.js";
import { columnOf, tableOf } from "../schema/lookup.js";
import { fieldOf } from "../schema/schema.js";
import type { Call } from "./handle.js";
import type { ApiResponse } from "./message.js";
import { type HttpError, problem } from "./problem.js";
import { JSON_TYPE, missingParent, refuseQuery } from "./read.js";
import { rows, run, type World } from "./world.js";

/** `add`: 201 when the link is new, 200 when it stood already; its row either way. */
export async function link({ request, route, params }: Call, world: World): Promise<ApiResponse> {
  refuseQuery(request.query);
  const body = await readObject(request);
  const { join, ends, path, values } = planLink(route, params, world);
  const entry = tableOf(world.lookup, join.link);
  const set = planInsert(body, entry, new Map(), values);
  const ours = new Set([...join.near.columns, ...join.far.columns]);
  for (const { column } of set) {
    if (ours.has(column))
      throw problem(
        "invalid_body",
        `${fieldOf(columnOf(entry, column))} is said by the address: leave it out of the body.`,
      );
  }
  const { affected } = await run({ plan: { kind: "link", table: join.link, ends, set }, values }, world);
  const [row] = await rows(
    { plan: { kind: "read", table: join.link, where: linkConditions(join, ends) }, values },
    world,
  );
  if (row === undefined) throw await missingEnd(route, path, values, world);
  return { status: affected > 0 ? 201 : 200, headers: { "content-type": JSON_TYPE }, body: row };
}

/** `delete`: 204, or 404 when there was no link. */
export async function unlink({ request, route, params }: Call, world: World): Promise<ApiResponse> {
  refuseQuery(request.query);
  const { join, ends, path, values } = planLink(route, params, world);
  const { affected } = await run(
    { plan: { kind: "delete", table: join.link, where: linkConditions(join, ends) }, values },
    world,
  );
  if (affected > 0) return { status: 204, headers: {} };
  const missing = await missingParent(route, path, values, world);
  throw missing ?? problem("link_not_found", "These two rows are not linked.");
}

function planLink(route: Route, params: readonly string[], world: World) {
  const values: Value[] = [];
  const path = planPath(route, params, world.lookup, values);
  const target = route.steps.at(-1) as Step;
  const source = route.steps.at(-2) as Step;
  const join = target.join as Extract<Join, { via: "link" }>;
  const key = tableOf(world.lookup, target.table).table.primaryKey;
  const ends: [LinkEndPlan, LinkEndPlan] = [
    { table: source.table, ...join.near, where: pathConditions(route, path, world.lookup, route.steps.length - 2) },
    { table: target.table, ...join.far, where: equals(key, path.keys.at(-1) ?? []) },
  ];
  return { join, ends, path, values };
}

const linkConditions = (join: Extract<Join, { via: "link" }>, ends: readonly [LinkEndPlan, LinkEndPlan]): Condition[] =>
  [join.near, join.far].map((side, i) => {
    const end = ends[i] as LinkEndPlan;
    return { type: "within", columns: side.columns, table: end.table, select: side.references, where: end.where };
  });

async function missingEnd(route: Route, path: Path, values: readonly Value[], world: World): Promise<HttpError> {
  return (
    (await missingParent(route, path, values, world)) ?? problem("not_found", `There is no such row of ${route.table}.`)
  );
}
