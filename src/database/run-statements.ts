// Statements and transactions on connections that are lent: each is watched while it runs.
import type { Knex } from "knex";
import type { Dialect } from "../dialect/dialect.js";
import type { Deadline } from "../http/deadline.js";
import type { Lease } from "./lease.js";
import { outwaiting } from "./lock-wait.js";
import { isWriting, type OnConnection, type Rerouted } from "./reader-routing.js";
import type { Session } from "./session.js";
import { committing, rollingBack, tryLock } from "./transaction.js";

/** Hands out a connection, and what watches over it. */
export type LendLease = <T>(work: (connection: unknown, lease: Lease) => Promise<T>) => Promise<T>;

/** Statements that are each on a free connection. */
export const runOn =
  (dialect: Dialect, lend: LendLease, ending: Deadline | undefined): Session["run"] =>
  (text, values, of, row, most) => {
    const ask = () =>
      lend((connection, lease) => {
        lease.begin();
        const answer = dialect.execute(connection, text, values, row, most);
        return ending === undefined || of === undefined || !isWriting(of) ? answer : kept(answer, lease, ending);
      });
    const isLocked = dialect.transactions?.isLocked;
    return isLocked === undefined ? ask() : outwaiting(isLocked, ask);
  };

/** It is its own transaction, and ends with it. */
async function kept<T>(answer: Promise<T>, lease: Lease, ending: Deadline): Promise<T> {
  try {
    const result = await answer;
    ending.keep();
    return result;
  } catch (error) {
    if (lease.isLost || lease.rules.dialect.refusal(error)?.code === "database_away") ending.lose();
    throw error;
  }
}

const asTheyAre: Rerouted = (session) => session;

export function transactionsOn(
  knex: Knex,
  dialect: Dialect,
  lend: LendLease,
  ending: Deadline | undefined,
): OnConnection {
  // In an instance that is a transaction itself, another one is a savepoint, which is knex's business.
  const transactions = knex.client.transacting ? undefined : dialect.transactions;
  const isLocked = transactions?.isLocked;
  return async (given, kind = {}, rerouted = asTheyAre) => {
    const { readOnly = false, forHooks = false, reads = false } = kind;
    /** From here on something may have been done. */
    let begun = false;
    const work: typeof given = (session) => {
      begun = true;
      return given(session);
    };
    const waiting: (() => Promise<void>)[] = [];
    const onCommit = (then: () => Promise<void>) => void waiting.push(then);
    const once = (connection: unknown, lease: Lease) => {
      const run: Session["run"] = (text, values, _of, row, most) =>
        lease.run(() => dialect.execute(connection, text, values, row, most));
      const statements = rerouted({ run, read: run }, (work) => lease.run(() => work(connection)));
      const session = { isTransaction: true, ...statements, onCommit } as const;
      const attended = transactions && lease.attended(transactions);
      const all = async (trx: Knex.Transaction) => {
        try {
          const result = await lease.orBroken(work({ ...session, trx }));
          await attended?.confirm?.(connection);
          lease.finish();
          return result;
        } catch (error) {
          await lease.cancelling;
          lease.begin();
          throw error;
        }
      };
      const byKnex = async () => {
        if (attended !== undefined && !reads) await tryLock(connection, attended);
        return lease.committed(knex.transaction(all, { connection, readOnly }));
      };
      if (attended === undefined) return byKnex();
      const byDialect = () => committing(connection, attended, kind, () => lease.orBroken(work(session)));
      return rollingBack(connection, attended, forHooks ? byKnex : byDialect);
    };
    const attempt = () => lend(once);
    const result = await (isLocked === undefined
      ? attempt()
      : outwaiting((error) => !begun && isLocked(error), attempt));
    const committed = async () => {
      for (const then of waiting) await then();
    };
    if (waiting.length > 0) await (ending === undefined ? committed() : ending.patient(committed()));
    return result;
  };
}
