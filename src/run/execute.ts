// Plans → statements that are run: the fast one, and its fallback where that could not show a value or fell short.
import { turnOver } from "../base/turn.js";
import { refusalProblem } from "../database/refusals.js";
import { type DatabaseRefusal, type DatabaseResult, isTooLarge } from "../dialect/connection.js";
import { HttpError, problem } from "../http/problem.js";
import { isWriting, type Plan, type Planned } from "../plan/plan.js";
import type { Value } from "../plan/terms.js";
import { tableOf } from "../schema/lookup.js";
import { bindings, type CompiledStatement } from "../sql/compile.js";
import type { AnswerSize } from "./answer-size.js";
import { callRefused } from "./call-refusal.js";
import type { RequestContext } from "./context.js";
import { requireReferences } from "./references.js";
import { isWrite, requireRevocable } from "./revocable.js";
import { fromDatabase } from "./stale.js";
import { stamped } from "./stamps.js";

/** compile → run: one plan, in its context's session. What the database refuses is thrown as a problem. */
export async function run(asked: Planned, context: RequestContext): Promise<DatabaseResult> {
  const planned = stamped(asked, context);
  await requireReferences(planned, context, run);
  return (await executePlan(context.snapshot.compile(planned.plan), planned, context)).result;
}

/** What a statement answered, and whether it was this one or its careful form. */
export interface Executed {
  readonly statement: CompiledStatement;
  readonly result: DatabaseResult;
}

/** A list that was too long once may be one of few: for so many requests its statement is not tried again. */
const CAREFUL = 15;

/** `size`: no more than it has room for is read. */
export async function executePlan(
  first: CompiledStatement,
  planned: Planned,
  context: RequestContext,
  size?: AnswerSize,
): Promise<Executed> {
  if (isWrite(planned.plan)) requireRevocable(planned.plan, context);
  const { dialect } = context.snapshot;
  context.touched?.note(planned.plan, first);
  const statement = calledOnce(planned, context) ?? carefulOf(first) ?? first;
  // One statement behind the other, of a database in this process, would be one long piece of work.
  if (context.session.isTransaction) await turnOver();
  try {
    const result = await ask(statement, planned, context, size);
    if (isWrite(planned.plan) && context.session.isTransaction) await fireDeferred(planned.plan, context);
    const cut = statement.needsCheck && result.rows.some((row) => row.some((json) => dialect.isTruncated?.(json)));
    if (!cut) return { statement, result };
  } catch (error) {
    if (statement !== first || isWriting(planned.plan) || !dialect.isTooLong?.(error))
      throw problemOf(error, planned, context, statement, size);
  }
  const careful = first.fallback?.statement ?? context.snapshot.compile(planned.plan, dialect.fallback);
  first.fallback = { statement: careful, left: CAREFUL };
  try {
    return { statement: careful, result: await ask(careful, planned, context, size) };
  } catch (error) {
    throw problemOf(error, planned, context, careful, size);
  }
}

/** What calls what may write is never run again: with related rows it is the careful statement from the beginning. */
function calledOnce(
  { plan }: Planned,
  { snapshot: { compile, dialect } }: RequestContext,
): CompiledStatement | undefined {
  if ((plan.kind !== "list" && plan.kind !== "read") || plan.from?.writes !== true) return undefined;
  if (plan.select?.some(({ type }) => type === "embed") !== true) return undefined;
  return compile(plan, dialect.fallback ?? dialect);
}

function ask(statement: CompiledStatement, { plan, values }: Planned, context: RequestContext, size?: AnswerSize) {
  const { text, row, joined } = statement;
  const { session, snapshot, access } = context;
  const bound = bindings(statement, values as Value[], snapshot.dialect, access?.values);
  // The texts of all rows in one are bounded by their statement (`Dialect.selectJoined`).
  const most = joined && row === undefined ? undefined : size?.room;
  if (setsConnection(plan, context))
    return session.transaction((own) => {
      own.spend?.();
      return own.run(text, bound, plan, row, most);
    });
  return mayBeLong(plan) && !isWriting(plan)
    ? session.read(text, bound, plan, row, most)
    : session.run(text, bound, plan, row, most);
}

/** Do the table's triggers set something of the connection? Nobody else is to meet it. */
const setsConnection = (plan: Plan, { snapshot }: RequestContext): boolean =>
  isWrite(plan) && tableOf(snapshot.lookup, plan.table).table.effects?.sets === true;

/** What waits for the transaction's end may change the row once more, which is read before. */
async function fireDeferred({ table }: Plan, { snapshot, session }: RequestContext): Promise<void> {
  const { deferred } = tableOf(snapshot.lookup, table).table.effects ?? {};
  if (deferred === undefined) return;
  for (const statement of snapshot.dialect.fireDeferred?.(deferred) ?? []) await session.run(statement, []);
}

/** What the database refused of a plan's statement, in the API's words. */
export function problemOf(
  error: unknown,
  planned: Planned,
  context: RequestContext,
  { order }: CompiledStatement,
  size?: AnswerSize,
): unknown {
  const { plan } = planned;
  if (size !== undefined && isTooLarge(error)) return size.tooLong();
  // It was broken off.
  if (error instanceof HttpError) return error;
  const found = context.snapshot.dialect.refusal(error);
  if (found === undefined) return fromDatabase(error);
  const does = plan.kind === "delete" ? "delete" : isWrite(plan) ? "write" : "read";
  const refusal = ofClient(found, planned, does);
  const { lookup, raisedMessages } = context.snapshot;
  const called = callRefused(refusal, { plan, order, cause: error }, lookup);
  if (called !== undefined) return called;
  if (refusal.code === "invalid_value" && does === "read")
    return asking.has(plan.kind)
      ? problem("invalid_filter", "A filter's value does not fit its column.", { cause: error })
      : problem("not_found", "No row has such a key.", { cause: error });
  const entry = tableOf(lookup, plan.table);
  const told = refusalProblem(refusal, { entry, does, hidesWords: !raisedMessages, cause: error });
  return told.code === "unique_violation" && entry.deleted !== undefined
    ? told.said(`${told.message} It may be a deleted row, which could be restored.`, {})
    : told;
}

/** What no value of the client's can have caused is the database's own: a view's, a function's or a trigger's, or what a row holds. */
function ofClient(
  refusal: DatabaseRefusal,
  { plan, values }: Planned,
  does: "read" | "write" | "delete",
): DatabaseRefusal {
  const isCall = "from" in plan && plan.from !== undefined;
  switch (refusal.code) {
    case "several_rows":
      return "conflict" in plan && plan.conflict !== undefined ? { code: "unique_violation" } : refusal;
    case "invalid_pattern":
      return values.some(({ regular }) => regular) ? refusal : { code: "database_error" };
    case "unique_violation":
    case "foreign_key_violation":
    case "not_null_violation":
    case "check_violation":
      if (isCall && refusal.domain !== undefined) return { code: "invalid_value", domain: refusal.domain };
      return does === "read" && !isWriting(plan) ? { code: "database_error" } : refusal;
    case "invalid_value": {
      const { computed } = refusal;
      // What a routine makes, it makes of the client's arguments.
      const isOwn = !isCall && (computed === "always" || (computed === "unless written" && does !== "write"));
      return isOwn || values.length === 0 ? { code: "database_error" } : refusal;
    }
    default:
      return refusal;
  }
}

function carefulOf({ fallback: careful }: CompiledStatement): CompiledStatement | undefined {
  if (careful === undefined || careful.left === 0) return undefined;
  careful.left--;
  return careful.statement;
}

/** A row by its key is there at once, but for what is embedded in it; so are those that a path leads through. */
const mayBeLong = (plan: Plan): boolean =>
  plan.kind === "list" ||
  plan.kind === "count" ||
  plan.kind === "level" ||
  (plan.kind === "read" && plan.select !== undefined && !plan.lock);

const asking: ReadonlySet<string> = new Set(["list", "count", "estimate", "level"]);
