// What every part of the document looks things up in.
import type { Limits } from "../http/limits.js";
import type { NamedRelation, Resource } from "../routes/tree.js";
import { type Column, fieldOf } from "../schema/schema.js";
import type { BigNumbers } from "./column.js";
import type { Components } from "./components.js";

export interface Ground {
  readonly components: Components;
  readonly limits: Limits;
  readonly bigNumbers: BigNumbers;
  readonly tables: ReadonlyMap<string, Described>;
  /** Are there security schemes, so that requests may be refused by them? */
  readonly secured: boolean;
}

/** A table with its names in the document. */
export interface Described {
  readonly resource: Resource;
  /** What its components' names begin with: `Album`. */
  readonly name: string;
  /** By their names in JSON. */
  readonly fields: ReadonlyMap<string, Column>;
  /** What rows show. */
  readonly shown: readonly Column[];
  /** What bodies may say. */
  readonly written: readonly Column[];
  /** By their names in the database. */
  readonly columns: ReadonlyMap<string, Column>;
}

export const tableIn = ({ tables }: Ground, id: string): Described => tables.get(id) as Described;

export const fieldIn = ({ columns }: Described, name: string): string => fieldOf(columns.get(name) as Column);

/** Where one name is a column and a relation, it is the column. */
export const relationsOf = ({ resource, fields }: Described): readonly NamedRelation[] =>
  resource.relations.filter(({ name }) => !fields.has(name));
