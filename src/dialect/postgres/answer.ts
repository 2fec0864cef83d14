// What is asked of a connection, and what it answers, whoever carries it.
import type { DatabaseResult } from "../connection.js";

export interface Statement {
  /** Empty where it is not kept. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  /** A transaction of its own, which can only read; open still where it fails. */
  readonly alone?: boolean;
}

export interface Answer extends DatabaseResult {
  /** Begins with what was done: `INSERT 0 1`, `UPDATE`, `COMMIT`. */
  readonly command: string;
}
