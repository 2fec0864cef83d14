// GET on a row, and why a row is not there.

import { excerpt } from "../../base/suggest.js";
import { etagOf } from "../../http/conditional.js";
import type { ApiResponse } from "../../http/message.js";
import { type HttpError, problem } from "../../http/problem.js";
import { isGrouped } from "../../plan/group.js";
import { requireFewJoins } from "../../plan/joins.js";
import { type Path, pathConditions, planPath } from "../../plan/path.js";
import type { ReadPlan } from "../../plan/plan.js";
import { innerOf, planSelect } from "../../plan/select.js";
import type { Condition, Value } from "../../plan/terms.js";
import { Values } from "../../plan/values.js";
import { parseQuery } from "../../request/query.js";
import type { Route } from "../../routes/tree.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { foundTexts } from "../../run/found-rows.js";
import type { OperationSteps } from "../../run/operation-steps.js";
import { keptByDatabase } from "../../run/outcome.js";
import { PlanCache } from "../../run/plan-cache.js";
import { forbidden } from "../../run/write-rules.js";
import { mayKeep } from "../../schema/effects.js";
import { deletionOf, type TableLookup, tableOf } from "../../schema/lookup.js";
import type { CompiledStatement } from "../../sql/compile.js";
import { deletedAsked } from "./deleted-asked.js";

export const JSON_TYPE = "application/json; charset=utf-8";

/** What a row's route and query string ask for. */
interface PreparedRead {
  readonly plan: ReadPlan;
  /** The query's own, which stand behind the path's. */
  readonly values: readonly Value[];
  readonly statement: CompiledStatement;
}

const plans = new PlanCache<PreparedRead>();

interface AskedRow {
  readonly route: Route;
  readonly path: Path;
  readonly plan: ReadPlan;
  readonly values: readonly Value[];
  readonly statement: CompiledStatement;
}

/** A row before it has its form. */
export interface ReadRow extends ApiResponse {
  /** What it shows, where the query says it. */
  readonly shown?: ReadPlan["select"];
}

export const read: OperationSteps<AskedRow, string, ReadRow> = { prepare, run: readRow, respond };

function prepare({ request, route, params }: Call, context: RequestContext): AskedRow {
  const inPath = new Values();
  const path = planPath(route, params, context.snapshot, inPath);
  const { plan, values, statement } = plans.of(context.snapshot.compile, route, request.query, () =>
    planRead(route, path, request.query, inPath.all, context),
  );
  return { route, path, plan, values: [...inPath.all, ...values], statement };
}

async function readRow({ route, path, plan, values, statement }: AskedRow, context: RequestContext): Promise<string> {
  const [row] = await foundTexts({ plan, values }, context, statement);
  if (row === undefined) throw await notThere(route, path, values, context);
  return row;
}

function respond({ plan }: AskedRow, row: string): ReadRow {
  return { status: 200, headers: { "content-type": JSON_TYPE, etag: etagOf(row) }, body: row, shown: plan.select };
}

/** `path` holds positions among `before`, which are the path's alone. */
function planRead(
  route: Route,
  path: Path,
  query: string,
  before: readonly Value[],
  context: RequestContext,
): PreparedRead {
  const values = new Values(before);
  const entry = tableOf(context.snapshot.lookup, route.table);
  const { deleted, rest } = deletedAsked(query, entry, context);
  const { select, where } = rowQuery(rest, entry, values, context);
  const conditions = [...pathConditions(route, path, context.snapshot.lookup), ...where];
  const plan: ReadPlan = {
    kind: "read",
    table: route.table,
    ...(deleted && { deleted }),
    ...select,
    where: conditions,
  };
  return { plan, values: values.all.slice(before.length), statement: context.snapshot.compile(plan) };
}

/** A row's query says what it shows, and how the lists within it are cut. */
export function rowQuery(text: string, entry: TableLookup, values: Values, context: RequestContext) {
  if (text === "") return { select: {}, where: [] };
  const query = parseQuery(text, context.snapshot.limits);
  const { fields, embeds } = planSelect(query, entry, context.snapshot, values);
  const [filter] = [...query.filters, ...embeds.flatMap(({ above }) => above)];
  const cuts = query.order.length > 0 || query.limit !== undefined || query.offset !== undefined || query.start;
  if (filter !== undefined || cuts || query.count || query.envelope || query.having || isGrouped(query.select)) {
    const what =
      filter?.type === "filter"
        ? `'${excerpt(filter.name)}'`
        : "A filter, order-by, limit, offset, a cursor, count, envelope, an aggregate or having";
    throw problem(
      "unknown_parameter",
      `${what} belongs to a list; a single row takes select, and what its lists take.`,
    );
  }
  const parts = { ...(fields && { select: fields }), where: innerOf(embeds) };
  requireFewJoins(parts, context.snapshot.limits.maxJoins);
  const { where, ...select } = parts;
  return { select, where };
}

/** Writes take no query: what is overlooked today would be a surprise tomorrow. */
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
  context: RequestContext,
): Promise<void> {
  const missing = await missingParent(route, path, values, context);
  if (missing !== undefined) throw missing;
}

export async function missingParent(
  route: Route,
  path: Path,
  values: readonly Value[],
  context: RequestContext,
): Promise<HttpError | undefined> {
  for (const [i, step] of route.steps.slice(0, -1).entries()) {
    const where = pathConditions(route, path, context.snapshot.lookup, i);
    const { rows } = await run({ plan: { kind: "exists", table: step.table, where }, values }, context);
    if (rows.length === 0)
      return problem(
        "parent_not_found",
        `There is no such row of ${tableOf(context.snapshot.lookup, step.table).label}.`,
      );
  }
  return undefined;
}

/** Why a row route found nothing: the row itself, or one before it in the path, or a row that is not the caller's to change. */
export async function notThere(
  route: Route,
  path: Path,
  values: readonly Value[],
  context: RequestContext,
): Promise<HttpError> {
  const missing = await missingParent(route, path, values, context);
  return missing ?? noSuchRow(route, pathConditions(route, path, context.snapshot.lookup), values, context);
}

/** The same where the rows before it in the path are there. */
export async function noSuchRow(
  route: Route,
  where: readonly Condition[],
  values: readonly Value[],
  context: RequestContext,
): Promise<HttpError> {
  const entry = tableOf(context.snapshot.lookup, route.table);
  const { label, hasPolicy: ruled } = entry;
  const keeps = mayKeep(entry.table, route.method === "DELETE" ? deletionOf(entry) : "update");
  if ((ruled || keeps) && route.method !== "GET") {
    const { rows } = await run({ plan: { kind: "exists", table: route.table, where }, values }, context);
    if (rows.length > 0) return ruled ? forbidden(context, `change this row of ${label}`) : keptByDatabase(entry);
  }
  return problem("not_found", `There is no such row of ${label}${route.steps.length > 1 ? " here" : ""}.`);
}
