// Reads beside a database's only connection, where its dialect has readers: what could be long runs there, so that neither the event
// loop nor that connection waits for it. In: statements and transactions on the connection. Out: the same, run where it is best.
import { Semaphore } from "../base/semaphore.js";
import type { DatabaseResult, Lend } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import type { LongWriter, Readers, ReadingTransaction } from "../dialect/readers.js";
import type { Deadline } from "../http/deadline.js";
import { isWriting } from "../plan/plan.js";
import type { Session, Transaction, TransactionKind } from "./session.js";
import { allBehind, type Behind, type Rerouted } from "./transaction-on.js";
import { committedBy, Move } from "./writer-routing.js";

/** Requests that wait for the writing process. */
const MOST_WAITING = 1_000;
const full = (): Error => Object.assign(new Error("Too many wait to write."), { code: "ECONNABORTED" });

/** A request, as far as it goes beside the connection. */
interface Aside {
  readonly ending?: Deadline | undefined;
  readonly dialect: Pick<Dialect, "refusal">;
  /** The connection, for work that does not use it. */
  hold<T>(work: () => Promise<T>): Promise<T>;
}

/** A request's statements, as they run on the connection. */
interface Statements extends Aside {
  readonly lend: Lend;
  onConnection<T>(work: (session: Transaction) => Promise<T>, kind: TransactionKind, rerouted?: Rerouted): Promise<T>;
}

export class ReaderRouting {
  /** Transactions that have the connection while they wait for a reader. */
  #waiting = 0;
  #isWriting = false;
  readonly #turns = new Semaphore(1, MOST_WAITING, full);

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
    if (kind.reads) return this.#reading(on, work, kind);
    const { writer } = this;
    return writer === undefined || kind.unchecked
      ? on.onConnection(work, kind, this.#beforeWrites(on.ending))
      : this.#writing(on, work, kind, writer);
  }

  /** Nothing where what may take long is written on the connection. */
  get writer(): LongWriter | undefined {
    return this.readers.writer;
  }

  /** Has the writing process a transaction? */
  get isWriting(): boolean {
    return this.#isWriting;
  }

  /** A statement that may take long. Nothing where there can be no process, and nothing was done. */
  async alone(on: Aside, text: string, values: readonly unknown[]): Promise<DatabaseResult | undefined> {
    return (await this.#aside(on, ({ run }) => run(text, values), []))?.result;
  }

  /** In the writing process, once one of its statements may take long. */
  async #writing<T>(
    on: Statements,
    work: (session: Transaction) => Promise<T>,
    kind: TransactionKind,
    writer: LongWriter,
  ): Promise<T> {
    const { ending } = on;
    const move = new Move();
    const rerouted = move.rerouted(this.readers, writer, (own) => this.#elsewhere(own, ending));
    try {
      return await on.onConnection(move.unless(work), kind, rerouted);
    } catch (error) {
      if (!move.isDue) throw error;
    }
    const behind: Behind[] = [];
    const done = await this.#aside(on, work, behind);
    if (done === undefined) return on.onConnection(work, kind);
    await allBehind(behind, ending);
    return done.result;
  }

  #aside<T>(
    on: Aside,
    work: (session: Transaction) => Promise<T>,
    behind: Behind[],
  ): Promise<{ result: T } | undefined> {
    const { signal } = on.ending ?? {};
    return this.#turns.run(async () => {
      on.ending?.check();
      const { writer } = this.readers;
      if (writer === undefined || !(await writer.open(signal))) return undefined;
      // No transaction on the connection is in its way.
      const transaction = await on.hold(() => writer.begin(signal));
      this.#isWriting = true;
      try {
        return { result: await committedBy(transaction, work, on, behind) };
      } finally {
        this.#isWriting = false;
      }
    });
  }

  /** Whoever has the connection does not use it until the work is done. */
  async #waits<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    try {
      return await work();
    } finally {
      this.#waiting--;
    }
  }

  /** A transaction that has the lock reads beside it. */
  #elsewhere(own: Lend, ending: Deadline | undefined): Session["read"] {
    return (text, values, _of, _row, most) => this.#waits(() => this.readers.read(text, values, own, ending, most));
  }

  /** The transaction has the lock: until it writes itself, what is committed is all that it would see. */
  #beforeWrites(ending: Deadline | undefined): Rerouted {
    return ({ run }, own) => {
      let wrote = false;
      const read = this.#elsewhere(own, ending);
      return {
        run: (text, values, of, row, most) => {
          wrote ||= of === undefined || isWriting(of);
          return run(text, values, of, row, most);
        },
        read: (text, values, of, row, most) => (wrote ? run : read)(text, values, of, row, most),
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
