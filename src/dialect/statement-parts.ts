// What a dialect makes parts of statements from, and what these parts are.
import type { SearchQuery } from "../request/search.js";
import type { ColumnType, FullTextIndex, Table } from "../schema/schema.js";
import type { DatabaseResult } from "./connection.js";
import type { ValueForm } from "./row-form.js";

export interface JsonField {
  /** The JSON field's name. */
  readonly name: string;
  /** What `json` answered for its column. */
  readonly expression: string;
  /** The same as a column of its own, where the dialect makes rows' JSON of such. */
  readonly plain?: PlainColumn;
}

/** A column as the server sends it, and how the driver's side makes JSON of it. */
export interface PlainColumn {
  readonly expression: string;
  readonly form: ValueForm;
}

/** An array of related rows. */
export interface EmbeddedList {
  /** The most rows that it shows. */
  readonly limit: number;
  /** Some rows before those are left out. */
  readonly offset: boolean;
  /** Its rows are groups. */
  readonly grouped: boolean;
  /** Its rows have related rows of their own. */
  readonly nests: boolean;
  /**
   * Fewer than `limit`: where there are more rows than these, none is made, and `fallback` is to run. Left out where all lists of
   * a row together have few rows, whatever they hold.
   */
  readonly most?: number;
  /** How many rows of one list it may stand in: 1 in a row of the SELECT itself. */
  readonly copies: number;
}

/** A place in a column of JSON. */
export interface JsonPlace {
  /** Each call is one more placeholder, in the order of the text. */
  path(): string;
  /** The path to what holds it. */
  parent(): string;
  /** The last step as text. */
  key(): string;
  /** The paths to what must be arrays. */
  arrays(): readonly string[];
}

/** Arrays at a place in a column of JSON. */
export interface JsonArray {
  /** Whether one stands there: a condition. */
  is(expression: string, type: ColumnType, place: JsonPlace): string;
  /** Its items, one row each, for FROM; asked only where one stands there. */
  items(expression: string, type: ColumnType, place: JsonPlace, alias: string): string;
  /** One of those items. */
  item(alias: string, form: "string" | "number"): string;
}

export interface Position {
  /** An expression for a JSON object, as `json` makes them: the value without any loss. */
  readonly kept: string;
  /** The same order and the same equality that ORDER BY knows for the column. */
  readonly compared: string;
  /** What `bind` and `encode` take the kept value for. */
  readonly type: ColumnType;
  /** The row's own JSON shows what is kept, so that nothing needs to be asked for besides. */
  readonly shown: boolean;
  /** Where `compared` is beyond an index: what holds for every row of which `compared` and the sign do, and is not. */
  bound?(sign: "<=" | ">=", put: () => string): string;
}

export interface Aggregated {
  readonly expression: string;
  readonly type: ColumnType;
}

/** Six digits more than the column has; sixteen where nobody says how many it has. */
export const averageScale = ({ kind, scale }: ColumnType): number => (kind === "integer" ? 0 : (scale ?? 10)) + 6;

export interface FullTextSearch {
  /** Whether words are found in such a column without an index that the catalogue tells of. */
  unindexed(type: ColumnType): boolean;
  /** Whether the column holds what the placeholder looks for: a condition. */
  found(column: SearchedColumn, placeholder: string): string;
  /** What is looked for, as `found` binds it. Its terms have at least one word, and those of each alternative one that is not excluded. */
  query(query: SearchQuery): string;
}

export interface SearchedColumn {
  readonly name: string;
  readonly expression: string;
  readonly type: ColumnType;
  /** What stands before the names of the table's columns. */
  readonly qualifier: string;
  readonly index: FullTextIndex;
}

export interface Estimate {
  /** Do they tell of rows that conditions choose, or of whole tables only? */
  readonly filtered: boolean;
  /** And of views? */
  readonly views: boolean;
  /** A statement that asks how many rows a SELECT would find. Without conditions these are all of `table`, as it is written. */
  text(select: string, table: string): string;
  /** What it answered; nothing where there are no statistics. `name` is the table's own. */
  rows(answer: DatabaseResult["rows"], name: string): number | undefined;
}

/** An INSERT or UPDATE of rows that are to be answered, one JSON text a row. */
export interface Write {
  /** `INSERT INTO t (a, b)` or `UPDATE t SET a = 1, b = 2`. */
  readonly head: string;
  /** `VALUES (1, 2)` or `WHERE …`; may be empty. */
  readonly tail: string;
  readonly table: Table;
  /** The table as statements name it. */
  readonly name: string;
  /** The columns that are written, by their database names. */
  readonly columns: readonly string[];
  /** The row's fields, as a SELECT from the table names them. */
  readonly fields: readonly JsonField[];
}

/** An INSERT of several rows, answered with one JSON text a row. */
export interface NewRows {
  readonly table: Table;
  /** The table as statements name it. */
  readonly name: string;
  /** The columns that are written, by their database names. */
  readonly columns: readonly string[];
  /** Each row's values, in the order of the columns. */
  readonly tuples: readonly (readonly string[])[];
  readonly conflict?: KeyConflict;
  /** The row's fields, as a SELECT from the table names them. */
  readonly fields: readonly JsonField[];
}

export interface KeyConflict {
  readonly action: "merge" | "ignore";
  /** The key's columns. */
  readonly columns: readonly string[];
  /** The columns that a standing row takes over: none of the key. */
  readonly update: readonly { readonly name: string; readonly type: ColumnType }[];
  /** What tells the table's columns from those of the new row: the table's name and a dot. */
  readonly own: string;
}

/** Where a condition on related rows is a list that is made once, and not an EXISTS that is asked of each row. */
export interface RelatedForm {
  /** So many EXISTS stand within each other before it is; and where one row is asked, which is named by its key. */
  readonly rows: number;
  readonly oneRow: number;
  /** What the list begins with. */
  readonly list: "SELECT" | "SELECT DISTINCT";
  /** Makes of a column what no index is used for, where the planner would go through the list for each row of an EXISTS. */
  plain?(column: string): string;
}
