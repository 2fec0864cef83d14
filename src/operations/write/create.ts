// POST on a collection: a new row, or an array of them. One statement where one does all; otherwise one transaction.

import { refusalProblem } from "../../database/refusals.js";
import { etagOf } from "../../http/conditional.js";
import type { ApiResponse } from "../../http/message.js";
import { HttpError } from "../../http/problem.js";
import { keyOf, planConflict } from "../../plan/conflict.js";
import { planPath } from "../../plan/path.js";
import type { Conflict, Value } from "../../plan/plan.js";
import { Values } from "../../plan/values.js";
import { type NewRow, planRow, planRows } from "../../plan/write.js";
import { type Body, readObjects } from "../../request/body.js";
import { parseOnConflict } from "../../request/conflict.js";
import { readByKeys } from "../../run/by-key.js";
import type { Call } from "../../run/call.js";
import type { World } from "../../run/context.js";
import { requireWhole } from "../../run/revocable.js";
import { locationOf } from "../../run/row-address.js";
import { withSaveHooksEach } from "../../run/run-hooks.js";
import { allowedBodies, requireRight } from "../../run/write-rules.js";
import { type TableLookup, tableOf } from "../../schema/lookup.js";
import { JSON_TYPE, requireParent } from "../read/row.js";
import { namingRows } from "./failing-rows.js";
import { insertRows } from "./insert-rows.js";
import { explained, fieldsOf, keysInPath, keysOfParent } from "./parent.js";
import { upsertRows } from "./upsert.js";

export async function create(call: Call, world: World): Promise<ApiResponse> {
  const { request, route, params } = call;
  const entry = tableOf(world.lookup, route.table);
  const asked = parseOnConflict(request.query);
  const conflict = asked && planConflict(asked, entry);
  if (conflict?.action === "merge") requireRight(world, "update", entry);
  const { bodies: said, many } = await readObjects(request, world.limits.maxRows);
  const bodies = allowedBodies(said, entry, world);
  requireWhole(bodies.length, entry);
  const values = new Values();
  const path = planPath(route, params, world.lookup, values);
  if (bodies.length === 0) {
    await requireParent(route, path, values.all, world);
    return allOf([], conflict);
  }
  const inPath = keysInPath(route, path, world);
  const oneStatement = !many && conflict?.action !== "ignore" && world.database.dialect.returning.insert;
  const alone = oneStatement && inPath !== undefined;
  let fixed = inPath;
  let rows: readonly NewRow[] = [];
  let written: readonly (string | undefined)[] = [];
  const write = async (bodies: readonly Body[], world: World) => {
    fixed ??= await keysOfParent(route, path, values, world);
    rows = many ? planRows(bodies, entry, fixed, values) : [planRow(bodies[0] as Body, entry, fixed, values)];
    written = await (conflict === undefined
      ? insertRows(rows, entry, world)
      : upsertRows(rows, conflict, entry, world));
    return written;
  };
  const pathFields = async (world: World) => {
    fixed ??= await keysOfParent(route, path, values, world);
    return fieldsOf(fixed, entry, values.all);
  };
  const refused = async (error: unknown): Promise<never> => {
    // In a larger transaction, which the refusal may have ended, nothing more is asked.
    if (!(error instanceof HttpError) || world.database.isTransaction) throw error;
    const known = await explained(error, route, path, values.all, world);
    throw many ? await namingRows(known, rows, conflict, entry, world) : known;
  };
  const calls = bodies.map(() => call);
  const answers = await withSaveHooksEach(calls, world, bodies, { table: route.table, alone, write, pathFields }).catch(
    refused,
  );
  if (many) return allOf(answers, conflict);
  if (written[0] === undefined) return asItStands(rows[0] as NewRow, conflict as Conflict, entry, world);
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
async function asItStands(row: NewRow, { columns }: Conflict, entry: TableLookup, world: World): Promise<ApiResponse> {
  const [body] = await readByKeys(columns, [keyOf(row, columns) as readonly Value[]], entry, world);
  if (body === undefined) throw refusalProblem({ code: "conflict" });
  return { status: 200, headers: { "content-type": JSON_TYPE, etag: etagOf(body) }, body };
}
