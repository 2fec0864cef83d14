// The statements of one request: each on a free connection, on a reader where that is better, or all in a transaction.
import type { Knex } from "knex";
import type { DatabaseResult, Lend } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import type { Deadline } from "../http/deadline.js";
import { isWriting, type Plan } from "../plan/plan.js";
import type { Lease } from "./lease.js";
import type { Lending } from "./lending.js";
import { outwaiting } from "./lock-wait.js";
import type { ReaderRouting } from "./reader-routing.js";
import type { Session, StatementRunner, Transaction, TransactionKind } from "./session.js";
import { type Rerouted, transactionOn } from "./transaction-on.js";

/** What all requests of a database share. */
export interface Shared {
  readonly knex: Knex;
  readonly lending: Lending;
  readonly routing: ReaderRouting | undefined;
}

type Asked = Parameters<Session["run"]>;

/** Methods, and no functions made for each request: those took longer than all else of a short one. */
export class RequestStatements implements StatementRunner {
  constructor(
    readonly shared: Shared,
    readonly ending?: Deadline,
  ) {}

  run(text: Asked[0], values: Asked[1], of?: Asked[2], row?: Asked[3], most?: Asked[4]): Promise<DatabaseResult> {
    const { routing } = this.shared;
    // A row by its key is there at once, where nobody has the connection for long.
    if (routing?.isWaiting && of !== undefined && !isWriting(of)) return routing.read(this, text, values, most);
    const { isLocked } = this.shared.lending.rules.dialect.transactions ?? {};
    return isLocked === undefined
      ? this.#ask(text, values, of, row, most)
      : outwaiting(isLocked, () => this.#ask(text, values, of, row, most), routing);
  }

  read(text: Asked[0], values: Asked[1], of?: Asked[2], row?: Asked[3], most?: Asked[4]): Promise<DatabaseResult> {
    const { routing } = this.shared;
    return routing === undefined ? this.run(text, values, of, row, most) : routing.read(this, text, values, most);
  }

  transaction<T>(work: (session: Transaction) => Promise<T>, kind: TransactionKind = {}): Promise<T> {
    const { routing } = this.shared;
    return routing === undefined ? this.onConnection(work, kind) : routing.transaction(this, work, kind);
  }

  /** A transaction on one of the pool's connections. */
  onConnection<T>(work: (session: Transaction) => Promise<T>, kind: TransactionKind, rerouted?: Rerouted): Promise<T> {
    return transactionOn(this, work, kind, rerouted);
  }

  /** A connection for one statement that only reads. */
  get lend(): Lend {
    return (work) =>
      this.shared.lending.lend(this.ending, (connection, lease) => {
        lease.begin();
        return work(connection);
      });
  }

  hold<T>(work: () => Promise<T>): Promise<T> {
    return this.shared.lending.lend(this.ending, work);
  }

  get dialect(): Dialect {
    return this.shared.lending.rules.dialect;
  }

  #ask(text: string, values: readonly unknown[], of?: Plan, row?: Asked[3], most?: number): Promise<DatabaseResult> {
    const { lending, routing } = this.shared;
    const { ending, dialect } = this;
    const writes = of !== undefined && isWriting(of);
    const writer = writes ? routing?.writer : undefined;
    const answer = lending.lend(ending, (connection, lease) => {
      const here = writer?.short(connection, text, values);
      if (writer !== undefined && here === undefined) return LONG;
      lease.begin();
      const execute = (isAlone(of) && dialect.executeReading) || dialect.execute;
      const answer = here ?? execute(connection, text, values, row, most);
      return ending === undefined || !writes ? answer : kept(answer, lease, ending);
    });
    return writer === undefined
      ? answer
      : answer.then((done) => (done === LONG ? this.#aside(text, values, of) : done));
  }

  async #aside(text: string, values: readonly unknown[], of?: Plan): Promise<DatabaseResult> {
    return (await this.shared.routing?.alone(this, text, values)) ?? this.#ask(text, values, of);
  }
}

const isAlone = (plan: Plan | undefined): boolean => plan !== undefined && "from" in plan && plan.from?.alone === true;

/** Nothing was done: it may take long. */
const LONG: DatabaseResult = { rows: [], affected: 0 };

/** It is its own transaction, and ends with it. */
async function kept<T>(answer: Promise<T>, lease: Lease, ending: Deadline): Promise<T> {
  try {
    const result = await answer;
    ending.keep();
    return result;
  } catch (error) {
    if (lease.isLost || lease.rules.dialect.refusal(error)?.code === "database_away") ending.lose();
    throw error;
  }
}
