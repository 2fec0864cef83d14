// A database's catalogue as uniform rows: what a dialect's few queries answered, before a schema is made of them.
import type { FoundEffect } from "../schema/effects.js";
import type { Column } from "../schema/schema.js";
import type { SchemaWarning, Writing } from "../schema/warnings.js";
import type { SpokenView } from "./views/spoken.js";

export interface CatalogueTable {
  readonly schema: string | null;
  readonly table: string;
  readonly kind: "table" | "view";
  readonly comment?: string;
  /** What keeps its rows, where that has no transactions. */
  readonly engine?: string;
  /** Tables without transactions that its triggers name. */
  readonly triggersInto?: readonly string[];
  /** What the connection may not do to its rows; what it may do to no column need not be said. */
  readonly denied?: readonly Writing[];
  /** Why it is left out, though it is there. */
  readonly leftOut?: Pick<SchemaWarning, "code" | "about">;
}

/** The columns in the table's order. */
export interface CatalogueColumn extends Omit<Column, "as"> {
  readonly schema: string | null;
  readonly table: string;
  /** The connection may not read it. */
  readonly unreadable?: true;
}

/** One column of a primary or unique key; the rows of a key stand in key order. */
export interface CatalogueKey {
  readonly schema: string | null;
  readonly table: string;
  readonly name: string | null;
  /** Tells the keys of one table apart. */
  readonly id: string;
  readonly primary: boolean;
  readonly column: string;
  /** Why no conflict with it can be asked for. */
  readonly unarbitrable?: string;
}

/** One column of a foreign key. No referenced column means the referenced table's primary key. */
export interface CatalogueReference {
  readonly schema: string | null;
  readonly table: string;
  readonly name: string | null;
  readonly id: string;
  readonly column: string;
  readonly toSchema: string | null;
  readonly toTable: string;
  readonly toColumn: string | null;
  /** Not all rows are held to it. */
  readonly unchecked?: boolean;
  /** It compares periods: no equality leads to its row. */
  readonly temporal?: boolean;
}

/** What a view's definition says, and what can be done to its rows. */
export interface CatalogueView {
  readonly schema: string | null;
  readonly table: string;
  /** Left out where it is not known, or not understood. */
  readonly spoken?: SpokenView;
  /** Its rows are kept, and read-only: a materialized view. */
  readonly kept?: boolean;
  /** Writes that the database passes on to the table below by itself. */
  readonly passes: readonly Writing[];
  /** The only columns whose changes a trigger in place of an UPDATE hears of, in lower case; left out where it hears of all. */
  readonly heard?: readonly string[];
}

export interface Catalogue {
  /** Tables outside it carry their schema's name in their id. */
  readonly defaultSchema: string | null;
  readonly tables: readonly CatalogueTable[];
  readonly columns: readonly CatalogueColumn[];
  readonly keys: readonly CatalogueKey[];
  readonly references: readonly CatalogueReference[];
  /** Left out where none is read. */
  readonly effects?: readonly FoundEffect[];
  /** Those views of `tables` of which more is known. */
  readonly views?: readonly CatalogueView[];
  /** Two texts may be equal in a join, and not in a key: a collation is not known of each column. */
  readonly collates?: boolean;
  /** A foreign key to what is no key, or nowhere, makes the database refuse writes. */
  readonly breaks?: boolean;
}

/** One answer of a dialect's own query. */
export type CatalogueRow = Readonly<Record<string, unknown>>;

export const textOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);

/** Where queries name their columns as the interfaces above do, their rows are these. */
export const placeOf = ({ schema, table }: CatalogueRow) => ({ schema: String(schema), table: String(table) });

export const catalogueKey = (row: CatalogueRow): CatalogueKey => ({
  ...placeOf(row),
  id: String(row.id),
  name: textOrNull(row.name),
  primary: Number(row.primary) === 1,
  column: String(row.column),
  ...(row.unarbitrable === null || row.unarbitrable === undefined ? {} : { unarbitrable: String(row.unarbitrable) }),
});

export const referenceOf = (row: CatalogueRow): CatalogueReference => ({
  ...placeOf(row),
  id: String(row.id),
  name: textOrNull(row.name),
  column: String(row.column),
  toSchema: String(row.toSchema),
  toTable: String(row.toTable),
  toColumn: String(row.toColumn),
  unchecked: Number(row.unchecked) === 1,
  temporal: Number(row.temporal) === 1,
});
