// A call's answer in the form of what it returns: nothing, a value, an object, or a list with all that lists take.
import type { ApiResponse } from "../../http/message.js";
import { entryListed } from "../../plan/call.js";
import type { Planned, ReadPlan } from "../../plan/plan.js";
import { Values } from "../../plan/values.js";
import type { Route } from "../../routes/tree.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { foundTexts } from "../../run/found-rows.js";
import { inSteps } from "../../run/operation-steps.js";
import { withReadHooks } from "../../run/run-hooks.js";
import { tableOf } from "../../schema/lookup.js";
import { inForm } from "../read/form.js";
import { listFrom } from "../read/list.js";
import { JSON_TYPE, refuseQuery, rowQuery } from "../read/row.js";
import { answerResults } from "./answer-results.js";
import { rowsAsJson } from "./raw-rows.js";
import type { ReadyCall, RoutineCall } from "./ready-call.js";
import { standingAfter } from "./standing.js";

export function answerOf(call: RoutineCall, ready: ReadyCall, context: RequestContext): Promise<ApiResponse> {
  const { returns, kind, sql, reads } = ready.routine;
  // What may write is no part of a SELECT, but for the database's own functions.
  const isAlone = kind === "procedure" || (sql !== undefined && !reads);
  if (returns.type === "results") return answerResults(ready, context);
  if (isAlone || returns.type === "nothing") return answerAlone(ready, context);
  if (returns.many) return answerRows(call, ready, context);
  return returns.type === "value" ? answerValue(ready, context) : answerRow(ready, context);
}

const answered = (body: string): ApiResponse => ({ status: 200, headers: { "content-type": JSON_TYPE }, body });

async function answerAlone({ routine, from, values, query }: ReadyCall, context: RequestContext): Promise<ApiResponse> {
  refuseQuery(query);
  const call = () => run({ plan: { kind: "call", table: from.routine, from }, values }, context);
  const result = await standingAfter(routine, call);
  const { returns } = routine;
  if (returns.type === "nothing") return { status: 204, headers: {} };
  const columns = tableOf(context.snapshot.lookup, from.routine).table.columns;
  const found = rowsAsJson(result.rows, columns, context.snapshot.dialect);
  if (returns.type === "value") return answered(found[0] === undefined ? "null" : valueIn(found[0]));
  const many = returns.type === "columns" && returns.many;
  return answered(many ? `[${found.join(",")}]` : (found[0] ?? "null"));
}

async function answerValue({ from, values, query }: ReadyCall, context: RequestContext): Promise<ApiResponse> {
  refuseQuery(query);
  const plan = { kind: "read", table: from.routine, from, where: [] } as const;
  const [row] = await foundTexts({ plan, values }, context);
  return answered(row === undefined ? "null" : valueIn(row));
}

/** `{"value":1}` → 1 */
const valueIn = (row: string): string => row.slice(row.indexOf(":") + 1, -1).trim();

/** One row: it takes `select`. None is null. */
async function answerRow(ready: ReadyCall, context: RequestContext): Promise<ApiResponse> {
  const table = tableIn(ready);
  const values = new Values(ready.values);
  const { select, where } = rowQuery(
    ready.query,
    entryListed(context.snapshot.lookup, table, ready.from),
    values,
    context,
  );
  const plan: ReadPlan = { kind: "read", table, from: ready.from, ...select, where };
  const planned: Planned<ReadPlan> = { plan, values: values.all };
  const [row] = await foundTexts(planned, context);
  return answered(row ?? "null");
}

const tableIn = ({ routine: { returns }, from }: ReadyCall): string =>
  returns.type === "rows" ? returns.table : from.routine;

async function answerRows(call: RoutineCall, ready: ReadyCall, context: RequestContext): Promise<ApiResponse> {
  const { from, values, query, routine, apart } = ready;
  const table = tableIn(ready);
  const { id, pattern } = call.route;
  const route: Route = { id, method: "GET", pattern, operation: "list", relation: "root", table, steps: [{ table }] };
  const inner: Call = { ...call, route };
  const isPlain = routine.returns.type === "value" && !/(^|&)select=/.test(query);
  const perform = inSteps(
    listFrom({ from, values, query, shown: isPlain ? valueIn : (row) => row, ...(apart && { apart }) }),
  );
  const listed = await (routine.returns.type === "rows"
    ? withReadHooks(inner, context, () => perform(inner, context))
    : perform(inner, context));
  return inForm(inner, listed, context);
}
