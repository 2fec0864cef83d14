// One change of a database's tables, as data, and the same in words.
import type { Column, ForeignKey, Index, Table, UniqueKey } from "../schema/schema.js";

/** Where a change is made. */
export type StepPlace = Pick<Table, "id" | "name" | "schema">;

/** What of a column is to be another. */
export type ColumnPart = "type" | "not null" | "default" | "comment";

export type DefinitionStep =
  | { readonly do: "add table"; readonly table: Table }
  | {
      readonly do: "drop table";
      readonly table: StepPlace;
      /** Refused where it holds rows. */
      readonly onlyEmpty?: boolean;
    }
  | { readonly do: "comment table"; readonly table: StepPlace; readonly comment: string }
  | { readonly do: "add column"; readonly table: StepPlace; readonly column: Column; readonly keyed: boolean }
  | {
      readonly do: "change column";
      readonly table: StepPlace;
      readonly from: Column;
      readonly to: Column;
      readonly parts: readonly ColumnPart[];
      readonly keyed: boolean;
    }
  | { readonly do: "rename column"; readonly table: StepPlace; readonly from: string; readonly to: string }
  | { readonly do: "drop column"; readonly table: StepPlace; readonly column: Column }
  | {
      readonly do: "change primary key";
      readonly table: StepPlace;
      readonly from: readonly string[];
      readonly to: readonly string[];
    }
  | { readonly do: "add unique"; readonly table: StepPlace; readonly key: UniqueKey }
  | { readonly do: "drop unique"; readonly table: StepPlace; readonly key: UniqueKey }
  | { readonly do: "add index" | "drop index"; readonly table: StepPlace; readonly index: Index }
  | { readonly do: "add foreign key" | "drop foreign key"; readonly table: StepPlace; readonly key: ForeignKey }
  | CopyStep;

/** What one copy of a table does at once. */
export type CopiedStep = Extract<
  DefinitionStep,
  {
    readonly do:
      | "add column"
      | "change column"
      | "drop column"
      | "change primary key"
      | "drop unique"
      | "add foreign key"
      | "drop foreign key";
  }
>;

export interface CopyStep {
  readonly do: "copy table";
  readonly table: StepPlace;
  /** By the names that columns have before it. */
  readonly steps: readonly CopiedStep[];
  /** Names of indexes that went before it. */
  readonly goneIndexes: readonly string[];
}

/** `add column albums.year`, `add foreign key albums(artist_id) to artists`. */
export function stepText(step: DefinitionStep): string {
  const { id } = step.table;
  switch (step.do) {
    case "add table":
    case "drop table":
    case "comment table":
      return `${step.do} ${id}`;
    case "add column":
    case "drop column":
      return `${step.do} ${id}.${step.column.name}`;
    case "rename column":
      return `${step.do} ${id}.${step.from} to ${step.to}`;
    case "change column":
      return `${step.do} ${id}.${step.to.name}: ${step.parts.join(", ")}`;
    case "add unique":
    case "drop unique":
      return `${step.do} ${id}(${step.key.columns.join(", ")})`;
    case "add index":
    case "drop index":
      return `${step.do} ${id}(${step.index.columns.join(", ")})`;
    case "add foreign key":
    case "drop foreign key":
      return `${step.do} ${id}(${step.key.columns.join(", ")}) to ${step.key.table}`;
    case "change primary key":
      return `${step.do} ${id}(${step.to.join(", ")})`;
    case "copy table":
      return step.steps.map(stepText).join("; ");
  }
}
