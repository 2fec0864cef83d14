// POST on a collection: a new row, or an array of them. One statement where one does all; otherwise one transaction.

import { refusalProblem } from "../../database/refusals.js";
import { returnsInserted } from "../../dialect/returns.js";
import { etagOf } from "../../http/conditional.js";
import type { ApiResponse } from "../../http/message.js";
import { HttpError } from "../../http/problem.js";
import { requireComputed, saysComputed, withoutComputed } from "../../plan/computed.js";
import { keyOf, planConflict } from "../../plan/conflict.js";
import { planPath } from "../../plan/path.js";
import type { Conflict, Value } from "../../plan/plan.js";
import { Values } from "../../plan/values.js";
import { type NewRow, type PathColumns, planRow, planRows } from "../../plan/write.js";
import { type Body, readObjects } from "../../request/body.js";
import { parseOnConflict } from "../../request/conflict.js";
import { readByKeys } from "../../run/by-key.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { requireWhole } from "../../run/revocable.js";
import { locationOf } from "../../run/row-address.js";
import { withSaveHooksEach } from "../../run/run-hooks.js";
import { allowedBodies, requireRight } from "../../run/write-rules.js";
import { isUncertain } from "../../schema/effects.js";
import { type TableLookup, tableOf } from "../../schema/lookup.js";
import { JSON_TYPE, requireParent } from "../read/row.js";
import { namingRows } from "./failing-rows.js";
import { insertRows } from "./insert-rows.js";
import { explained, fieldsOf, keysInPath, keysOfParent } from "./parent.js";
import { upsertRows } from "./upsert.js";

export async function create(call: Call, context: RequestContext): Promise<ApiResponse> {
  const { request, route, params } = call;
  const entry = tableOf(context.snapshot.lookup, route.table);
  const asked = parseOnConflict(request.query);
  const conflict = asked && planConflict(asked, entry);
  if (conflict?.action === "merge") requireRight(context, "update", entry);
  const { bodies: said, many } = await readObjects(request, context.snapshot.limits.maxRows);
  const bodies = allowedBodies(said, entry, context);
  requireWhole(bodies.length, entry);
  const values = new Values();
  const path = planPath(route, params, context.snapshot.lookup, values);
  if (bodies.length === 0) {
    await requireParent(route, path, values.all, context);
    return allOf([], conflict);
  }
  const inPath = keysInPath(route, path, context);
  const oneStatement = !many && conflict?.action !== "ignore" && returnsInserted(context.snapshot.dialect, entry.table);
  const uncertain =
    isUncertain(entry.table, "insert") || (conflict !== undefined && isUncertain(entry.table, "update"));
  // What the database computes is known when it is written, and what was said otherwise is rolled back then.
  const computes = entry.table.transactional !== false && bodies.some((body) => saysComputed(body, entry));
  const alone = oneStatement && inPath !== undefined && !uncertain && !computes;
  let fixed = inPath;
  let rows: readonly NewRow[] = [];
  let written: readonly (string | undefined)[] = [];
  const plan = (bodies: readonly Body[], fixed: PathColumns) =>
    many ? planRows(bodies, entry, fixed, values) : [planRow(bodies[0] as Body, entry, fixed, values)];
  const planned = async (bodies: readonly Body[], context: RequestContext) => {
    try {
      return plan(bodies, fixed as PathColumns);
    } catch (error) {
      // The parent's row may spell its key otherwise than the address does, and as the body does.
      if (!(error instanceof HttpError) || error.code !== "invalid_value" || route.steps.length === 1) throw error;
      fixed = await keysOfParent(route, path, values, context);
      return plan(bodies, fixed);
    }
  };
  const write = async (said: readonly Body[], context: RequestContext) => {
    fixed ??= await keysOfParent(route, path, values, context);
    const bodies = computes ? said.map((body) => withoutComputed(body, entry)) : said;
    rows = await planned(bodies, context);
    written = await (conflict === undefined
      ? insertRows(rows, entry, context)
      : upsertRows(rows, conflict, entry, context));
    if (computes)
      for (const [i, row] of written.entries()) if (row !== undefined) requireComputed(said[i] as Body, row, entry);
    return written;
  };
  const pathFields = async (context: RequestContext) => {
    fixed ??= await keysOfParent(route, path, values, context);
    return fieldsOf(fixed, entry, values.all);
  };
  const refused = async (error: unknown): Promise<never> => {
    // In a larger transaction, which the refusal may have ended, nothing more is asked.
    if (!(error instanceof HttpError) || context.session.isTransaction) throw error;
    const known = await explained(error, route, path, values.all, context);
    throw many ? await namingRows(known, rows, conflict, entry, context) : known;
  };
  const calls = bodies.map(() => call);
  const answers = await withSaveHooksEach(calls, context, bodies, {
    table: route.table,
    alone,
    write,
    pathFields,
  }).catch(refused);
  if (many) return allOf(answers, conflict);
  if (written[0] === undefined) return asItStands(rows[0] as NewRow, conflict as Conflict, entry, context);
  const headers = { "content-type": JSON_TYPE, etag: etagOf(written[0]) };
  const body = answers[0] as string;
  if (conflict?.action === "merge") return { status: 200, headers, body };
  const location = locationOf(written[0], entry, `${request.prefix}${request.path.replace(/\/$/, "")}`);
  return { status: 201, headers: { ...headers, ...(location === undefined ? {} : { location }) }, body };
}

/** Rows that were written. Whether a merged one is new is not known on every database: 200 then, everywhere. */
function allOf(answers: readonly (string | undefined)[], conflict: Conflict | undefined): ApiResponse {
  const rows = answers.filter((row) => row !== undefined);
  const isOld = conflict?.action === "merge" || (conflict?.action === "ignore" && rows.length === 0);
  return { status: isOld ? 200 : 201, headers: { "content-type": JSON_TYPE }, body: `[${rows.join(",")}]` };
}

/** The one row that was left as it is. */
async function asItStands(
  row: NewRow,
  { columns }: Conflict,
  entry: TableLookup,
  context: RequestContext,
): Promise<ApiResponse> {
  const [body] = await readByKeys(columns, [keyOf(row, columns) as readonly Value[]], entry, context);
  if (body === undefined) throw refusalProblem({ code: "conflict" });
  return { status: 200, headers: { "content-type": JSON_TYPE, etag: etagOf(body) }, body };
}
