import type { Session } from "../database/database.js";
import { refusalProblem } from "../database/refusals.js";
import type { DatabaseResult } from "../dialect/connection.js";
import { RECORD_SEPARATOR } from "../dialect/row-form.js";
import { HttpError, problem } from "../http/problem.js";
import type { ListPlan, Plan, Planned, Value } from "../plan/plan.js";
import { tableOf } from "../schema/lookup.js";
import { bindings, type Statement } from "../sql/compile.js";
import type { World } from "./context.js";
import { type AskLevel, fillEmbeds } from "./embed-levels.js";
import { isWrite, requireRevocable } from "./revocable.js";
import { fromDatabase } from "./stale.js";

/** compile → run: one plan on one session. What the database refuses is thrown as a problem. */
export const run = async (planned: Planned, world: World, session?: Session): Promise<DatabaseResult> =>
  (await execute(world.compile(planned.plan), planned, world, session)).result;

/** What a statement answered, and whether it was this one or its careful form. */
interface Executed {
  readonly statement: Statement;
  readonly result: DatabaseResult;
}

/** A list that was too long once may be one of few: for so many requests its statement is not tried again. */
const CAREFUL = 15;

async function execute(first: Statement, planned: Planned, world: World, session?: Session): Promise<Executed> {
  if (isWrite(planned.plan)) requireRevocable(planned.plan, world);
  const { dialect } = world.database;
  const statement = carefulOf(first) ?? first;
  let times = CAREFUL;
  try {
    const result = await ask(statement, planned, world, session);
    const cut = statement.needsCheck && result.rows.some((row) => row.some((json) => dialect.isTruncated?.(json)));
    if (!cut) return { statement, result };
  } catch (error) {
    if (statement !== first || !dialect.isUnrenderable?.(error)) throw asProblem(error, planned.plan, world);
    times = Number.POSITIVE_INFINITY;
  }
  const careful = first.fallback?.statement ?? world.compile(planned.plan, dialect.fallback);
  first.fallback = { statement: careful, left: times };
  try {
    return { statement: careful, result: await ask(careful, planned, world, session) };
  } catch (error) {
    throw asProblem(error, planned.plan, world);
  }
}

function ask(statement: Statement, { plan, values }: Planned, world: World, session: Session = world.database) {
  const { text, row } = statement;
  const bound = bindings(statement, values as Value[], world.database.dialect, world.admission?.own);
  return mayBeLong(plan) ? session.read(text, bound, plan, row) : session.run(text, bound, plan, row);
}

function asProblem(error: unknown, plan: Plan, world: World): unknown {
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

/** The same for plans whose answer is JSON texts, one a row. */
export async function rows(
  planned: Planned,
  world: World,
  session?: Session,
  statement = world.compile(planned.plan),
): Promise<string[]> {
  const executed = await execute(statement, planned, world, session);
  return texts(executed.result.rows, executed.statement, planned, world, session);
}

/** Some of a list's rows. */
export interface Found {
  readonly items: readonly string[];
  /** The rows' places in the order, where the plan asks for them. */
  readonly positions?: readonly string[];
  /** There was another one behind the last. */
  readonly more: boolean;
}

/** The same for a list, of which `most` rows are looked at. */
export async function listed(
  planned: Planned<ListPlan>,
  most: number,
  world: World,
  first = world.compile(planned.plan),
): Promise<Found> {
  const { statement, result } = await execute(first, planned, world);
  const positions = (rows: DatabaseResult["rows"]): Pick<Found, "positions"> =>
    planned.plan.positions ? { positions: column(rows, -1, statement) } : {};
  if (statement.joined) {
    const items = column(result.rows, 0, statement);
    const more = items.length > most;
    if (more) items.length = most;
    return { items, ...positions(result.rows), more };
  }
  const more = result.rows.length > most;
  const rows = more ? result.rows.slice(0, most) : result.rows;
  return { items: await texts(rows, statement, planned, world), ...positions(rows), more };
}

/** The texts that stand at one place in all rows. */
function column(rows: DatabaseResult["rows"], at: 0 | -1, { joined }: Statement): string[] {
  if (!joined) return rows.map((row) => row.at(at) as string);
  const text = rows[0]?.at(at) as string | null | undefined;
  return text === null || text === undefined ? [] : text.split(RECORD_SEPARATOR);
}

function texts(
  rows: DatabaseResult["rows"],
  statement: Statement,
  planned: Planned,
  world: World,
  session?: Session,
): string[] | Promise<string[]> {
  if (statement.shape === undefined) return column(rows, 0, statement);
  const ask: AskLevel = async (level) => {
    const statement = world.compile(level.plan);
    const { result } = await execute(statement, level, world, session);
    return { rows: result.rows, shape: statement.shape ?? [] };
  };
  return fillEmbeds(rows, statement.shape, planned.values, world.lookup, ask);
}
