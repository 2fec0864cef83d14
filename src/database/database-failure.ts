// One of several databases could not be opened or used.
import type { GivenDb } from "./open-knex.js";

/** `cause` says why. */
export class DatabaseFailure extends Error {
  override readonly name = "DatabaseFailure";
  constructor(
    /** Which one: `database main`, `auth.db`. */
    readonly what: string,
    readonly db: GivenDb,
    cause: unknown,
  ) {
    super(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
