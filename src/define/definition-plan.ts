// What is and what is wanted → all that would be done: steps, statements, what it means for clients. Pure.
import { buildRouteTree } from "../routes/build.js";
import type { Change } from "../routes/change.js";
import { apiChanges, type Side } from "../routes/diff.js";
import { nameFields } from "../schema/field-names.js";
import type { Schema } from "../schema/schema.js";
import { checkNames, fittingNotes } from "./fitting.js";
import { inPlace } from "./in-place.js";
import { checkTypes } from "./portable-types.js";
import { predicted } from "./predict.js";
import { type Maker, type Statement, statementsOf } from "./statements.js";
import type { Step } from "./step.js";
import { stepsTo } from "./steps.js";
import type { Wanted } from "./wanted.js";

export interface DefinitionPlan {
  readonly steps: readonly Step[];
  /** Those of each step. */
  readonly statements: readonly (readonly Statement[])[];
  /** Sentences without their end. */
  readonly notes: readonly string[];
  /** What clients would see of it. */
  readonly changes: readonly Change[];
}

/** How routes and fields are named, as `buildRouteTree` and `nameFields` have it. */
export type Naming = Parameters<typeof buildRouteTree>[1] & Parameters<typeof nameFields>[1];

/** Throws `ConfigError` for a name that the database does not take. */
export function definitionPlan(
  is: Schema,
  wanted: Wanted,
  dialect: Maker,
  naming: Naming,
  drop: boolean,
): DefinitionPlan {
  checkNames(wanted.schema, dialect.definition);
  if (wanted.byHand) checkTypes(wanted.schema, dialect.definition);
  const { steps, notes } = inPlace(stepsTo(wanted.schema, is, dialect.definition, drop), dialect.definition);
  return {
    steps,
    statements: statementsOf(steps, dialect),
    notes: [...wanted.notes, ...fittingNotes(wanted.schema, dialect.definition), ...notes],
    changes: apiChanges(sideOf(is, naming), sideOf(predicted(is, steps), naming)),
  };
}

function sideOf(schema: Schema, naming: Naming): Side {
  const named = nameFields(schema, naming);
  return { schema: named, tree: buildRouteTree(named, naming) };
}
