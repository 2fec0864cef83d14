// What is refused while tables are changed → problems in the caller's words: the place in the body, or the step and why. No SQL, no driver text.
import type { Defining } from "../../api/defining.js";
import { ConfigError } from "../../base/config-error.js";
import { refusalProblem } from "../../database/refusals.js";
import { CHANGE, ENTRY } from "../../define/entry-form.js";
import { type DefinitionOutcome, StepRefused } from "../../define/run.js";
import { type DefinitionStep, stepText } from "../../define/step.js";
import type { DatabaseRefusal } from "../../dialect/connection.js";
import { HttpError, problem } from "../../http/problem.js";
import type { Table } from "../../schema/schema.js";

/** A mistake of the body is 400 with its place; one that the server's own options make of it is 409. */
export async function inCallersWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ConfigError ? configProblem(error) : error;
  }
}

function configProblem({ place, reason, message }: ConfigError): HttpError {
  const field = [ENTRY, CHANGE].find((front) => place === front || place.startsWith(`${front}.`));
  if (field === undefined)
    return problem("table_in_use", `The server's options would not fit any more. Nothing was done. ${message}`);
  const inside = place.slice(field.length + 1) || "body";
  return problem("invalid_body", `${inside}: ${reason}`, { errors: [{ field: inside, message: reason }] });
}

export const holdsRows = ({ id }: Pick<Table, "id">): HttpError =>
  problem("table_in_use", `${id} holds rows. With ?rows=delete they go with it.`);

/** `done` stays: where the database undoes all, it is empty. */
export function failureProblem(
  { step, error }: NonNullable<DefinitionOutcome["failed"]>,
  done: readonly DefinitionStep[],
  { dialect }: Pick<Defining, "dialect">,
): HttpError {
  if (error instanceof StepRefused && error.code === "rows") return holdsRows(step.table);
  const refused = error instanceof HttpError ? error : refusedStep(step, error, refusalOf(error, dialect));
  if (done.length === 0) return refused.said(`${refused.message} Nothing was changed.`, {});
  const kept = done.map(stepText);
  return refused.said(`${refused.message} Done before, and kept: ${kept.join("; ")}.`, { further: { done: kept } });
}

const refusalOf = (error: unknown, dialect: Defining["dialect"]): DatabaseRefusal | undefined =>
  error instanceof StepRefused && error.code !== "rows" ? { code: error.code } : dialect.refusal(error);

function refusedStep(step: DefinitionStep, cause: unknown, refusal: DatabaseRefusal | undefined): HttpError {
  if (refusal !== undefined && passing.has(refusal.code)) return refusalProblem(refusal, { cause });
  return problem("definition_refused", `${stepText(step)}: ${reasonOf(refusal)}`, { cause });
}

/** What is no fault of the change itself. */
const passing: ReadonlySet<DatabaseRefusal["code"]> = new Set([
  ...(["database_away", "timeout", "conflict", "refused"] as const),
]);

const reasons: Readonly<Partial<Record<DatabaseRefusal["code"], string>>> = {
  unique_violation: "rows that are there have the same value.",
  not_null_violation: "rows that are there would be without a value. Give a default.",
  foreign_key_violation: "rows that are there refer to what is not there.",
  check_violation: "rows that are there break the rule.",
  invalid_value: "values that are there, or the default, do not fit the type.",
};

const reasonOf = (refusal: DatabaseRefusal | undefined): string =>
  (refusal && reasons[refusal.code]) ?? "the database refuses it. The server's log has its words.";
