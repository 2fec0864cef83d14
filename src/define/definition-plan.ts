// What is and what is wanted → all that would be done: steps, statements, what it means for clients. Pure.
import type { Definition } from "../dialect/parts/definition.js";
import { buildRouteTree } from "../routes/build.js";
import type { RouteChange } from "../routes/change.js";
import { apiChanges, type Side } from "../routes/diff.js";
import { nameFields } from "../schema/field-names.js";
import type { Schema } from "../schema/schema.js";
import { withCopies } from "./copies.js";
import type { Differences } from "./differences.js";
import { checkNames, fittingNotes } from "./fitting.js";
import { checkTypes } from "./portable-types.js";
import { predicted } from "./predict.js";
import type { DefinedSchema } from "./read-definition.js";
import { type DefinitionStatement, type Maker, statementsOf } from "./statements.js";
import type { DefinitionStep } from "./step.js";
import { stepsTo } from "./steps.js";
import type { Wanted } from "./wanted.js";

export interface DefinitionPlan {
  readonly steps: readonly DefinitionStep[];
  /** Those of each step. */
  readonly statements: readonly (readonly DefinitionStatement[])[];
  /** Sentences without their end. */
  readonly notes: readonly string[];
  /** What clients would see of it. */
  readonly changes: readonly RouteChange[];
}

/** How routes and fields are named, as `buildRouteTree` and `nameFields` have it. */
export type DefinitionNaming = Parameters<typeof buildRouteTree>[1] & Parameters<typeof nameFields>[1];

/** Throws `ConfigError` for a name that the database does not take. */
export function definitionPlan(
  is: DefinedSchema,
  wanted: Wanted,
  dialect: Maker,
  seen: (schema: Schema) => Side,
  drop: boolean,
): DefinitionPlan {
  return planOf(is, wantedSteps(is, wanted, dialect.definition, drop), dialect, seen);
}

/** The steps to it, and what of it cannot be had. Throws `ConfigError`. */
export function wantedSteps(is: Schema, wanted: Wanted, definition: Definition, drop = false): Differences {
  checkNames(wanted.schema, definition);
  if (wanted.byHand) checkTypes(wanted.schema, definition);
  const { steps, notes } = stepsTo(wanted.schema, is, definition, drop);
  return { steps, notes: [...wanted.notes, ...fittingNotes(wanted.schema, definition), ...notes] };
}

/** The same for steps that are known. `seen`: a schema as clients see it. */
export function planOf(
  is: DefinedSchema,
  differences: Differences,
  dialect: Maker,
  seen: (schema: Schema) => Side,
): DefinitionPlan {
  const { notes } = differences;
  const steps = dialect.definition.copying === undefined ? differences.steps : withCopies(differences.steps);
  return {
    steps,
    statements: statementsOf(steps, dialect, is),
    notes,
    changes: apiChanges(seen(is), seen(predicted(is, steps))),
  };
}

/** What clients see of a schema all of which is shown. */
export function sideOf(schema: Schema, naming: DefinitionNaming): Side {
  const named = nameFields(schema, naming);
  return { schema: named, tree: buildRouteTree(named, naming) };
}
