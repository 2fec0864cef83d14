// Steps → the same, with those that ALTER TABLE cannot do put together to one copy of each table. Pure.
import type { Column } from "../schema/schema.js";
import { defaultValueOf } from "./default-value.js";
import type { CopiedStep, DefinitionStep } from "./step.js";

/** For a database that copies tables (`Definition.copying`). */
export function withCopies(steps: readonly DefinitionStep[]): DefinitionStep[] {
  const copied = new Set(steps.filter((step) => !isInPlace(step)).map(({ table }) => table.id));
  if (copied.size === 0) return [...steps];
  const met = new Set<string>();
  return steps.flatMap((step) => {
    const { id } = step.table;
    if (!copied.has(id) || step.do === "add table" || step.do === "drop table") return [step];
    if (met.has(id)) return [];
    met.add(id);
    return aroundCopy(steps.filter((other) => other.table.id === id));
  });
}

/** Of one table: indexes go first, and columns have their new names last, so that the copy knows what is there by its old names. */
function aroundCopy(steps: readonly DefinitionStep[]): DefinitionStep[] {
  const inCopy = steps.filter(isOfCopy);
  const others: readonly DefinitionStep[] = steps.filter((step) => !inCopy.includes(step as CopiedStep));
  const before = others.filter((step) => step.do === "drop index" || step.do === "drop unique");
  const after = others.filter((step) => !before.includes(step));
  const former = new Map(steps.flatMap((step) => (step.do === "rename column" ? [[step.to, step.from] as const] : [])));
  const copy: DefinitionStep = {
    do: "copy table",
    table: steps[0]?.table as DefinitionStep["table"],
    steps: inCopy.map((step) => formerly(step, former)),
    goneIndexes: before.flatMap((step) => nameOf(step)),
  };
  return [...before, copy, ...after];
}

const nameOf = (step: DefinitionStep): string[] => {
  const name = step.do === "drop index" ? step.index.name : step.do === "drop unique" ? step.key.name : null;
  return name === null ? [] : [name];
};

/** What SQLite's ALTER TABLE and CREATE INDEX can do (https://sqlite.org/lang_altertable.html). */
function isInPlace(step: DefinitionStep): boolean {
  switch (step.do) {
    case "add column":
      return canBeAdded(step);
    case "change column":
    case "drop column":
    case "add foreign key":
    case "drop foreign key":
    case "change primary key":
      return false;
    // One that the table was made with has no index that could be dropped.
    case "drop unique":
      return step.key.name !== null;
    default:
      return true;
  }
}

/** A column that comes is of the copy too, where there is one. */
const isOfCopy = (step: DefinitionStep): step is CopiedStep => step.do === "add column" || !isInPlace(step);

/** With NOT NULL it needs a value for the rows that there are, which is no moment. */
function canBeAdded({ column }: Extract<DefinitionStep, { readonly do: "add column" }>): boolean {
  const given = defaultValueOf(column);
  return given?.is !== "now" && (column.nullable || given?.is === "value");
}

const named = (column: Column, former: ReadonlyMap<string, string>): Column => ({
  ...column,
  name: former.get(column.name) ?? column.name,
});

/** By the names that columns have before. */
function formerly(step: CopiedStep, former: ReadonlyMap<string, string>): CopiedStep {
  const names = (columns: readonly string[]) => columns.map((name) => former.get(name) ?? name);
  switch (step.do) {
    case "add column":
    case "drop column":
      return step;
    case "change column":
      return { ...step, from: named(step.from, former), to: named(step.to, former) };
    case "drop unique":
      return { ...step, key: { ...step.key, columns: names(step.key.columns) } };
    case "change primary key":
      return { ...step, from: names(step.from), to: names(step.to) };
    default: {
      const { key, table } = step;
      const references = key.table === table.id ? names(key.references) : key.references;
      return { ...step, key: { ...key, columns: names(key.columns), references } };
    }
  }
}
