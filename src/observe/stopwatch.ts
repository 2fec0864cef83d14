// A request's statements, each with the time it took, and how long the request waited for any of them.
import type { Session, StatementRunner, Transaction, TransactionKind } from "../database/session.js";
import type { DatabaseResult } from "../dialect/connection.js";
import type { Plan } from "../plan/plan.js";

/** One that has ended, well or not. Its text has placeholders only. */
export interface Timed {
  /** The plan's kind, `begin` or `commit`; waiting for a connection is part of it. */
  readonly operation: Plan["kind"] | "begin" | "commit" | "other";
  readonly table: string | null;
  readonly text: string;
  /** How many values were bound. */
  readonly values: number;
  /** How many rows were answered or changed; `null` where it failed. */
  readonly rows: number | null;
  readonly milliseconds: number;
}

export class Stopwatch {
  /** How many statements there were. */
  statements = 0;
  #waited = 0;
  #running = 0;
  #since = 0;

  constructor(readonly ended: (statement: Timed) => void) {}

  /** For how long at least one of them was under way, in milliseconds. */
  get waited(): number {
    return this.#waited;
  }

  /** The same session, with each statement timed. */
  on(session: StatementRunner): StatementRunner {
    return {
      ...this.#session(session),
      transaction: (work, kind) => this.#transaction(session, work, kind),
    };
  }

  #session(session: Session): Pick<Session, "run" | "read"> {
    const timed =
      (ask: Session["run"]): Session["run"] =>
      async (text, values, plan, row, most) => {
        const end = this.#start(plan?.kind ?? "other", plan?.table ?? null, text, values.length);
        try {
          const result = await ask(text, values, plan, row, most);
          end(countOf(result));
          return result;
        } catch (error) {
          end(null);
          throw error;
        }
      };
    return {
      run: timed((...asked) => session.run(...asked)),
      read: timed((...asked) => session.read(...asked)),
    };
  }

  async #transaction<T>(
    on: StatementRunner,
    work: (session: Transaction) => Promise<T>,
    kind?: TransactionKind,
  ): Promise<T> {
    let end = this.#start("begin", null, "BEGIN", 0);
    try {
      return await on.transaction(async (session) => {
        end(0);
        // The first to wait for the commit: the hooks that come after it are not the database's time.
        session.onCommit(async () => end(0));
        const result = await work({ ...session, ...this.#session(session) });
        end = this.#start("commit", null, "COMMIT", 0);
        return result;
      }, kind);
    } finally {
      end(null);
    }
  }

  /** Answers what ends it; only the first end counts. */
  #start(operation: Timed["operation"], table: string | null, text: string, values: number) {
    const begun = performance.now();
    if (this.#running++ === 0) this.#since = begun;
    let open = true;
    return (rows: number | null) => {
      if (!open) return;
      open = false;
      const now = performance.now();
      this.statements++;
      if (--this.#running === 0) this.#waited += now - this.#since;
      this.ended({ operation, table, text, values, rows, milliseconds: now - begun });
    };
  }
}

const countOf = ({ rows, affected }: DatabaseResult): number => Math.max(rows.length, affected);
