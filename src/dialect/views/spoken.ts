// What a view's definition says, before its names are looked up: which columns it passes through, and from which tables.

/** A column as a definition names it. */
export interface SpokenColumn {
  /** The table's name or alias there; left out where the definition leaves it out. */
  readonly of?: string;
  readonly column: string;
}

/** What stands in a select list: a column, all columns of one or of each table, or something computed. */
export type SpokenItem = SpokenColumn | { readonly all: string | true } | undefined;

export interface SpokenSource {
  readonly alias: string;
  readonly schema: string | null;
  readonly table: string;
  /** It stands on the side of an outer join that may be empty. */
  readonly optional: boolean;
}

export interface SpokenEquality {
  readonly one: SpokenColumn;
  readonly other: SpokenColumn;
  /** An outer join's condition tells of the sources on its optional side alone, by their places in the list. */
  readonly tells?: readonly number[];
}

export interface SpokenView {
  readonly items: readonly SpokenItem[];
  readonly sources: readonly SpokenSource[];
  /** Conditions that hold for each row. */
  readonly equalities: readonly SpokenEquality[];
  /** Columns of its groups; `other` where these are not plain columns. Left out where there are no groups. */
  readonly groups?: readonly SpokenColumn[] | "other";
  /** It leaves rows out. */
  readonly filtered: boolean;
  /** One row of it may not be one row of its tables: DISTINCT, LIMIT, aggregates and such. */
  readonly reshaped: boolean;
  /** WITH CHECK OPTION: what it would not show is not written. */
  readonly checked: boolean;
  /** Not all of what its rows are made of is understood. */
  readonly opaque?: boolean;
}
