// Steps and their statements → what was done of them. I/O: runs the statements, in one transaction where that undoes them.
import type { OpenDatabase, Session } from "../database/session.js";
import type { DefinitionPlan } from "./definition-plan.js";
import type { DefinitionStatement } from "./statements.js";
import type { DefinitionStep } from "./step.js";

export interface DefinitionOutcome {
  readonly done: readonly DefinitionStep[];
  /** The step that the database refused, and why; what stands before it in `done` stays. */
  readonly failed?: { readonly step: DefinitionStep; readonly error: unknown };
}

const reasons: Readonly<Record<NonNullable<DefinitionStatement["refusedBy"]>, string>> = {
  invalid_value: "values that are there do not fit",
  foreign_key_violation: "rows that are there refer to what is not there",
  rows: "it holds rows",
};

/** A statement has found rows that the step does not fit. */
export class StepRefused extends Error {
  constructor(readonly code: NonNullable<DefinitionStatement["refusedBy"]>) {
    super(reasons[code]);
  }
}

export async function runPlan(plan: DefinitionPlan, database: OpenDatabase): Promise<DefinitionOutcome> {
  const done: DefinitionStep[] = [];
  const runAll = async (session: Session) => {
    for (const [i, step] of plan.steps.entries()) {
      for (const { sql, bindings, refusedBy } of plan.statements[i] ?? []) {
        const { rows } = await session.run(sql, bindings);
        if (refusedBy !== undefined && rows.length > 0) throw new StepRefused(refusedBy);
      }
      done.push(step);
    }
  };
  const { atomic = false } = database.dialect.definition ?? {};
  try {
    const unchecked = plan.steps.some((step) => step.do === "copy table");
    await (atomic ? database.transaction(runAll, { unchecked }) : runAll(database));
    return { done };
  } catch (error) {
    const step = plan.steps[done.length];
    if (step === undefined) throw error;
    return { done: atomic ? [] : done, failed: { step, error } };
  } finally {
    database.forgetStatements();
  }
}
