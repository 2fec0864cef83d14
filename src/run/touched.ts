// The tables that a request has to do with, noted while it runs. What is kept of answers goes by it.

import { isWriting, type Plan } from "../plan/plan.js";
import { ANY_TABLE } from "../plan/tables-in.js";
import type { CompiledStatement } from "../sql/compile.js";

export class Touched {
  /** Ids of tables, perhaps with `ANY_TABLE`. */
  readonly read = new Set<string>();
  /** Those that got new rows. */
  readonly inserted = new Set<string>();
  /** Those whose rows were changed or deleted. */
  readonly changed = new Set<string>();

  /** A statement is about to run. */
  note(plan: Plan, { tables = [ANY_TABLE] }: CompiledStatement): void {
    if (!isWriting(plan)) for (const table of tables) this.read.add(table);
    else if ("from" in plan && plan.from !== undefined) this.changed.add(ANY_TABLE);
    else if (plan.kind === "link" || (plan.kind === "insert" && plan.conflict === undefined))
      this.inserted.add(plan.table);
    else this.changed.add(plan.table);
  }

  get isWritten(): boolean {
    return this.inserted.size > 0 || this.changed.size > 0;
  }
}
