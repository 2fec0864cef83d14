// A transaction on a connection that is at hand, as its dialect says it.
import type { Transactions } from "../dialect/connection.js";

/** Begins one, and commits it when the work is done. What fails is for `rollingBack`. */
export async function committing<T>(
  connection: unknown,
  transactions: Transactions,
  { readOnly = false, reads = false }: Kind,
  work: () => Promise<T>,
): Promise<T> {
  await begun(connection, transactions, readOnly, reads);
  const result = await work();
  await transactions.commit(connection);
  return result;
}

/** What `Transactions.begin` is told. */
interface Kind {
  readonly readOnly?: boolean;
  readonly reads?: boolean;
}

async function begun(
  connection: unknown,
  { begin, isLocked }: Transactions,
  readOnly: boolean,
  reads: boolean,
): Promise<void> {
  try {
    await begin(connection, readOnly, reads);
  } catch (error) {
    // The server may come to it later.
    if (!isLocked?.(error)) abandon(connection, error);
    throw error;
  }
}

/** Rejects where the lock is not to be had at the moment. knex's own transaction takes it with its first write only. */
export async function tryLock(connection: unknown, { begin, rollback, isLocked }: Transactions): Promise<void> {
  if (isLocked === undefined) return;
  await begin(connection, false, false);
  await rollback(connection);
}

/** Leaves no transaction open where the work fails. A connection that cannot be rolled back is not used again. */
export async function rollingBack<T>(
  connection: unknown,
  { rollback }: Transactions,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await rollback(connection).catch((failure: unknown) => abandon(connection, failure));
    throw error;
  }
}

/** knex's pool looks at it before it lends the connection again, and ends it. */
export function abandon(connection: unknown, error: unknown): void {
  Object.assign(connection as object, { __knex__disposed: error });
}
