// INSERT, UPDATE and DELETE beyond what all databases say alike: locks, RETURNING, conflicts, numbers.
import type { Column, ColumnType } from "../../schema/schema.js";
import type { KeyConflict, NewRows, Write } from "../statement-parts.js";

export interface WritePart {
  /** What locks the rows of a SELECT until the transaction ends: behind the table's name, and at the end. Empty where writers are one at a time. */
  readonly lock: { readonly hint: string; readonly clause: string };
  /** Has INSERT / UPDATE a RETURNING clause? Without one the row is read again by its key in the same transaction. */
  readonly returning: { readonly insert: boolean; readonly update: boolean };
  /** INSERT's RETURNING asks for the right to insert what it answers, and INSERT … ON DUPLICATE KEY for the right to update all that it says. */
  readonly widensColumnRights?: true;
  /**
   * Does INSERT … SELECT … WHERE NOT EXISTS lock the place where the row is not, so that writers wait for each other? Then a key
   * that is taken is better refused, after which a transaction must go on.
   */
  readonly insertLocksGap?: true;
  /** Is a row that `ignoreConflict` stepped over answered as well, as if it were new? */
  readonly returnsExisting?: true;
  /** The whole of a write that answers with its row, where that is said otherwise than by RETURNING at its end. */
  returningStatement?(write: Write): string;
  /** Several new rows that are answered in their order, or rows that may stand already, where INSERT is not what does it. */
  insertRows?(rows: NewRows): string;
  /** What makes an INSERT change or leave the row that stands already by its key, at its end. */
  onConflict?(conflict: KeyConflict): string;
  /** Can rows that stand be left as they are by one of their keys, and a conflict in another key still be an error? */
  readonly ignoresByKey: boolean;
  /** Where INSERT has no RETURNING: an expression for how much apart the numbers are that its rows are given. */
  readonly numberStep?: string;
  /** An expression for the number that a column was given last on this connection; `table` is as statements name it. */
  lastNumber?(table: string, column: Column): string;
  /** One transaction writes at a time, and a number is greater than all before it: the greatest is that of the row made last. */
  readonly oneWriter?: true;
  /** Statements that set a point within a transaction, and go back to it. */
  readonly savepoint?: { readonly set: string; readonly back: string };
  /** What sets a column back to its default, or to NULL when it has none: `DEFAULT` where UPDATE knows it. */
  defaultOf(column: Column): string;
  /** A column of numbers and a placeholder, added without a digit lost. NULL stays NULL. */
  addExact(expression: string, placeholder: string, type: ColumnType): string;
  /** What stands behind `INSERT INTO t` when no column is named. */
  readonly insertDefaults: string;
  /**
   * What makes an INSERT step over a row whose unique key is taken, at its end; `column` is any column of the key, and
   * `qualifier` what tells it from the columns of the tables that the rows come from.
   */
  ignoreConflict(column: string, qualifier: string): string;
  /** Are foreign keys checked row by row, and not when the statement has written all of them? */
  readonly immediateForeignKeys?: boolean;
  /** What checks the constraints that otherwise wait for the commit, where there are such. */
  readonly checkDeferred?: string;
  /** Statements after which triggers of these names that wait for the transaction's end have fired, and the next ones wait again. */
  fireDeferred?(names: readonly string[]): readonly string[];
  /** Behind a table that an INSERT … SELECT asks for the row it is about to make: nobody else makes it in between. */
  readonly insertSelectLock?: string;
}
