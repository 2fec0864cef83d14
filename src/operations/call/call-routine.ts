// GET and POST of a function or procedure: which is meant, the row that it belongs to, and the form of its answer.
import type { ApiResponse } from "../../http/message.js";
import { formOf } from "../../http/negotiate.js";
import { problem } from "../../http/problem.js";
import { chooseCallable, planArguments } from "../../plan/call.js";
import type { CalledArgument } from "../../plan/plan.js";
import { Values } from "../../plan/values.js";
import type { Callable } from "../../routes/tree.js";
import type { RequestContext } from "../../run/context.js";
import { withCallHooks } from "../../run/run-hooks.js";
import { transaction } from "../../run/transaction.js";
import { resultId } from "../../schema/lookup.js";
import type { Routine } from "../../schema/routine.js";
import type { ReadApart } from "../read/list.js";
import { answerOf } from "./answer-of.js";
import { requireNoMisspelt } from "./misspelt-argument.js";
import { ownRow } from "./own-row.js";
import { defaultValue } from "./raw-rows.js";
import type { RoutineCall } from "./ready-call.js";
import { runWritten } from "./run-written.js";
import { type SaidCall, saidInBody, saidInQuery } from "./said.js";

export async function callRoutine(call: RoutineCall, context: RequestContext): Promise<ApiResponse> {
  const { request, route } = call;
  const granted = context.access?.role.routines;
  const callables =
    granted === undefined ? route.routines : route.routines.filter(({ routine }) => granted.has(routine.id));
  const isRead = route.method === "GET";
  const said = isRead ? saidInQuery(request, callables) : await saidInBody(request, callables);
  if (isRead) requireNoMisspelt(said, callables, context);
  const callable = chooseCallable(callables, Object.keys(said.given));
  const { routine } = callable;
  requireOwnCommits(routine, context);
  requireList(call, routine);
  const [step] = route.steps;
  const { readOnlyTransactions, executeReading, callsApart } = context.snapshot.dialect;
  const isFree = isRead && isItsOwn(context, routine);
  const alone =
    isFree && executeReading !== undefined && step === undefined && isOneStatement(routine) && !callsApart?.(routine);
  const asked: Asked = { call, callable, said, alone, ...(isFree && { apart: apartFrom(context, alone) }) };
  const hooked = { ...(step && { table: step.table }), routine: routine.name, key: resultId(routine) };
  const make = (inner: RequestContext) => {
    if (routine.sets) inner.session.spend?.();
    return withCallHooks(call, hooked, said.given, inner, (given, innermost) =>
      perform(given === said.given ? asked : changed(asked, callables, given), innermost),
    );
  };
  if (isRead && readOnlyTransactions && !alone) return transaction(context, make, true, true);
  const hasOwn = (step !== undefined || routine.sets) && !routine.commits;
  const isWhole = routine.runs || callsApart?.(routine) || hasOwn;
  return isWhole ? transaction(context, make, isRead) : make(context);
}

interface Asked {
  readonly call: RoutineCall;
  readonly callable: Callable;
  readonly said: SaidCall;
  /** Each statement that calls is a transaction of its own, which only reads. */
  readonly alone: boolean;
  readonly apart?: ReadApart;
}

/** Not within a transaction that is not ours to leave, nor where a hook sees the answer whole. */
const isItsOwn = ({ session, snapshot, sessionVariables }: RequestContext, routine: Routine): boolean =>
  !session.isTransaction && sessionVariables === undefined && !snapshot.hooks.has(resultId(routine));

/** Nothing is to be done on its connection before the call or behind it. */
const isOneStatement = ({ returns, runs, sets }: Routine): boolean => returns.type !== "results" && !runs && !sets;

const apartFrom =
  (context: RequestContext, alone: boolean): ReadApart =>
  (work) =>
    context.snapshot.dialect.readOnlyTransactions && !alone ? transaction(context, work, true, true) : work(context);

/** Hooks have said what is given. */
const changed = (asked: Asked, callables: readonly Callable[], given: SaidCall["given"]): Asked => ({
  ...asked,
  callable: chooseCallable(callables, Object.keys(given)),
  said: { ...asked.said, given },
});

async function perform({ call, callable, said, alone, apart }: Asked, context: RequestContext): Promise<ApiResponse> {
  const { routine, fills } = callable;
  const values = new Values();
  const own = call.route.steps.length === 0 ? undefined : await ownRow(call, routine, values, context);
  const filled: CalledArgument | undefined = own && filledBy(callable, own);
  const given = { ...defaultsOf(routine, fills), ...said.given };
  const called = planArguments(callable, given, said.as, filled, values);
  const from = alone ? { ...called, alone } : called;
  if (routine.runs) return runWritten(call, { routine, from, values: values.all, query: said.query }, context);
  const ready = { routine, from, values: values.all, query: said.query, ...(apart && { apart }) };
  return answerOf(call, ready, context);
}

type OwnRow = Awaited<ReturnType<typeof ownRow>>;

function filledBy({ routine, fills = 0 }: Callable, { table, where, key }: OwnRow): CalledArgument {
  return routine.arguments[fills]?.row === undefined ? { value: key } : { row: table, where };
}

/** The database knows its own. */
function defaultsOf({ arguments: all, sql, runs }: Routine, fills: number | undefined): Record<string, unknown> {
  if (sql === undefined && !runs) return {};
  return Object.fromEntries(
    all.flatMap(({ name, default: text }, i) =>
      text === undefined || name === undefined || i === fills ? [] : [[name, defaultValue(text)]],
    ),
  );
}

/** Before anything is done. */
function requireList({ request }: RoutineCall, { returns }: Routine): void {
  const form = formOf(request);
  if (form === "json" || returns.type === "nothing" || ("many" in returns && returns.many)) return;
  throw problem("not_acceptable", `Only lists of rows can be ${form.toUpperCase()}.`);
}

/** One that ends transactions by itself is called alone. */
function requireOwnCommits(routine: Routine, { session, revocable, snapshot }: RequestContext): void {
  const { commits, name } = routine;
  const isWithin = session.isTransaction && !snapshot.dialect.callsApart?.(routine);
  if (commits === undefined || (!isWithin && revocable === undefined)) return;
  const why =
    commits === true
      ? `${name} commits by itself`
      : `${name} may commit by itself: its text cannot be seen, or it makes statements while it runs`;
  throw problem(
    "not_transactional",
    `${why}. It is called alone, in no batch, without an Idempotency-Key, and cannot be tried with Prefer: tx=rollback.`,
  );
}
