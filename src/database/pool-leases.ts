// The pool's connections, handed on from one statement to the next: to whoever waits, or to the next that comes within a turn of
// the event loop. Each way through knex's pool is four promises, a timer and a validation that awaits, which is more than all of
// the JavaScript of a short request besides (measured: 9 of 80 µs a request of one row with PostgreSQL, 8 of 52 with SQLite).
import type { Knex } from "knex";

/** Uses after which a connection goes through the pool, which looks at its age, and lets others have it. */
const MOST_USES = 100;

/** A connection that is out of the pool. */
export interface PooledConnection {
  readonly connection: unknown;
  /** How often it was handed out since it left the pool. */
  uses: number;
}

export interface PoolUsage {
  readonly used: number;
  readonly free: number;
  /** Statements and transactions that wait for a connection. */
  readonly waiting: number;
}

/** tarn's pool, as knex has it; another that was put in its place may have none of it. */
interface Pool {
  readonly max?: number;
  readonly acquireTimeoutMillis?: number;
  readonly free?: readonly { readonly resource: unknown }[];
  numUsed?(): number;
  numFree?(): number;
  numPendingAcquires?(): number;
}

/** What is used of `knex.client`. */
export interface PoolClient {
  readonly pool?: Pool;
  acquireConnection(): Promise<unknown>;
  releaseConnection(connection: unknown): Promise<void>;
  validateConnection(connection: unknown): unknown;
}

interface Waiter {
  readonly timer: NodeJS.Timeout;
  settle(loan: PooledConnection | Promise<PooledConnection>): void;
}

export class PoolLeases {
  readonly #client: PoolClient;
  /** Handed back in this turn. */
  readonly #idle: PooledConnection[] = [];
  /** Who waits, while all that the pool has is lent here. */
  readonly #waiting: Waiter[] = [];
  /** Out of the pool, or asked of it. */
  #held = 0;
  /** Are the idle ones to go back at the end of this turn? */
  #returning = false;
  /** Stood open when the database was silent, and have not answered since. */
  readonly #doubted = new Set<unknown>();

  constructor(
    knex: Knex,
    /** Ends a connection without a word to the server. */
    readonly discard?: (connection: unknown) => void,
  ) {
    this.#client = knex.client;
  }

  /** A connection was thrown away that did not answer: the others that stand open may be as dead, and are not tried out by requests. */
  doubt(): void {
    for (const { resource } of this.#pool.free ?? []) this.#doubted.add(resource);
    for (const { connection } of this.#idle) this.#doubted.add(connection);
  }

  /** A connection; a promise of one where none is at hand. Rejects as knex does: where the database is away, or all are busy for too long. */
  acquire(): PooledConnection | Promise<PooledConnection> {
    for (let loan = this.#idle.pop(); loan !== undefined; loan = this.#idle.pop()) {
      if (this.#isTrusted(loan.connection) && this.#isGood(loan)) return loan;
      this.#return(loan);
    }
    return this.#held < this.#most ? this.#fromPool() : new Promise((settle) => this.#wait(settle));
  }

  release(loan: PooledConnection): void {
    loan.uses++;
    // Others may use the pool too, and wait in it.
    if (loan.uses >= MOST_USES || this.#pool.numPendingAcquires?.() !== 0 || !this.#isGood(loan)) this.#return(loan);
    else if (this.#waiting.length > 0) this.#next(loan);
    else {
      this.#idle.push(loan);
      this.#returnSoon();
    }
  }

  get usage(): PoolUsage {
    const { numUsed, numFree, numPendingAcquires } = this.#pool;
    const idle = this.#idle.length;
    return {
      used: (numUsed?.call(this.#pool) ?? 0) - idle,
      free: (numFree?.call(this.#pool) ?? 0) + idle,
      waiting: (numPendingAcquires?.call(this.#pool) ?? 0) + this.#waiting.length,
    };
  }

  get #pool(): Pool {
    return this.#client.pool ?? {};
  }

  get #most(): number {
    return this.#pool.max ?? Number.POSITIVE_INFINITY;
  }

  /** As knex looks at a connection before it hands it out; its age is looked at in the pool. */
  #isGood({ connection }: PooledConnection): boolean {
    const disposed = (connection as { __knex__disposed?: unknown }).__knex__disposed;
    return !disposed && Boolean(this.#client.validateConnection(connection));
  }

  async #fromPool(): Promise<PooledConnection> {
    this.#held++;
    try {
      return { connection: await this.#trusted(), uses: 0 };
    } catch (error) {
      this.#held--;
      this.#next();
      throw error;
    }
  }

  async #trusted(): Promise<unknown> {
    for (;;) {
      const connection = await this.#client.acquireConnection();
      if (this.#isTrusted(connection)) return connection;
      await this.#client.releaseConnection(connection);
    }
  }

  /** Ends one that is not. */
  #isTrusted(connection: unknown): boolean {
    if (!this.#doubted.delete(connection)) return true;
    Object.assign(connection as object, { __knex__disposed: new Error("It stood open when the database was silent.") });
    this.discard?.(connection);
    return false;
  }

  #wait(settle: Waiter["settle"]): void {
    const giveUp = () => {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      settle(Promise.reject(new Error("Timeout acquiring a connection: all of them are busy.")));
    };
    const waiter = { timer: setTimeout(giveUp, this.#pool.acquireTimeoutMillis), settle };
    this.#waiting.push(waiter);
  }

  /** Who waited longest has this one, or one of the pool's. */
  #next(loan?: PooledConnection): void {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) return;
    clearTimeout(waiter.timer);
    waiter.settle(loan ?? this.#fromPool());
  }

  #return({ connection }: PooledConnection): void {
    this.#held--;
    this.#client.releaseConnection(connection);
    this.#next();
  }

  #returnSoon(): void {
    if (this.#returning) return;
    this.#returning = true;
    setImmediate(() => {
      this.#returning = false;
      for (const loan of this.#idle.splice(0)) this.#return(loan);
    });
  }
}
