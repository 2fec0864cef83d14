// A procedure's call → its answer: the first result, or the OUT arguments where none came, or nothing; or all of that together.
import type { ResultSet } from "../../dialect/connection.js";
import type { ApiResponse } from "../../http/message.js";
import type { CallPlan } from "../../plan/plan.js";
import { AnswerSize } from "../../run/answer-size.js";
import type { RequestContext } from "../../run/context.js";
import { executePlan, run } from "../../run/execute.js";
import { inputsOf, outputsOf, type Routine } from "../../schema/routine.js";
import { JSON_TYPE } from "../read/row.js";
import { bareRows } from "./raw-rows.js";
import type { ReadyCall } from "./ready-call.js";
import { asksForAll } from "./results-asked.js";
import { standingAfter } from "./standing.js";

/** JSON texts: a list for each result, and an object of the OUT arguments, where there are such. */
interface Results {
  readonly lists: readonly string[];
  readonly out: string | undefined;
  /** What it returned by a statement of its own, where the database has that. */
  readonly returned?: string;
}

/** All statements must be on one connection. */
export async function answerResults(ready: ReadyCall, context: RequestContext): Promise<ApiResponse> {
  const isAll = asksForAll(ready.query);
  const { lists, out, returned } = await standingAfter(ready.routine, () => results(ready, context));
  const last = returned === undefined ? "" : `,"return":${returned}`;
  if (isAll) return answered(`{"results":[${lists.join(",")}],"out":${out ?? "{}"}${last}}`);
  const body = lists[0] ?? out;
  return body === undefined ? { status: 204, headers: {} } : answered(body);
}

const answered = (body: string): ApiResponse => ({ status: 200, headers: { "content-type": JSON_TYPE }, body });

async function results({ routine, from, values }: ReadyCall, context: RequestContext): Promise<Results> {
  const { compile, limits, dialect } = context.snapshot;
  const plan: CallPlan = { kind: "call", table: from.routine, from };
  if (isGiven(routine) && dialect.outVariables) await run({ plan: { ...plan, variables: "set" }, values }, context);
  const size = context.size ?? new AnswerSize(limits, () => "Call it with arguments for which fewer rows come.");
  const { result } = await executePlan(compile(plan), { plan, values }, context, size);
  const sets = [...(result.sets ?? [])];
  const [outcome] = (dialect.outcomeLast && sets.pop()?.rows) || [];
  const lists = sets.map((set) => listOf(set, context, size));
  if (outcome !== undefined) {
    const [out, returned] = outcome;
    return { lists, out: out === null ? undefined : String(out), returned: String(returned) };
  }
  if (outputsOf(routine).length === 0) return { lists, out: undefined };
  const { rows } = await run({ plan: { ...plan, variables: "read" }, values: [] }, context);
  return { lists, out: String(rows[0]?.[0]) };
}

/** Does a caller say what goes through a variable? */
const isGiven = (routine: Routine): boolean => inputsOf(routine).some(({ mode }) => mode === "inout");

function listOf({ columns, rows }: ResultSet, { snapshot }: RequestContext, size: AnswerSize): string {
  const list = `[${bareRows(rows, columns, snapshot.dialect).join(",")}]`;
  size.add(rows.length, Buffer.byteLength(list));
  return list;
}
