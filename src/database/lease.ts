// One of the database's connections, for as long as some work has it. What runs on it too long, or for a request that is over, is
// broken off; a connection that says nothing even then is thrown away.

import { lastLook, OUT, unwatch, type Watched, watch } from "../base/sweep.js";
import type { Transactions } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import type { Deadline } from "../http/deadline.js";
import { type HttpError, problem } from "../http/problem.js";

/** How long a statement that was broken off may take to end, in milliseconds, before its connection is thrown away. */
export const GRACE = 2_000;
/** The same for a commit, from its beginning: it is never broken off. */
const COMMIT = 10_000;

export interface Rules {
  readonly dialect: Dialect;
  /** Milliseconds that a statement may take. */
  readonly limit: number;
  /** Milliseconds after which it is asked whether the database answers at all: it may have a longer limit of its own. */
  readonly doubtful?: number;
  /** A connection beside the pool. */
  open(): Promise<unknown>;
  /** Called when a connection was thrown away that did not answer. */
  silent(): void;
}

export class Lease implements Watched {
  place = OUT;
  connection: unknown;
  /** Set once the work is broken off: what failed since failed for this. */
  reason: HttpError | undefined;
  /** Settles when the statement was asked to end. */
  cancelling: Promise<void> | undefined;
  #running = 0;
  #since = 0;
  #committing = false;
  #endedAt = 0;
  #lost = false;
  #isDoubted = false;
  #lose: ((reason: HttpError) => void) | undefined;

  constructor(
    readonly rules: Rules,
    readonly ending: Deadline | undefined,
  ) {
    if (ending !== undefined) ending.held++;
    watch(this);
  }

  /** The connection was thrown away: nobody can say what became of its last statement. */
  get isLost(): boolean {
    return this.#lost;
  }

  close(): void {
    unwatch(this);
    if (this.ending !== undefined) this.ending.held--;
  }

  /** A statement begins that is the only one. */
  begin(): void {
    this.#running++;
    this.#since = lastLook();
    this.#isDoubted = false;
  }

  /** The work, or the reason why it is broken off: it may wait for something else than the database. */
  orBroken<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#lose = reject;
      if (this.reason !== undefined) reject(this.reason);
      work.then(resolve, reject);
    });
  }

  /** A statement among others. What is done at once needs nobody who watches over it. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const reason = this.ending?.broken ?? this.reason;
    if (reason !== undefined) return Promise.reject(reason);
    return this.rules.dialect.cancel === undefined ? work() : this.#timed(work);
  }

  /** The same transactions, watched. */
  attended({ begin, commit, rollback, confirm, isLocked }: Transactions): Transactions {
    return {
      begin: (connection, readOnly, reads) => this.run(() => begin(connection, readOnly, reads)),
      commit: async (connection) => {
        this.finish();
        return this.#ending(() => commit(connection));
      },
      rollback: async (connection) => {
        await this.cancelling;
        return this.#timed(() => rollback(connection));
      },
      ...(confirm && { confirm: (connection: unknown) => this.run(() => confirm(connection)) }),
      ...(isLocked && { isLocked }),
    };
  }

  /** From here on the transaction's end is not broken off. Throws where it was before. */
  finish(): void {
    this.ending?.check();
    if (this.reason !== undefined) throw this.reason;
    this.#committing = true;
    this.begin();
  }

  /** A transaction of knex's, which commits when `finish` was said. */
  async committed<T>(transaction: Promise<T>): Promise<T> {
    return this.#ending(() => transaction);
  }

  look(now: number): void {
    if (this.reason !== undefined) {
      // The work waits for something else than the database, such as a hook.
      if (this.#running === 0) this.#lose?.(this.reason);
      if (now - this.#endedAt > GRACE) this.discard();
      return;
    }
    const ran = this.#running > 0 ? now - this.#since : 0;
    if (this.#committing) {
      if (ran > Math.max(COMMIT, this.ending?.broken ? 0 : this.rules.limit)) this.#break(now, late());
    } else if (this.ending?.broken !== undefined) this.#break(now, this.ending.broken);
    else if (ran > this.rules.limit) this.#break(now, late());
    else if (ran > (this.rules.doubtful ?? this.rules.limit) && !this.#isDoubted) void this.#doubt(this.#since);
  }

  /** Ends the connection without a word, and whatever waits for it. */
  discard(): void {
    const { connection, rules } = this;
    if (this.#lost || connection === undefined || rules.dialect.discard === undefined) return;
    this.#lost = true;
    this.reason ??= late();
    Object.assign(connection as object, { __knex__disposed: this.reason });
    rules.dialect.discard(connection);
    rules.silent();
    this.#lose?.(this.reason);
  }

  #break(now: number, reason: HttpError): void {
    this.reason = reason;
    this.#endedAt = now;
    if (this.#committing) this.discard();
    else if (this.#running === 0 || this.connection === undefined) this.#lose?.(reason);
    else this.cancelling = this.#cancel(this.connection);
  }

  /** Whether a new connection is had: where it is not, this one will not be answered either. */
  async #doubt(since: number): Promise<void> {
    this.#isDoubted = true;
    const { dialect, open } = this.rules;
    const answers = await inTime(open().then((beside) => dialect.discard?.(beside)));
    if (!answers && this.#running > 0 && this.#since === since && !this.#committing) this.discard();
  }

  /** A cancellation that is under way might meet the next statement: then there is none on this connection. */
  async #cancel(connection: unknown): Promise<void> {
    const { dialect, open } = this.rules;
    if (dialect.cancel === undefined) return;
    if (!(await inTime(dialect.cancel(connection, open)))) this.discard();
  }

  async #ending<T>(work: () => Promise<T>): Promise<T> {
    try {
      const done = await work();
      this.ending?.keep();
      return done;
    } catch (error) {
      this.#causedBy(error);
      const isLost = this.#lost || this.rules.dialect.refusal(error)?.code === "database_away";
      if (this.#committing && isLost) this.ending?.lose();
      throw this.reason ?? error;
    } finally {
      this.#committing = false;
      this.#running = 0;
    }
  }

  async #timed<T>(work: () => Promise<T>): Promise<T> {
    this.begin();
    try {
      return await work();
    } catch (error) {
      this.#causedBy(error);
      throw this.reason ?? error;
    } finally {
      this.#running--;
      this.#since = lastLook();
    }
  }

  /** The log has what the driver said of a statement that was broken off. */
  #causedBy(error: unknown): void {
    if (this.reason !== undefined && error !== this.reason) this.reason.cause = error;
  }
}

/** Is it done before its grace is over? */
async function inTime(work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, GRACE, false);
  });
  const asked = work.then(
    () => true,
    () => false,
  );
  const done = await Promise.race([asked, overdue]);
  clearTimeout(timer);
  return done;
}

const late = (): HttpError =>
  problem("timeout", "The database did not finish in time. Ask for less, or try again later.", {
    cause: new Error("The statement ran past its time, and was broken off."),
  });
