// All of a request's work in one transaction, or in one of which nothing is kept.
import type { SessionVariables } from "../access/session-variables.js";
import { refusalProblem } from "../database/refusals.js";
import type { Session, Transaction } from "../database/session.js";
import { HttpError } from "../http/problem.js";
import { inTransaction, type RequestContext } from "./context.js";

/** One transaction, and the context inside of it. A refusal at its begin or commit is a problem too. */
export async function transaction<T>(
  context: RequestContext,
  work: (inner: RequestContext, session: Transaction) => Promise<T>,
  reads = false,
  readsOnly = false,
): Promise<T> {
  const { sessionVariables: variables } = context;
  const { hooks, runs } = context.snapshot;
  const forHooks = runs.size > 0 || (hooks.size > 0 && (!reads || haveReads(hooks)));
  const inside = (session: Transaction) => work(inTransaction(context, session), session);
  try {
    if (variables === undefined)
      return await context.session.transaction(inside, { forHooks, reads, readOnly: readsOnly });
    const readOnly = reads && (readsOnly || variables.readOnly);
    return await context.session.transaction((session) => withVariables(variables, session, inside), {
      forHooks,
      readOnly,
      reads,
    });
  } catch (error) {
    if (error instanceof HttpError) throw error;
    const refusal = context.snapshot.dialect.refusal(error);
    throw refusal === undefined
      ? error
      : refusalProblem(refusal, { hidesWords: !context.snapshot.raisedMessages, cause: error });
  }
}

/** Keeps a transaction open until then. */
export type Hold = (until: Promise<void>) => void;

/** One that only reads. Where the work holds it, its result is there before the transaction ends. */
export function readingTransaction<T>(
  context: RequestContext,
  work: (inner: RequestContext, hold: Hold) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let held: Promise<void> | undefined;
    const hold: Hold = (until) => {
      held = until;
    };
    const whole = async (inner: RequestContext) => {
      const result = await work(inner, hold);
      if (held === undefined) return result;
      resolve(result);
      await held;
      return result;
    };
    transaction(context, whole, true, true).then(resolve, reject);
  });
}

/**
 * One transaction in which something of sapwood's own stands beside the work. The context inside sets the session variables when its
 * work begins its transaction, which is this one.
 */
export const transactionAround = <T>(
  context: RequestContext,
  work: (inner: RequestContext, session: Transaction) => Promise<T>,
): Promise<T> => {
  const { sessionVariables } = context;
  return transaction({ ...context, sessionVariables: undefined }, (inner, session) =>
    work({ ...inner, sessionVariables }, session),
  );
};

/** Behind work that may have taken on another role of the database: what the connection's own user does, and then the role again. */
export async function asConnectionUser(
  { sessionVariables, aside = sessionVariables?.told?.aside }: RequestContext,
  session: Session,
  work: () => Promise<void>,
): Promise<void> {
  if (aside === undefined) return work();
  await session.run(aside.leave.text, aside.leave.values);
  await work();
  await session.run(aside.back.text, aside.back.values);
}

const haveReads = (hooks: RequestContext["snapshot"]["hooks"]): boolean =>
  [...hooks.values()].some(
    ({ preRead, postRead, preCall, postCall }) =>
      preRead.length + postRead.length + preCall.length + postCall.length > 0,
  );

/** Session variables are set until the transaction's end, also where that is an error. */
async function withVariables<T>(
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

/** Where session variables are to be set, all of a request's work is done in one transaction. */
export const inOne = <T>(
  context: RequestContext,
  work: (inner: RequestContext) => Promise<T>,
  reads = false,
): Promise<T> => (context.sessionVariables === undefined ? work(context) : transaction(context, work, reads));

/** One transaction of which nothing is kept: its result is what it would have been. */
export async function dryRun<T>(context: RequestContext, work: (inner: RequestContext) => Promise<T>): Promise<T> {
  const { checkDeferred } = context.snapshot.dialect;
  try {
    return await transaction(context, async (inner, session) => {
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
