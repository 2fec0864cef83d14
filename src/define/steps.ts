// The schema that is and the one that is wanted → the steps that lead from one to the other. Pure.
import type { Definition } from "../dialect/parts/definition.js";
import type { Schema, Table } from "../schema/schema.js";
import { type Differences, tableDifferences } from "./differences.js";
import { lateKeys, parentsFirst } from "./order.js";
import type { DefinitionStep } from "./step.js";

/** Tables that are there and not wanted stay as they are. */
export function stepsTo(wanted: Schema, is: Schema, definition: Definition, drop = false): Differences {
  const known = new Map(is.tables.map((table) => [table.id, table]));
  const sorted = parentsFirst(wanted.tables.filter(({ id }) => !known.has(id)));
  const changed = wanted.tables.flatMap((table) => {
    const own = known.get(table.id);
    return own === undefined ? [] : [tableDifferences(own, table, definition, drop)];
  });
  return {
    steps: [
      ...sorted.map((table) => addTable(table, sorted, definition)),
      ...sorted.flatMap((table) => (definition.copying === undefined ? lateSteps(table, sorted) : [])),
      ...changed.flatMap(({ steps }) => steps),
    ],
    notes: changed.flatMap(({ notes }) => notes),
  };
}

/** Where a foreign key cannot be added later, it may be made before its table is. */
function addTable(table: Table, sorted: readonly Table[], { copying }: Definition): DefinitionStep {
  if (copying !== undefined) return { do: "add table", table };
  const late = lateKeys(table, sorted);
  return { do: "add table", table: { ...table, foreignKeys: table.foreignKeys.filter((key) => !late.includes(key)) } };
}

const lateSteps = (table: Table, sorted: readonly Table[]): DefinitionStep[] =>
  lateKeys(table, sorted).map((key) => ({ do: "add foreign key", table, key }));
