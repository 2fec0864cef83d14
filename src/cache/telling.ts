// A write's own transaction tells at its end which tables it wrote. Listeners hear of it if the transaction is committed, and only then.
import type { Session, StatementRunner, Transaction } from "../database/session.js";
import { isWrite } from "../run/revocable.js";
import type { Touched } from "../run/touched.js";
import type { Others } from "./others.js";

/** One request's statements, each of its transactions with the word of what was written so far. */
export class Telling {
  /** Tables of which the others know, or need not know. */
  readonly #settled = new Set<string>();

  constructor(
    private readonly others: Pick<Others, "word">,
    private readonly touched: Touched,
    /** What has been written so far. */
    private readonly reached: () => readonly string[],
  ) {}

  /** Were all of these tables written in transactions that told of it, or were rolled back? */
  isSettled(tables: readonly string[]): boolean {
    return tables.every((table) => this.#settled.has(table));
  }

  on(session: StatementRunner): StatementRunner {
    return {
      run: (text, values, of, row, most) => {
        // A procedure may have transactions of its own.
        if (of === undefined || !isWrite(of)) return session.run(text, values, of, row, most);
        return this.#transaction(session, (inner) => inner.run(text, values, of, row, most));
      },
      read: (...asked) => session.read(...asked),
      transaction: (work, kind) =>
        kind?.readOnly ? session.transaction(work, kind) : this.#transaction(session, work, kind),
    };
  }

  async #transaction<T>(
    session: StatementRunner,
    work: (inner: Transaction) => Promise<T>,
    kind?: Parameters<StatementRunner["transaction"]>[1],
  ): Promise<T> {
    const before = new Set(this.reached());
    let said: readonly string[] | undefined;
    try {
      return await session.transaction(async (inner) => {
        const done = await work(inner);
        if (this.touched.isWritten) said = await this.#say(inner);
        return done;
      }, kind);
    } finally {
      // Where it failed, what it told is undone with what it wrote.
      for (const table of said ?? this.reached().filter((one) => !before.has(one))) this.#settled.add(table);
    }
  }

  async #say(session: Session): Promise<readonly string[]> {
    const tables = this.reached();
    const { text, values } = this.others.word(tables);
    await session.run(text, values);
    return tables;
  }
}
