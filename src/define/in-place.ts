// Steps → those that a database can do to a table that stands, and sentences on those that it cannot.
import type { Definition } from "../dialect/parts/definition.js";
import { defaultValueOf } from "./default-value.js";
import type { Differences } from "./differences.js";
import { type Step, stepText } from "./step.js";

export interface InPlace extends Differences {
  /** Those that it cannot do, each told by a note. */
  readonly undone: readonly Step[];
}

export function inPlace({ steps, notes }: Differences, { alters }: Definition): InPlace {
  if (alters) return { steps, notes, undone: [] };
  const others = steps.filter((step) => !isInPlace(step));
  return {
    steps: steps.filter(isInPlace),
    undone: others,
    notes: [
      ...notes,
      ...others.map((step) => `not done, as this database cannot change a table that stands: ${stepText(step)}`),
    ],
  };
}

/** What SQLite's ALTER TABLE and CREATE INDEX can do (https://sqlite.org/lang_altertable.html). */
function isInPlace(step: Step): boolean {
  switch (step.do) {
    case "add column":
      return canBeAdded(step);
    case "change column":
    case "drop column":
    case "add foreign key":
    case "drop foreign key":
      return false;
    default:
      return true;
  }
}

/** With NOT NULL it needs a value for the rows that there are, which is no moment. */
function canBeAdded({ column }: Extract<Step, { readonly do: "add column" }>): boolean {
  const given = defaultValueOf(column);
  return given?.is !== "now" && (column.nullable || given?.is === "value");
}
