// All of a request's work in one transaction, or in one of which nothing is kept.
import type { SessionVariables } from "../access/session-variables.js";
import { refusalProblem } from "../database/refusals.js";
import type { Transaction } from "../database/session.js";
import { HttpError } from "../http/problem.js";
import { type World, within } from "./context.js";

/** One transaction, and the world inside of it. A refusal at its begin or commit is a problem too. */
export async function transaction<T>(
  world: World,
  work: (inner: World, session: Transaction) => Promise<T>,
  reads = false,
): Promise<T> {
  const { telling } = world;
  const forHooks = world.hooks.size > 0;
  const inside = (session: Transaction) => work(within(world, session), session);
  try {
    if (telling === undefined) return await world.database.transaction(inside, { forHooks, reads });
    const readOnly = reads && telling.readOnly;
    return await world.database.transaction((session) => told(telling, session, inside), { forHooks, readOnly, reads });
  } catch (error) {
    if (error instanceof HttpError) throw error;
    const refusal = world.database.dialect.refusal(error);
    throw refusal === undefined ? error : refusalProblem(refusal);
  }
}

/** What a transaction is told stands until its end, also where that is an error. */
async function told<T>(
  { told }: SessionVariables,
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
  world.telling === undefined ? work(world) : transaction(world, work, reads);

/** One transaction of which nothing is kept: its result is what it would have been. */
export async function dryRun<T>(world: World, work: (inner: World) => Promise<T>): Promise<T> {
  const { checkDeferred } = world.database.dialect;
  try {
    return await transaction(world, async (inner, session) => {
      const result = await work({ ...inner, revocable: "rehearsal" });
      if (checkDeferred !== undefined) await session.run(checkDeferred, []);
      throw new RolledBack(result);
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.result as T;
    throw error;
  }
}

/** Takes the result out of a transaction that is rolled back. */
class RolledBack extends Error {
  constructor(readonly result: unknown) {
    super("a rehearsal is rolled back");
  }
}
