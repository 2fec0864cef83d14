// Transactions on a connection: how they begin and end, and one around a statement that only reads.
import type { Client } from "pg";
import type { Transactions } from "../connection.js";
import type { Answer } from "./answer.js";
import { discard } from "./cancel.js";
import { askPlainly } from "./plain.js";
import { fits } from "./wire/fits.js";
import { ask, fixed } from "./wire/query.js";

/** A statement without values, without a name, which a pooler may have lost. */
function always(text: string): (connection: unknown) => Promise<Answer> {
  const asked = fixed(text);
  return (connection) => {
    const client = connection as Client;
    return fits(client) ? ask(client, asked) : askPlainly(client, { text, values: [] });
  };
}

const [begin, beginReading, commit, rollback] = [
  always("BEGIN"),
  always("BEGIN READ ONLY"),
  always("COMMIT"),
  always("ROLLBACK"),
];
/** Nothing is done: only a failed transaction refuses it. */
const nothing = always("SELECT");

/** `Dialect.transactions`. */
export const transactions: Transactions = {
  begin: (connection, readOnly) => (readOnly ? beginReading(connection) : begin(connection)),
  async commit(connection) {
    const { command } = await commit(connection);
    // A statement has failed, and nobody minded (manual: COMMIT, «Outputs»).
    if (command === "ROLLBACK") throw new Error("The transaction had failed: nothing of it is kept.");
  },
  async rollback(connection) {
    if ((connection as Partial<Client>).getTransactionStatus?.() !== "I") await rollback(connection);
  },
  // No statement but one that ends it is let through once it has failed. Its status is known only some time after the error.
  confirm: nothing,
};

/** In three exchanges: for connections that take no series of messages. */
export async function reading<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await beginReading(client);
  const result = await work();
  await commit(client);
  return result;
}

/** Where work fails that may have left a transaction open: nobody can tell yet, so one is ended in any case. */
export async function rolledBack<T>(client: Client, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await rollback(client).catch(() => discard(client));
    throw error;
  }
}
