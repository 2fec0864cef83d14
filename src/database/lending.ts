// Hands out the pool's connections, each with a lease that watches over it while some work has it.
import type { Deadline } from "../http/deadline.js";
import { Lease, type Rules } from "./lease.js";
import type { PooledConnection, PoolLeases } from "./pool-leases.js";

/** What all connections of a pool have in common, whatever dialect speaks to them. */
export class PreparedConnections {
  /** How often statements were to be forgotten, and what each connection knows of it. */
  #age = 0;
  readonly #ages = new WeakMap<object, number>();
  /** The one that was lent last. */
  last: unknown;

  forget(): void {
    this.#age++;
  }

  isOutdated(connection: unknown): boolean {
    return this.#age > 0 && this.#ages.get(connection as object) !== this.#age;
  }

  isUpToDate(connection: unknown): void {
    this.#ages.set(connection as object, this.#age);
  }
}

export class Lending {
  constructor(
    readonly rules: Rules,
    readonly lender: PoolLeases,
    readonly prepared: PreparedConnections,
  ) {}

  /** A connection until the work is done; what it begins ends with the request. */
  async lend<T>(ending: Deadline | undefined, work: (connection: unknown, lease: Lease) => Promise<T> | T): Promise<T> {
    if (ending !== undefined) ending.check();
    const { lender, prepared } = this;
    const lease = new Lease(this.rules, ending);
    let loan: PooledConnection | undefined;
    try {
      const taken = lender.acquire();
      // Where one is at hand, nothing is waited for.
      loan = taken instanceof Promise ? await waited(taken, lease, lender) : taken;
      const { connection } = loan;
      lease.connection = connection;
      if (prepared.isOutdated(connection)) await this.#prepare(connection, lease);
      prepared.last = connection;
      return await work(connection, lease);
    } catch (error) {
      throw lease.reason ?? error;
    } finally {
      if (lease.cancelling !== undefined) await lease.cancelling;
      if (loan !== undefined) lender.release(loan);
      lease.close();
    }
  }

  #prepare(connection: unknown, lease: Lease): Promise<void> {
    return lease.run(async () => {
      this.prepared.isUpToDate(connection);
      await this.rules.dialect.forget?.(connection);
    });
  }
}

/** One that comes when nobody waits for it any more goes on to the next. */
async function waited(taken: Promise<PooledConnection>, lease: Lease, lender: PoolLeases): Promise<PooledConnection> {
  try {
    return await lease.orBroken(taken);
  } catch (error) {
    if (lease.reason !== undefined)
      taken.then(
        (loan) => lender.release(loan),
        () => undefined,
      );
    throw error;
  }
}
