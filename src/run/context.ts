// What every request needs and none changes: the schema and what is made from it, the database, the limits.

import type { Right, Role } from "../access/roles.js";
import type { Telling } from "../access/session-variables.js";
import type { Shown } from "../access/shown.js";
import type { Logger } from "../base/logger.js";
import type { Database, Session, Transaction } from "../database/database.js";
import { refusalProblem } from "../database/refusals.js";
import type { DatabaseResult } from "../dialect/connection.js";
import { RECORD } from "../dialect/row-form.js";
import type { Caller } from "../http/caller.js";
import type { Ending } from "../http/deadline.js";
import type { Limits } from "../http/limits.js";
import { HttpError, problem } from "../http/problem.js";
import type { Names } from "../plan/filter.js";
import type { ListPlan, Plan, Planned, Value } from "../plan/plan.js";
import type { AnyRoute, RouteTree } from "../routes/tree.js";
import { tableOf } from "../schema/lookup.js";
import type { Schema } from "../schema/schema.js";
import { bindings, type Statement } from "../sql/compile.js";
import { type AskLevel, fillGaps } from "./embed-levels.js";
import type { TableHooks } from "./hooks.js";
import { isWrite, requireRevocable } from "./revocable.js";
import { fromDatabase } from "./stale.js";
import type { Compiler } from "./statements.js";

export interface World extends Names {
  readonly schema: Schema;
  readonly tree: RouteTree;
  readonly database: Database;
  /** When the request must end; left out where there is none. */
  readonly ending?: Ending;
  readonly limits: Limits;
  /** May text be a formula in CSV? */
  readonly csvFormulas: boolean;
  readonly compile: Compiler;
  /** The tables that have hooks; most have none, and pay nothing. */
  readonly hooks: ReadonlyMap<string, TableHooks>;
  readonly logger: Logger;
  /** Left out where there are none. */
  readonly roles?: ReadonlyMap<string, Role>;
  /** The world as it is for a caller; left out where there are no roles. */
  readonly admit?: Admit;
  /** What is written may have to be taken back again: it is only tried, or is one of several writes that are kept together. */
  readonly revocable?: "rehearsal" | "several";
  /** Set in the world of a caller. */
  readonly admission?: Admission;
  /** What the request's one transaction is told; left out where requests need none, and inside of it. */
  readonly telling?: Telling;
}

/** What a world knows of whoever asks, where there are roles. */
export interface Admission {
  readonly role: Role;
  /** Nobody signed in. */
  readonly isAnonymous: boolean;
  /** The values of its rules' claims, by their positions below 0. */
  readonly own: readonly Value[];
  /** What its writes of a table set, by field. Throws 403 where a claim is missing. */
  settings(table: string): Readonly<Record<string, unknown>>;
  may(right: Right, table: string): boolean;
  uses(route: AnyRoute): boolean;
  /** What documents and pages show of the API. */
  shown(): Shown;
  /** Statements on all rows, for what a write has to know of rows that are not there for whoever writes. */
  readonly compileFree: Compiler;
}

/** The world as it is for a caller; the same for those of one role of whom the rules' claims say the same. */
export type Admit = (caller?: Caller) => World;

/** The world in which a caller writes, for what a write must know of rows that are not there for them. */
export const withoutRules = (world: World): World =>
  world.admission === undefined ? world : { ...world, compile: world.admission.compileFree };

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
    const cut = statement.doubtful && result.rows.some((row) => row.some((json) => dialect.isCut?.(json)));
    if (!cut) return { statement, result };
  } catch (error) {
    if (statement !== first || !dialect.isMisshown?.(error)) throw asProblem(error, planned.plan, world);
    times = Number.POSITIVE_INFINITY;
  }
  const careful = first.careful?.statement ?? world.compile(planned.plan, dialect.careful);
  first.careful = { statement: careful, left: times };
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

function carefulOf({ careful }: Statement): Statement | undefined {
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
  readonly places?: readonly string[];
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
  const places = (rows: DatabaseResult["rows"]) => (planned.plan.places ? { places: column(rows, -1, statement) } : {});
  if (statement.joined) {
    const items = column(result.rows, 0, statement);
    const more = items.length > most;
    if (more) items.length = most;
    return { items, ...places(result.rows), more };
  }
  const more = result.rows.length > most;
  const rows = more ? result.rows.slice(0, most) : result.rows;
  return { items: await texts(rows, statement, planned, world), ...places(rows), more };
}

/** The texts that stand at one place in all rows. */
function column(rows: DatabaseResult["rows"], at: 0 | -1, { joined }: Statement): string[] {
  if (!joined) return rows.map((row) => row.at(at) as string);
  const text = rows[0]?.at(at) as string | null | undefined;
  return text === null || text === undefined ? [] : text.split(RECORD);
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
  return fillGaps(rows, statement.shape, planned.values, world.lookup, ask);
}

/** The world inside a transaction: everything runs on its session, and a transaction in it is the same one. */
export const within = (world: World, session: Transaction): World => ({
  ...world,
  telling: undefined,
  database: { ...world.database, ...session, transaction: (work) => work(session) },
});

/** One transaction; a refusal at its begin or commit is a problem too. */
export async function transaction<T>(
  world: World,
  work: (session: Transaction) => Promise<T>,
  reads = false,
): Promise<T> {
  const { telling } = world;
  const forHooks = world.hooks.size > 0;
  try {
    if (telling === undefined) return await world.database.transaction(work, { forHooks });
    const readOnly = reads && telling.readOnly;
    return await world.database.transaction((session) => told(telling, session, work), { forHooks, readOnly });
  } catch (error) {
    if (error instanceof HttpError) throw error;
    const refusal = world.database.dialect.refusal(error);
    throw refusal === undefined ? error : refusalProblem(refusal);
  }
}

/** What a transaction is told stands until its end, also where that is an error. */
async function told<T>(
  { told }: Telling,
  session: Transaction,
  work: (session: Transaction) => Promise<T>,
): Promise<T> {
  if (told === undefined) return work(session);
  const { begin, end } = told;
  await session.run(begin.text, begin.values);
  try {
    return await work(session);
  } finally {
    if (end !== undefined) await session.run(end.text, end.values);
  }
}

/** Where the database is told who asks, all of a request's work in one transaction. */
export const inOne = <T>(world: World, work: (inner: World) => Promise<T>, reads = false): Promise<T> =>
  world.telling === undefined ? work(world) : transaction(world, (session) => work(within(world, session)), reads);

/** One transaction of which nothing is kept: its result is what it would have been. */
export async function rehearse<T>(world: World, work: (inner: World) => Promise<T>): Promise<T> {
  const { checkDeferred } = world.database.dialect;
  try {
    return await transaction(world, async (session) => {
      const result = await work({ ...within(world, session), revocable: "rehearsal" });
      if (checkDeferred !== undefined) await session.run(checkDeferred, []);
      throw new Rehearsed(result);
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.result as T;
    throw error;
  }
}

/** Takes the result out of a transaction that is rolled back. */
class Rehearsed extends Error {
  constructor(readonly result: unknown) {
    super("a rehearsal is rolled back");
  }
}
