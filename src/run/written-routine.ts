// What a config's routine runs of the host's own.
import type { Knex } from "knex";

/** What such a function is given. */
export interface RunContext {
  /** By name, typed; those that were left out are not there, unless they have a default. */
  readonly args: Readonly<Record<string, unknown>>;
  /** The request's transaction: whatever throws rolls it back. */
  readonly trx: Knex.Transaction;
  readonly user: unknown;
}

/** Its result is the answer, as JSON; nothing is 204. May be async. */
export type RunRoutine = (context: RunContext) => unknown;
