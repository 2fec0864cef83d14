// A transaction on a connection that is at hand, as its dialect says it.
import type { Transactions } from "../dialect/connection.js";

/** Begins one, and commits it when the work is done. What fails is for `rollingBack`. */
export async function committing<T>(
  connection: unknown,
  { begin, commit }: Transactions,
  readOnly: boolean,
  work: () => Promise<T>,
): Promise<T> {
  await begin(connection, readOnly).catch((error: unknown) => {
    // The server may come to it later.
    abandon(connection, error);
    throw error;
  });
  const result = await work();
  await commit(connection);
  return result;
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
function abandon(connection: unknown, error: unknown): void {
  Object.assign(connection as object, { __knex__disposed: error });
}
