// What belongs to one request: the snapshot that it runs in, the session of its statements, and what it is bound by.

import type { SessionVariables } from "../access/session-variables.js";
import type { StatementRunner, Transaction } from "../database/session.js";
import type { SessionStatements } from "../dialect/connection.js";
import type { Claims } from "../http/caller.js";
import type { Deadline } from "../http/deadline.js";
import type { AnswerSize } from "./answer-size.js";
import type { Access, Snapshot } from "./snapshot.js";
import type { Touched } from "./touched.js";

export interface RequestContext {
  /** As the caller sees it. */
  readonly snapshot: Snapshot;
  /** Left out where there are no roles. */
  readonly access?: Access;
  /** Where its statements run: each on a free connection, or all in the request's transaction. */
  readonly session: StatementRunner;
  /** When the request must end; left out where there is no such time. */
  readonly deadline?: Deadline;
  /** What the request's one transaction sets on its connection; left out where nothing is to be set, and inside of it. */
  readonly sessionVariables?: SessionVariables;
  /** Inside of it: how what the connection's own user does stands aside from the role that was taken on. */
  readonly aside?: SessionStatements["aside"];
  /**
   * Set where a write may be taken back again: it is only tried, or is one of several that are kept together, or is kept together
   * with its `Idempotency-Key`.
   */
  readonly revocable?: "rehearsal" | "several" | "keyed";
  /** What all answers of a batch count into; left out where each answer is one of its own. */
  readonly size?: AnswerSize;
  /** Where its tables are noted; left out where nobody asks for them. */
  readonly touched?: Touched;
  /** Who sent the request, and when it came: what stamps are made of. Left out where no table has any. */
  readonly asked?: AskedContext;
}

export interface AskedContext {
  readonly claims: Claims;
  /** The request's one clock. */
  readonly at: Date;
}

/** The context without row policies: for what a write must know of rows that the caller does not see, and of deleted ones. */
export function withoutPolicies(context: RequestContext): RequestContext {
  const snapshot = context.access?.unrestricted ?? context.snapshot.withDeleted;
  return snapshot === undefined ? context : { ...context, snapshot };
}

/** The context inside a transaction: everything runs on its session, and a transaction in it is the same one. */
export function inTransaction(context: RequestContext, session: Transaction): RequestContext {
  const { run, read, trx, spend } = session;
  const { snapshot, access, deadline, revocable, size, asked, touched } = context;
  // Each field by name: a spread takes longer than a short statement. A field that is missing here does not compile.
  const whole: Record<keyof RequestContext, unknown> & RequestContext = {
    snapshot,
    access,
    session: { isTransaction: true, run, read, trx, spend, transaction: (work) => work(session) },
    deadline,
    sessionVariables: undefined,
    aside: context.sessionVariables?.told?.aside ?? context.aside,
    revocable,
    size,
    asked,
    touched,
  };
  return whole;
}
