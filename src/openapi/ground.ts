// What every part of the document looks things up in.
import type { Limits } from "../http/limits.js";
import type { NamedRelation, Profile, Resource } from "../routes/tree.js";
import { type Column, fieldOf } from "../schema/schema.js";
import type { BigNumbers } from "./column.js";
import type { Components } from "./components.js";
import type { JsonSchema } from "./schema.js";

export interface Ground {
  readonly components: Components;
  readonly limits: Limits;
  readonly bigNumbers: BigNumbers;
  readonly tables: ReadonlyMap<string, Described>;
  /** What schemas are called, or may be, without capitals. */
  readonly schemaNames: ReadonlySet<string>;
  /** Are there security schemes, so that requests may be refused by them? */
  readonly secured: boolean;
  /** Is `Idempotency-Key` heeded? */
  readonly keyed: boolean;
  /** Which of several schemas it is. */
  readonly profile: Profile | undefined;
  /** Are rows related to related rows of any form? Otherwise tables refer to each other in circles. */
  readonly cut: boolean;
  /** How many of a table's relations are shown with the columns of the other table; others may be of any form. */
  readonly most: number;
  /** References to the parameters that filter a table's columns, by its id. */
  readonly filters: Map<string, readonly JsonSchema[]>;
  /** Are parameters and refusals said once for all tables, in general words? */
  readonly terse: boolean;
  /** Are routes below a row said in their plain form? */
  readonly plain: boolean;
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
  /** The same, and what they show only where it is asked for. */
  readonly readable: readonly Column[];
  /** What bodies may say. */
  readonly written: readonly Column[];
  /** By their names in the database. */
  readonly columns: ReadonlyMap<string, Column>;
}

export const tableIn = ({ tables }: Ground, id: string): Described => tables.get(id) as Described;

export const fieldIn = ({ columns }: Described, name: string): string => fieldOf(columns.get(name) as Column);

/** Where one name is a column and a relation, it is the column; or both, where the row may stand in the place of its key. */
export const relationsOf = ({ resource, fields }: Described): readonly NamedRelation[] =>
  resource.relations.filter(({ name, inPlace }) => inPlace || !fields.has(name));

/** A related row of any form. */
export const freeRow: JsonSchema = { type: "object", additionalProperties: true };

/** The related rows' schemas over those of the columns: a key, or the row in its place. */
export function over(
  columns: Readonly<Record<string, JsonSchema>>,
  related: Readonly<Record<string, JsonSchema>>,
): Record<string, JsonSchema> {
  const either = Object.entries(related).map(([name, row]) => {
    const key = columns[name];
    return [name, key === undefined ? row : { anyOf: [key, row], description: "The key, or the row in its place." }];
  });
  return { ...columns, ...Object.fromEntries(either) };
}
