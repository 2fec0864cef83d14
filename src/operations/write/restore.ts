// POST …/restore: a row that is marked as deleted is there again. One that is there already is answered as it is.
import { etagOf, isConditional, requireConditions } from "../../http/conditional.js";
import { problem } from "../../http/problem.js";
import { pathConditions, planPath } from "../../plan/path.js";
import type { Planned, ReadPlan } from "../../plan/plan.js";
import { Values } from "../../plan/values.js";
import { planUpdate } from "../../plan/write.js";
import type { UpdatePlan } from "../../plan/write-plan.js";
import { type Body, readObject } from "../../request/body.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { foundTexts } from "../../run/found-rows.js";
import type { OperationSteps } from "../../run/operation-steps.js";
import { withSaveHooksEach } from "../../run/run-hooks.js";
import { notDeleted } from "../../run/stamps.js";
import { allowedBodies } from "../../run/write-rules.js";
import { isUncertain } from "../../schema/effects.js";
import { type TableLookup, tableOf } from "../../schema/lookup.js";
import { JSON_TYPE, notThere, refuseQuery } from "../read/row.js";
import { find, settled, updated } from "./change-row.js";

interface AskedRestoring {
  readonly call: Call;
  readonly entry: TableLookup;
}

interface Restored {
  readonly shown: string;
  readonly stored: string;
}

export const restore: OperationSteps<AskedRestoring, Restored> = {
  async prepare(call, context) {
    refuseQuery(call.request.query);
    const said = await readObject(call.request);
    if (Object.keys(said).length > 0)
      throw problem("invalid_body", "restore takes no body: change the row when it is there again.");
    return { call, entry: tableOf(context.snapshot.lookup, call.route.table) };
  },
  async run({ call, entry }, context) {
    let stored = "";
    const write = async ([body = {}]: readonly Body[], inner: RequestContext) => {
      const { row, again } = await restored(body, call, entry, inner);
      stored = row;
      // Of one that was there already nobody is told.
      return [again ? row : undefined];
    };
    const [body = {}] = allowedBodies([{}], entry, context);
    const [shown] = await withSaveHooksEach([call], context, [body], { table: call.route.table, alone: false, write });
    return { shown: shown ?? stored, stored };
  },
  respond: (_, { shown, stored }) => ({
    ...{ status: 200, body: shown },
    headers: { "content-type": JSON_TYPE, etag: etagOf(stored) },
  }),
};

/** `body` is what hooks and the caller's role add to it. */
async function restored(
  body: Body,
  { request, route, params }: Call,
  entry: TableLookup,
  context: RequestContext,
): Promise<{ readonly row: string; readonly again: boolean }> {
  const { deleted } = entry;
  if (deleted === undefined) throw new Error(`no row of ${entry.table.id} is marked as deleted`);
  const values = new Values();
  const path = planPath(route, params, context.snapshot, values);
  const place = { table: route.table, where: pathConditions(route, path, context.snapshot.lookup) };
  const read: ReadPlan = { kind: "read", ...place, deleted: "only", lock: true, changing: true };
  const [before] = await foundTexts({ plan: read, values: values.all }, context);
  const standing = before ?? (await find({ plan: { kind: "update", ...place, set: [] }, values: values.all }, context));
  if (standing === undefined) throw await notThere(route, path, values.all, context);
  if (isConditional(request)) requireConditions(request, standing);
  if (before === undefined) return { row: standing, again: false };
  const set = planUpdate(body, entry, new Map(), values);
  const undone = { column: deleted.name, value: values.add(notDeleted(deleted)) };
  const plan: UpdatePlan = { kind: "update", ...place, deleted: "only", set: [...set, undone] };
  const planned: Planned<UpdatePlan> = { plan, values: values.all };
  const row = await (isUncertain(entry.table, "update")
    ? settled(before, planned, entry, context)
    : updated(planned, new Map(), entry, context));
  if (row === undefined) throw await notThere(route, path, values.all, context);
  return { row, again: true };
}
