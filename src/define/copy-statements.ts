// A copy of a table, as a step → what its dialect makes the statements of it of: the texts of what is there, and one of what comes.
import type { TableCopy } from "../dialect/parts/definition.js";
import type { ForeignKey, Table } from "../schema/schema.js";
import type { DefinedSchema } from "./read-definition.js";
import type { CopiedStep, CopyStep } from "./step.js";

/** `make`: a CREATE TABLE for the columns and keys of a table. */
export function copyOf(
  { table: { id, name }, steps, goneIndexes }: CopyStep,
  { tables, texts = [] }: DefinedSchema,
  make: (table: Table) => string,
): TableCopy {
  const table = tables.find((other) => other.id === id) as Table;
  const added = steps.flatMap((step) => (step.do === "add column" ? [step.column] : []));
  const changed = steps.flatMap((step) => (step.do === "change column" ? [step] : []));
  const isChanged = (name: string) => changed.some(({ to }) => to.name === name);
  const key = steps.find((step) => step.do === "change primary key");
  const made: Table = {
    ...table,
    columns: [...added, ...changed.map(({ to }) => to), ...table.columns.filter(({ name }) => !isChanged(name))],
    primaryKey: key?.to ?? [],
    uniqueKeys: [],
    indexes: [],
    foreignKeys: steps.flatMap((step) => (step.do === "add foreign key" ? [step.key] : [])),
  };
  return {
    table: name,
    texts: texts.filter((text) => text.type !== "index" || !goneIndexes.includes(text.name)),
    made: make(made),
    added: added.map((column) => column.name),
    changed: changed.map(({ to, parts }) => ({ column: to, parts })),
    dropped: steps.flatMap((step) => (step.do === "drop column" ? [step.column.name] : [])),
    uniqueKeys: steps.flatMap((step) => (step.do === "drop unique" ? [step.key.columns] : [])),
    foreignKeys: steps.flatMap((step) => (step.do === "drop foreign key" ? [step.key.columns] : [])),
    ...(key && { primaryKey: key.from }),
    checked: checkedAfter(table, tables, steps),
  };
}

/** Tables whose rows may refer to what is not there any more. Rows that are copied as they are refer to what they did before. */
function checkedAfter(table: Table, tables: readonly Table[], steps: readonly CopiedStep[]): string[] {
  const changed = new Set(steps.flatMap((step) => (step.do === "change column" ? [step.from.name] : [])));
  const losesKey = steps.some((step) => step.do === "change primary key" || step.do === "drop unique");
  const gains = steps.some(
    (step) => step.do === "add foreign key" || (step.do === "add column" && step.column.default !== null),
  );
  const isOwn = gains || table.foreignKeys.some(({ columns }) => columns.some((name) => changed.has(name)));
  const leads = ({ table: to, references }: ForeignKey) =>
    to === table.id && (losesKey || references.some((name) => changed.has(name)));
  const referring = tables.filter(({ kind, foreignKeys }) => kind === "table" && foreignKeys.some(leads));
  return [...new Set([...(isOwn ? [table.name] : []), ...referring.map(({ name }) => name)])];
}
