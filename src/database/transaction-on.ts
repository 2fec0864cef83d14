// A request's transaction on a connection that is lent: watched while it runs, by the dialect's own calls or by knex.
import type { Knex } from "knex";
import type { Lend } from "../dialect/connection.js";
import type { Deadline } from "../http/deadline.js";
import type { Lease } from "./lease.js";
import type { Lending } from "./lending.js";
import { type OwnWriter, outwaiting } from "./lock-wait.js";
import type { Session, Transaction, TransactionKind } from "./session.js";
import { abandon, committing, rollingBack, tryLock } from "./transaction.js";

/** What runs a transaction's statements: `session` as it is otherwise, and the transaction's own connection. */
export type Rerouted = (session: Pick<Session, "run" | "read">, own: Lend) => Pick<Session, "run" | "read">;

interface On {
  readonly shared: {
    readonly knex: Knex;
    readonly lending: Lending;
    readonly routing?: OwnWriter | undefined;
  };
  readonly ending?: Deadline | undefined;
}

/** What is done once a transaction is committed. */
export type Behind = () => Promise<void>;

export async function transactionOn<T>(
  { shared: { knex, lending, routing }, ending }: On,
  given: (session: Transaction) => Promise<T>,
  kind: TransactionKind,
  rerouted?: Rerouted,
): Promise<T> {
  const behind: Behind[] = [];
  /** From here on something may have been done. */
  let begun = false;
  const work: typeof given = (session) => {
    begun = true;
    return given(session);
  };
  const once = (connection: unknown, lease: Lease) => {
    const session = sessionOn(connection, lease, behind, rerouted);
    const all = () =>
      transacting(knex, connection, lease, kind, (trx) => work(trx === undefined ? session : { ...session, trx }));
    const { unchecked } = lease.rules.dialect.transactions ?? {};
    return kind.unchecked && unchecked !== undefined ? unchecked(connection, all) : all();
  };
  const attempt = () => lending.lend(ending, once);
  const isLocked = knex.client.transacting ? undefined : lending.rules.dialect.transactions?.isLocked;
  const result = await (isLocked === undefined
    ? attempt()
    : outwaiting((error) => !begun && isLocked(error), attempt, routing));
  await allBehind(behind, ending);
  return result;
}

/** What follows a commit, for which a request that is over does not wait. */
export async function allBehind(behind: readonly Behind[], ending: Deadline | undefined): Promise<void> {
  if (behind.length > 0) await (ending === undefined ? oneByOne(behind) : ending.patient(oneByOne(behind)));
}

async function oneByOne(behind: readonly Behind[]): Promise<void> {
  for (const then of behind) await then();
}

function sessionOn(connection: unknown, lease: Lease, behind: Behind[], rerouted?: Rerouted): Transaction {
  const { dialect } = lease.rules;
  const run: Session["run"] = (text, values, _of, row, most) =>
    lease.run(() => dialect.execute(connection, text, values, row, most));
  const onCommit = (then: Behind) => void behind.push(then);
  const spend = () => abandon(connection, new Error("Code of the database may have set something on this connection."));
  if (rerouted === undefined) return { isTransaction: true, run, read: run, spend, onCommit };
  const lend: Lend = (work) => lease.run(() => work(connection));
  return { isTransaction: true, ...rerouted({ run, read: run }, lend), spend, onCommit };
}

function transacting<T>(
  knex: Knex,
  connection: unknown,
  lease: Lease,
  { readOnly = false, forHooks = false, reads = false }: TransactionKind,
  work: (trx?: Knex.Transaction) => Promise<T>,
): Promise<T> {
  // In an instance that is a transaction itself, another one is a savepoint, which is knex's business.
  const transactions = knex.client.transacting ? undefined : lease.rules.dialect.transactions;
  const attended = transactions && lease.attended(transactions);
  const failures: unknown[] = [];
  const all = async (trx: Knex.Transaction) => {
    try {
      const result = await lease.orBroken(work(trx));
      await attended?.confirm?.(connection);
      lease.finish();
      return result;
    } catch (error) {
      failures.push(error);
      await lease.cancelling;
      lease.begin();
      throw error;
    }
  };
  // Where the database has rolled back by itself (a trigger of SQLite's may), knex's own ROLLBACK fails: that is not what went wrong.
  const firstFailure = (error: unknown) => Promise.reject(failures.length > 0 ? failures[0] : error);
  const byKnex = async () => {
    if (attended !== undefined && !reads) await tryLock(connection, attended);
    return lease.committed(knex.transaction(all, { connection, readOnly }).catch(firstFailure));
  };
  if (attended === undefined) return byKnex();
  const byDialect = () => committing(connection, attended, { readOnly, reads }, () => lease.orBroken(work()));
  return rollingBack(connection, attended, forHooks ? byKnex : byDialect);
}
