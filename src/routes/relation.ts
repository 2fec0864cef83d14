// What two tables are to each other, and why it is believed.
export type EvidenceKind = "constraint" | "key" | "name" | "config" | "default";

/** Why a relation is believed: the kind of evidence, and a sentence a person can check. */
export interface Evidence {
  readonly by: EvidenceKind;
  readonly detail: string;
}

/** One side of a foreign key: these columns hold the referenced table's columns, pair by pair. */
export interface Reference {
  readonly table: string;
  readonly columns: readonly string[];
  readonly references: readonly string[];
  /** The database itself holds the foreign key: a row without its parent cannot stand. */
  readonly enforced: boolean;
  /** The config's name for it, in place of the columns'. */
  readonly as?: string;
}

export type Relation =
  | { readonly type: "root"; readonly table: string; readonly evidence: Evidence }
  | {
      readonly type: "one-n";
      /** The table that holds the foreign key. */
      readonly table: string;
      readonly parent: Reference;
      /** The foreign key is unique: at most one child a parent. */
      readonly unique: boolean;
      /** The parent is a view of the table that is referred to: its rows lead down to the children, and not back. */
      readonly down?: true;
      readonly evidence: Evidence;
    }
  | {
      readonly type: "n-n";
      /** The link table. */
      readonly table: string;
      readonly sides: readonly [Reference, Reference];
      readonly evidence: Evidence;
    };

/** The candidates of one table: its foreign keys, declared or read from a column's name, each with its evidence. */
export interface Candidate extends Reference {
  readonly evidence: Evidence;
}

/** A column whose name leads to a table that it does not refer to, and why not. */
export interface Unrelated {
  readonly column: string;
  readonly why: string;
}
