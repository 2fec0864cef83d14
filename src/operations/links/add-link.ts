// The two ends of an N-to-N: `add` and `delete`, one statement each.

import { Collision, refusalProblem } from "../../database/refusals.js";
import type { DatabaseResult } from "../../dialect/connection.js";
import type { ApiResponse } from "../../http/message.js";
import { HttpError, problem } from "../../http/problem.js";
import { equals, type Path, pathConditions, planPath } from "../../plan/path.js";
import type { Assignment, Condition, DeletePlan, LinkEndPlan, LinkPlan, ReadPlan, Value } from "../../plan/plan.js";
import { Values } from "../../plan/values.js";
import { planInsert } from "../../plan/write.js";
import { type Body, readObject } from "../../request/body.js";
import type { Route, Step } from "../../routes/tree.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { rows } from "../../run/found-rows.js";
import { keptByDatabase, lostByDatabase } from "../../run/outcome.js";
import { withDeleteHooks, withSaveHooks } from "../../run/run-hooks.js";
import { allowedBodies, forbidden, outsidePolicy } from "../../run/write-rules.js";
import { isUncertain, mayKeep } from "../../schema/effects.js";
import { columnOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";
import { JSON_TYPE, missingParent, refuseQuery } from "../read/row.js";
import { type LinkJoin, settledEnds } from "./role-columns.js";
import { differingEnds, sharedColumns } from "./shared-columns.js";

/** Both ends are there and no link: it stood, and was deleted before it was read. So often it is made again at once. */
const TRIES = 10;

/** `add`: 201 when the link is new, 200 when it stood already; its row either way. */
export async function link(call: Call, context: RequestContext): Promise<ApiResponse> {
  const { request, route, params } = call;
  refuseQuery(request.query);
  const said = await readObject(request);
  const { join, ends: both, path, values } = planLink(route, params, context);
  const entry = tableOf(context.snapshot.lookup, join.link);
  const [body = said] = allowedBodies([said], entry, context);
  const { further, ends } = settledEnds(body, both, join, values, context);
  let added = 0;
  const uncertain = isUncertain(entry.table, "insert");
  const write = async (body: Body, inner: RequestContext) => {
    const set = planFurther(body, join, values, inner);
    const plan: ReadPlan = { kind: "read", table: join.link, where: linkConditions(join, ends), changing: true };
    const [stood] = uncertain ? await rows({ plan, values: values.all }, inner) : [];
    if (stood !== undefined) return stood;
    for (let tries = inner === context ? TRIES : 1; tries > 0; tries--) {
      const unanswered = uncertain ? ({ unanswered: true } as const) : {};
      const made = await make({ kind: "link", table: join.link, ends, set, ...unanswered }, values.all, inner);
      added = uncertain ? 1 : made.affected;
      // A new one answers with its row where the database can.
      if (made.rows[0] !== undefined && !entry.hasPolicy) return made.rows[0][0] as string;
      const [row] = await rows({ plan, values: values.all }, inner);
      if (row !== undefined) return row;
      const missing = await missingEnd(route, path, values.all, inner);
      if (missing !== undefined) throw missing;
      if (made.refused !== undefined && made.refused.code !== "unique_violation") throw made.refused;
      if (entry.hasPolicy || ends !== both) throw outsidePolicy(entry, inner);
      if (sharedColumns(join).length > 0) throw differingEnds(join, inner);
      if (uncertain) throw lostByDatabase(entry);
    }
    throw refusalProblem({ code: "conflict" });
  };
  const row = await withSaveHooks(call, context, further, { table: join.link, alone: !uncertain, write });
  return { status: added > 0 ? 201 : 200, headers: { "content-type": JSON_TYPE }, body: row };
}

/** What the database refuses may be a link that stands already, whichever reason it says first. */
interface Made extends DatabaseResult {
  readonly refused?: HttpError;
}

async function make(plan: LinkPlan, values: readonly Value[], context: RequestContext): Promise<Made> {
  const isKeyed =
    context.snapshot.dialect.insertLocksGap && hasKey(tableOf(context.snapshot.lookup, plan.table), plan.ends);
  if (!isKeyed) return run({ plan, values }, context);
  try {
    return await run({ plan: { ...plan, refused: true }, values }, context);
  } catch (error) {
    if (isRefusal(error)) return { rows: [], affected: 0, refused: error };
    throw error;
  }
}

/** Is there one link of two rows at the most? */
function hasKey({ table }: TableLookup, [one, other]: LinkPlan["ends"]): boolean {
  const columns = [...new Set([...one.columns, ...other.columns])];
  const keys = [table.primaryKey, ...table.uniqueKeys.map(({ columns }) => columns)];
  return keys.some((key) => key.length === columns.length && key.every((name) => columns.includes(name)));
}

const isRefusal = (error: unknown): error is HttpError =>
  error instanceof HttpError && error.status < 500 && !(error instanceof Collision);

/** `delete`: 204, or 404 when there was no link. */
export async function unlink(call: Call, context: RequestContext): Promise<ApiResponse> {
  const { request, route, params } = call;
  refuseQuery(request.query);
  const { join, ends, path, values } = planLink(route, params, context);
  const links = { table: join.link, where: linkConditions(join, ends) };
  const entry = tableOf(context.snapshot.lookup, join.link);
  const uncertain = isUncertain(entry.table, "delete");
  const asked = { plan: { kind: "list", ...links, order: [] }, values: values.all } as const;
  await withDeleteHooks(call, context, {
    table: join.link,
    alone: !uncertain,
    write: async (context) => {
      const plan: DeletePlan = { kind: "delete", ...links };
      const before = uncertain ? await rows(asked, context) : [];
      const { affected } = await run({ plan, values: values.all }, context);
      const after = new Set(uncertain ? await rows(asked, context) : []);
      if (before.some((row) => after.has(row))) throw keptByDatabase(entry);
      if (uncertain ? before.length > 0 : affected > 0) return;
      const missing = await missingParent(route, path, values.all, context);
      throw missing ?? (await notLinked(plan, values.all, context));
    },
  });
  return { status: 204, headers: {} };
}

/** Why there was no link to take away: one may be there, and not be the caller's to change. */
async function notLinked(
  { table, where }: DeletePlan,
  values: readonly Value[],
  context: RequestContext,
): Promise<HttpError> {
  const entry = tableOf(context.snapshot.lookup, table);
  if (entry.hasPolicy || mayKeep(entry.table, "delete")) {
    const { rows } = await run({ plan: { kind: "exists", table, where }, values }, context);
    if (rows.length > 0) return entry.hasPolicy ? forbidden(context, "unlink these two rows") : keptByDatabase(entry);
  }
  return problem("link_not_found", "These two rows are not linked.");
}

/** The body of `add` fills the link table's further columns; its two ends are said by the address. */
function planFurther(body: Body, join: LinkJoin, values: Values, context: RequestContext): Assignment[] {
  const entry = tableOf(context.snapshot.lookup, join.link);
  const set = planInsert(body, entry, new Map(), values);
  const ends = new Set([...join.near.columns, ...join.far.columns]);
  for (const { column } of set) {
    if (!ends.has(column)) continue;
    const field = fieldOf(columnOf(entry, column));
    throw problem("invalid_body", `${field} is said by the address: leave it out of the body.`);
  }
  return set;
}

function planLink(route: Route, params: readonly string[], context: RequestContext) {
  const values = new Values();
  const path = planPath(route, params, context.snapshot.lookup, values);
  const target = route.steps.at(-1) as Step;
  const source = route.steps.at(-2) as Step;
  const join = target.join as LinkJoin;
  const key = tableOf(context.snapshot.lookup, target.table).table.primaryKey;
  const ends: [LinkEndPlan, LinkEndPlan] = [
    {
      table: source.table,
      ...join.near,
      where: pathConditions(route, path, context.snapshot.lookup, route.steps.length - 2),
    },
    { table: target.table, ...join.far, where: equals(key, path.keys.at(-1) ?? []) },
  ];
  return { join, ends, path, values };
}

const linkConditions = (join: LinkJoin, ends: readonly [LinkEndPlan, LinkEndPlan]): Condition[] =>
  [join.near, join.far].map((side, i) => {
    const end = ends[i] as LinkEndPlan;
    return { type: "within", columns: side.columns, table: end.table, select: side.references, where: end.where };
  });

async function missingEnd(
  route: Route,
  path: Path,
  values: readonly Value[],
  context: RequestContext,
): Promise<HttpError | undefined> {
  const missing = await missingParent(route, path, values, context);
  if (missing !== undefined) return missing;
  const where = equals(tableOf(context.snapshot.lookup, route.table).table.primaryKey, path.keys.at(-1) ?? []);
  const { rows } = await run({ plan: { kind: "exists", table: route.table, where }, values }, context);
  if (rows.length > 0) return undefined;
  return problem("not_found", `There is no such row of ${tableOf(context.snapshot.lookup, route.table).label}.`);
}
