// What went wrong with a request → how much it says for a schema that is not what it was when it was read.

import { Outdated } from "../database/refusals.js";
import { HttpError } from "../http/problem.js";

export type Staleness =
  /** A statement named what is not there. */
  | "refused"
  /** The database failed in a way that nobody foresaw. */
  | "failed"
  /** Something was asked for that the schema does not know, or refuses: mostly the client's mistake. */
  | "name"
  | "none";

/** Refusals that rest on what the schema said when it was read, or that a column changed since may have caused. */
const names: ReadonlySet<string> = new Set([
  "no_route",
  "method_not_allowed",
  "unknown_parameter",
  "unknown_column",
  "unknown_relation",
  "invalid_filter",
  "invalid_value",
  "not_null_violation",
  "read_only_column",
]);

const unforeseen = new WeakSet<object>();

/** Marks what a driver said and no dialect knows, so that it is told from what a hook throws. */
export function fromDatabase<T>(error: T): T {
  if (typeof error === "object" && error !== null) unforeseen.add(error);
  return error;
}

export function stalenessOf(error: unknown): Staleness {
  if (error instanceof Outdated) return "refused";
  if (error instanceof HttpError) {
    if (error.code === "database_error") return "failed";
    return names.has(error.code) ? "name" : "none";
  }
  return typeof error === "object" && error !== null && unforeseen.has(error) ? "failed" : "none";
}
