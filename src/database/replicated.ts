// A database whose reads may run on its replicas. In: a request that only reads, and what it has to see. Out: where its statements
// run. Transactions, and all that follows a write of the same request, run on the server that is written to.
import type { DatabaseResult } from "../dialect/connection.js";
import { TooLarge } from "../dialect/connection.js";
import type { Deadline } from "../http/deadline.js";
import { HttpError } from "../http/problem.js";
import { isWriting } from "../plan/plan.js";
import type { Replica } from "./replica.js";
import type { ReplicaSet } from "./replica-set.js";
import type { Database, ReadsAfter, Session, StatementRunner, Transaction, TransactionKind } from "./session.js";

type Asked = Parameters<Session["run"]>;

/** The same database; requests that only read have its replicas. */
export function replicated<D extends Database>(primary: D, replicas: ReplicaSet): D {
  return {
    ...primary,
    until: (ending: Deadline, reads?: ReadsAfter) => {
      const own = primary.until(ending);
      return reads === undefined ? own : new ReplicatedStatements(own, primary, replicas, ending, reads);
    },
    forgetStatements: () => {
      primary.forgetStatements();
      replicas.forgetStatements();
    },
  };
}

class ReplicatedStatements implements StatementRunner {
  #chosen: Promise<Replica | undefined> | undefined;
  #statements: StatementRunner | undefined;
  /** Which servers answered. */
  readonly servers = new Set<string>();

  constructor(
    readonly own: StatementRunner,
    readonly primary: Pick<Database, "dialect">,
    readonly replicas: ReplicaSet,
    readonly ending: Deadline,
    readonly reads: ReadsAfter,
  ) {}

  run(...asked: Asked): Promise<DatabaseResult> {
    const [, , of] = asked;
    if (of !== undefined && !isWriting(of)) return this.#read((on) => on.run(...asked));
    return this.#stay().run(...asked);
  }

  read(...asked: Asked): Promise<DatabaseResult> {
    return this.#read((on) => on.read(...asked));
  }

  transaction<T>(work: (session: Transaction) => Promise<T>, kind?: TransactionKind): Promise<T> {
    return this.#stay().transaction(work, kind);
  }

  /** From here on on the server that is written to. */
  #stay(): StatementRunner {
    this.#chosen = Promise.resolve(undefined);
    this.servers.add(PRIMARY);
    return this.own;
  }

  async #read(ask: (on: StatementRunner) => Promise<DatabaseResult>): Promise<DatabaseResult> {
    this.#chosen ??= this.replicas.choose(this.reads.after);
    const replica = await this.#chosen;
    if (replica === undefined) return ask(this.#stay());
    this.#statements ??= replica.until(this.ending);
    try {
      const result = await replica.during(ask(this.#statements));
      this.servers.add(replica.name);
      return result;
    } catch (error) {
      if (this.#isFinal(error)) throw error;
      if (this.primary.dialect.refusal(error)?.code === "database_away") replica.lose();
      return ask(this.#stay());
    }
  }

  /** Would it fail elsewhere as well, or take as long again? What a replica refuses otherwise may be due to its being behind. */
  #isFinal(error: unknown): boolean {
    if (this.ending.broken !== undefined || error instanceof HttpError || error instanceof TooLarge) return true;
    return this.primary.dialect.refusal(error)?.code === "timeout";
  }
}

const PRIMARY = "primary";
