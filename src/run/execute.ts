// Plans → statements that are run: the fast one, and its fallback where that could not show a value or fell short.
import { refusalProblem } from "../database/refusals.js";
import { type DatabaseResult, isTooLarge } from "../dialect/connection.js";
import { HttpError, problem } from "../http/problem.js";
import type { Plan, Planned, Value } from "../plan/plan.js";
import { tableOf } from "../schema/lookup.js";
import { bindings, type Statement } from "../sql/compile.js";
import type { AnswerSize } from "./answer-size.js";
import type { World } from "./context.js";
import { isWrite, requireRevocable } from "./revocable.js";
import { fromDatabase } from "./stale.js";

/** compile → run: one plan where its world runs. What the database refuses is thrown as a problem. */
export const run = async (planned: Planned, world: World): Promise<DatabaseResult> =>
  (await execute(world.compile(planned.plan), planned, world)).result;

/** What a statement answered, and whether it was this one or its careful form. */
export interface Executed {
  readonly statement: Statement;
  readonly result: DatabaseResult;
}

/** A list that was too long once may be one of few: for so many requests its statement is not tried again. */
const CAREFUL = 15;

/** `size`: no more than it has room for is read. */
export async function execute(first: Statement, planned: Planned, world: World, size?: AnswerSize): Promise<Executed> {
  if (isWrite(planned.plan)) requireRevocable(planned.plan, world);
  const { dialect } = world.database;
  const statement = carefulOf(first) ?? first;
  let times = CAREFUL;
  try {
    const result = await ask(statement, planned, world, size);
    const cut = statement.needsCheck && result.rows.some((row) => row.some((json) => dialect.isTruncated?.(json)));
    if (!cut) return { statement, result };
  } catch (error) {
    const unrenderable = dialect.isUnrenderable?.(error);
    if (statement !== first || !(unrenderable || dialect.isTooLong?.(error)))
      throw asProblem(error, planned.plan, world, size);
    if (unrenderable) times = Number.POSITIVE_INFINITY;
  }
  const careful = first.fallback?.statement ?? world.compile(planned.plan, dialect.fallback);
  first.fallback = { statement: careful, left: times };
  try {
    return { statement: careful, result: await ask(careful, planned, world, size) };
  } catch (error) {
    throw asProblem(error, planned.plan, world, size);
  }
}

function ask(statement: Statement, { plan, values }: Planned, world: World, size?: AnswerSize) {
  const { text, row } = statement;
  const { database } = world;
  const bound = bindings(statement, values as Value[], database.dialect, world.admission?.own);
  return mayBeLong(plan)
    ? database.read(text, bound, plan, row, size?.room)
    : database.run(text, bound, plan, row, size?.room);
}

function asProblem(error: unknown, plan: Plan, world: World, size?: AnswerSize): unknown {
  if (size !== undefined && isTooLarge(error)) return size.tooLong();
  // It was broken off.
  if (error instanceof HttpError) return error;
  const refusal = world.database.dialect.refusal(error);
  if (refusal === undefined) return fromDatabase(error);
  if (refusal.code === "invalid_value" && asking.has(plan.kind))
    return problem("invalid_filter", "A filter's value does not fit its column.");
  return refusalProblem(refusal, tableOf(world.lookup, plan.table));
}

function carefulOf({ fallback: careful }: Statement): Statement | undefined {
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

const asking: ReadonlySet<string> = new Set(["list", "count", "estimate"]);
