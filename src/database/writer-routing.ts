// Writes that may take long, beside a database's only connection, where its dialect has a process for them. A transaction begins on
// the connection; with the first statement that may take long nothing of it is kept, and all of it begins anew in that process.
import type { DatabaseResult, Lend } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import type { LongWriter, Readers, WritingTransaction } from "../dialect/readers.js";
import type { Deadline } from "../http/deadline.js";
import { isWriting } from "../plan/plan.js";
import type { Session, Transaction } from "./session.js";
import type { Behind, Rerouted } from "./transaction-on.js";

/** Whether a transaction is to begin anew elsewhere. */
export class Move {
  isDue = false;

  now(): Promise<never> {
    this.isDue = true;
    return Promise.reject(new Error("A statement that may take long runs in a process of its own."));
  }

  /** The work, which ends here even if it goes on after a statement that failed. */
  unless<T>(work: (session: Transaction) => Promise<T>): (session: Transaction) => Promise<T> {
    return async (session) => {
      const result = await work(session);
      return this.isDue ? this.now() : result;
    };
  }

  /** `before`: how is read before the first write. */
  rerouted(readers: Readers, writer: LongWriter, before: (own: Lend) => Session["read"]): Rerouted {
    return ({ run }, own) => {
      let wrote = false;
      const read = before(own);
      return {
        run: (text, values, of, row, most) => {
          if (this.isDue) return this.now();
          const writes = of === undefined || isWriting(of);
          wrote ||= writes;
          if (of === undefined || !writes) return run(text, values, of, row, most);
          return own((connection) => writer.short(connection, text, values) ?? this.now());
        },
        read: async (text, values, of, row, most) => {
          if (this.isDue) return this.now();
          if (!wrote) return read(text, values, of, row, most);
          return (await readers.readShort(text, values, own, most)) ?? this.now();
        },
      };
    };
  }
}

interface On {
  readonly ending?: Deadline | undefined;
  readonly dialect: Pick<Dialect, "refusal">;
}

/** All of `work` or nothing. */
export async function committedBy<T>(
  transaction: WritingTransaction,
  work: (session: Transaction) => Promise<T>,
  { ending, dialect }: On,
  behind: Behind[],
): Promise<T> {
  const run: Session["run"] = async (text, values, _of, _row, most): Promise<DatabaseResult> => {
    ending?.check();
    return transaction.run(text, values, most);
  };
  // A commit that is under way is waited for.
  if (ending !== undefined) ending.held++;
  try {
    const result = await work({ isTransaction: true, run, read: run, onCommit: (then) => void behind.push(then) });
    ending?.check();
    await transaction.commit().catch((error: unknown) => {
      if (dialect.refusal(error)?.code === "database_away") ending?.lose();
      throw error;
    });
    ending?.keep();
    return result;
  } catch (error) {
    await transaction.rollback();
    throw error;
  } finally {
    if (ending !== undefined) ending.held--;
  }
}
