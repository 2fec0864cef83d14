// A schema and steps → the schema as it will be when they are done. Pure.
import type { Schema, Table } from "../schema/schema.js";
import { renamed } from "./rename.js";
import type { DefinitionStep } from "./step.js";

export const predicted = (schema: Schema, steps: readonly DefinitionStep[]): Schema => steps.reduce(after, schema);

function after(schema: Schema, step: DefinitionStep): Schema {
  if (step.do === "add table") return { ...schema, tables: [...schema.tables, step.table] };
  if (step.do === "drop table") return { ...schema, tables: schema.tables.filter(({ id }) => id !== step.table.id) };
  const { tables } = schema;
  if (step.do === "copy table") return predicted(schema, step.steps);
  if (step.do === "rename column") return { ...schema, tables: tables.map((table) => renamed(table, step)) };
  return { ...schema, tables: tables.map((table) => (table.id === step.table.id ? tableAfter(table, step) : table)) };
}

type TableStep = Exclude<DefinitionStep, { readonly do: "add table" | "drop table" | "rename column" | "copy table" }>;

function tableAfter(table: Table, step: TableStep): Table {
  const { columns, uniqueKeys, foreignKeys, indexes = [] } = table;
  switch (step.do) {
    case "comment table":
      return { ...table, comment: step.comment };
    case "add column":
      return { ...table, columns: [...columns, step.column] };
    case "change column":
      return { ...table, columns: columns.map((column) => (column.name === step.from.name ? step.to : column)) };
    case "change primary key":
      return { ...table, primaryKey: step.to };
    case "drop column":
      return { ...table, columns: columns.filter(({ name }) => name !== step.column.name) };
    case "add unique":
      return { ...table, uniqueKeys: [...uniqueKeys, step.key] };
    case "drop unique":
      return { ...table, uniqueKeys: uniqueKeys.filter((key) => !sameColumns(key, step.key)) };
    case "add index":
      return { ...table, indexes: [...indexes, step.index] };
    case "drop index":
      return { ...table, indexes: indexes.filter((index) => !sameColumns(index, step.index)) };
    case "add foreign key":
      return { ...table, foreignKeys: [...foreignKeys, step.key] };
    case "drop foreign key":
      return { ...table, foreignKeys: foreignKeys.filter((key) => !sameColumns(key, step.key)) };
  }
}

type Columns = Readonly<Record<"columns", readonly string[]>>;

const sameColumns = (one: Columns, other: Columns): boolean => one.columns.join("\0") === other.columns.join("\0");
