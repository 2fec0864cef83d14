// Steps and their statements → what was done of them. I/O: runs the statements, in one transaction where that undoes them.
import type { OpenDatabase, Session } from "../database/session.js";
import type { DefinitionPlan } from "./definition-plan.js";
import type { Step } from "./step.js";

export interface Outcome {
  readonly done: readonly Step[];
  /** The step that the database refused, and why; what stands before it in `done` stays. */
  readonly failed?: { readonly step: Step; readonly error: unknown };
}

export async function runPlan(plan: DefinitionPlan, database: OpenDatabase): Promise<Outcome> {
  const done: Step[] = [];
  const runAll = async (session: Session) => {
    for (const [i, step] of plan.steps.entries()) {
      for (const { sql, bindings } of plan.statements[i] ?? []) await session.run(sql, bindings);
      done.push(step);
    }
  };
  const { atomic = false } = database.dialect.definition ?? {};
  try {
    await (atomic ? database.transaction(runAll) : runAll(database));
    return { done };
  } catch (error) {
    const step = plan.steps[done.length];
    if (step === undefined) throw error;
    return { done: atomic ? [] : done, failed: { step, error } };
  } finally {
    database.forgetStatements();
  }
}
