// Reads beside a database's only connection, where its dialect has readers: what could be long runs there, so that neither the event
// loop nor that connection waits for it. In: statements and transactions on the connection. Out: the same, read where it is best.
import type { Lend, Readers, ReadingTransaction } from "../dialect/connection.js";
import type { Deadline } from "../http/deadline.js";
import { isWriting } from "../plan/plan.js";
import type { Session, Transaction, TransactionKind } from "./session.js";
import type { Rerouted } from "./transaction-on.js";

/** A request's statements, as they run on the connection. */
interface Statements {
  readonly ending?: Deadline | undefined;
  readonly lend: Lend;
  onConnection<T>(work: (session: Transaction) => Promise<T>, kind: TransactionKind, rerouted?: Rerouted): Promise<T>;
}

export class ReaderRouting {
  /** Transactions that have the connection while they wait for a reader. */
  #waiting = 0;

  constructor(readonly readers: Readers) {}

  /** Does a transaction have the connection without using it? */
  get isWaiting(): boolean {
    return this.#waiting > 0;
  }

  /** A statement that only reads. */
  read(on: Statements, text: string, values: readonly unknown[], most?: number): ReturnType<Session["read"]> {
    const { ending } = on;
    return this.readers.read(text, values, on.lend, this.#waiting === 0 ? ending : away(ending), most);
  }

  transaction<T>(on: Statements, work: (session: Transaction) => Promise<T>, kind: TransactionKind): Promise<T> {
    if (kind.forHooks) return on.onConnection(work, kind);
    return kind.reads ? this.#reading(on, work, kind) : on.onConnection(work, kind, this.#beforeWrites(on.ending));
  }

  /** The transaction has the lock: until it writes itself, what is committed is all that it would see. */
  #beforeWrites(ending: Deadline | undefined): Rerouted {
    return ({ run }, own) => {
      let wrote = false;
      return {
        run: (text, values, of, row, most) => {
          wrote ||= of === undefined || isWriting(of);
          return run(text, values, of, row, most);
        },
        read: async (text, values, of, row, most) => {
          if (wrote) return run(text, values, of, row, most);
          this.#waiting++;
          try {
            return await this.readers.read(text, values, own, ending, most);
          } finally {
            this.#waiting--;
          }
        },
      };
    };
  }

  /** On the connection as long as its statements are short; with the first that is not, all of it begins anew on a reader. */
  async #reading<T>(
    statements: Statements,
    work: (session: Transaction) => Promise<T>,
    kind: TransactionKind,
  ): Promise<T> {
    const { ending } = statements;
    let isLong = false;
    const short: Rerouted = ({ run }, own) => ({
      run,
      read: async (text, values, _of, _row, most) => {
        const result = isLong ? undefined : await this.readers.readShort(text, values, own, most);
        if (result !== undefined) return result;
        isLong = true;
        throw new Error("A statement that may be long runs on a reader.");
      },
    });
    try {
      return await statements.onConnection(work, kind, short);
    } catch (error) {
      if (!isLong) throw error;
    }
    const reading = await this.readers.begin(ending?.signal);
    return reading === undefined ? statements.onConnection(work, kind) : on(reading, work, ending);
  }
}

const away = (ending: Deadline | undefined) => ({ elsewhere: true, ...(ending && { signal: ending.signal }) });

async function on<T>(
  reading: ReadingTransaction,
  work: (session: Transaction) => Promise<T>,
  ending: Deadline | undefined,
): Promise<T> {
  const behind: (() => Promise<void>)[] = [];
  const read: Session["read"] = async (text, values, _of, _row, most) => {
    ending?.check();
    return reading.read(text, values, most);
  };
  try {
    const onCommit = (then: () => Promise<void>) => void behind.push(then);
    const result = await work({ isTransaction: true, run: read, read, onCommit });
    for (const then of behind) await then();
    return result;
  } finally {
    reading.end();
  }
}
