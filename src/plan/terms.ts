// The terms that plans are made of: values by their places, what is compared and sorted by, conditions. Plain data.

import type { Cast } from "../request/casts.js";
import type { SearchQuery } from "../request/search.js";
import type { Join, RowCall } from "../routes/tree.js";
import type { ColumnType, FullTextIndex } from "../schema/schema.js";
import type { DatePart } from "./date-parts.js";
import type { JsonForm } from "./json-form.js";
import type { Canonical } from "./value.js";

/** A position in the request's values; below 0 in those of whoever asks, counted from -1. */
export type ValueIndex = number;

export interface Value {
  readonly value: Canonical;
  readonly type: ColumnType;
  /** Set on LIKE patterns, which a dialect may have to spell otherwise. */
  readonly pattern?: { readonly matchCase: boolean };
  /** Set on regular expressions, in the database's own language. */
  readonly regular?: true;
  /** Set on paths into JSON, whose value is their steps: what is looked for at their end. */
  readonly path?: JsonForm;
  /** Set on what a search looks for, which every dialect spells in its own language. */
  readonly search?: SearchQuery;
}

/** It holds all of the other, has something in common with it, or holds nothing else. */
export type SetComparison = "contains" | "overlaps" | "containedby";

export type Comparison = "eq" | "ne" | "lt" | "lte" | "gt" | "gte";

/**
 * What a condition compares and a sorting sorts by: a column of the table it stands on, by its database name, a place in one,
 * a part of a date in one, one of these as another type, what is made of the rows of a group, or the number of related rows.
 */
export type Operand = string | JsonPath | PartOfDate | CastOf | OfRelated | Aggregate | CountOf;

/** A column, a part of the date or the time in it, or what it is as another type. */
export type Grouped = string | PartOfDate | CastOf;

/** Of the one row to which these relations lead, one after the other: rows are grouped by it. */
export interface OfRelated {
  readonly through: readonly Hop[];
  readonly of: Grouped;
}

export const isOfRelated = (operand: Operand): operand is OfRelated =>
  typeof operand === "object" && "through" in operand;

/** What does not fit into the type is NULL. */
export interface CastOf {
  readonly cast: Cast;
  readonly of: string | JsonPath;
}

export const isCastOf = (operand: Operand): operand is CastOf => typeof operand === "object" && "cast" in operand;

export interface PartOfDate {
  readonly part: DatePart;
  readonly column: string;
}

export const isPartOfDate = (operand: Operand): operand is PartOfDate =>
  typeof operand === "object" && "part" in operand;

/** How many rows of a table a row is joined with. */
export interface CountOf {
  readonly countOf: string;
  readonly join: Join | RowCall;
  /** Only those for which these hold; left out where any will do. */
  readonly where?: readonly Condition[];
  /** The same of the rows of the link table. */
  readonly links?: readonly Condition[];
}

export const isCountOf = (operand: Operand): operand is CountOf => typeof operand === "object" && "countOf" in operand;

/** A place in a column of JSON. Its steps come from the client: they are values, each database taking the spelling it can bind. */
export interface JsonPath {
  readonly column: string;
  readonly as: JsonForm;
  readonly path: ValueIndex;
  /** All steps but the last, and the last as text. */
  readonly parent: ValueIndex;
  readonly key: ValueIndex;
  /** The places that must be arrays, as an index leads on from them: some databases take a scalar for an array of one. */
  readonly arrays: readonly ValueIndex[];
}

/** Columns are database names of the table that the condition stands on. */
export type Condition =
  | {
      readonly type: "compare";
      readonly column: Operand;
      readonly operator: Comparison;
      readonly value: ValueIndex;
      /** A path's or a row's own key: its index is the way to it, whatever the value. */
      readonly key?: true;
      /** The value is bound as what it is by itself, and not as the column's type has it. */
      readonly stored?: true;
    }
  /** `match`: the value is a regular expression, and else a pattern of LIKE. */
  | {
      readonly type: "like" | "match";
      readonly column: Operand;
      readonly matchCase: boolean;
      readonly value: ValueIndex;
    }
  | {
      readonly type: "in";
      readonly column: Operand;
      readonly values: readonly ValueIndex[];
      readonly negated: boolean;
      /** As of `compare`. */
      readonly key?: true;
      readonly stored?: true;
    }
  | { readonly type: "null"; readonly column: Operand; readonly negated: boolean }
  /** A column of truth values is true, or is not: false or NULL. */
  | { readonly type: "flag"; readonly column: string; readonly is: boolean }
  /** An array or a range, and the value, which is one too. */
  | {
      readonly type: "set";
      readonly column: string;
      readonly how: SetComparison;
      readonly value: ValueIndex;
      /** The value is what a range has for its bounds. */
      readonly bound?: true;
    }
  /** An array inside JSON holds all of these; unknown where there is none. */
  | { readonly type: "holds"; readonly column: JsonPath; readonly items: readonly JsonItem[] }
  | {
      readonly type: "search";
      readonly column: string;
      /** The column's, or the language that was asked for. */
      readonly index: FullTextIndex;
      readonly value: ValueIndex;
      /** NULL is unknown, rather than not found. */
      readonly unknown?: boolean;
    }
  | { readonly type: "never" }
  /** All of them, or any of them. */
  | { readonly type: "all" | "any"; readonly where: readonly Condition[] }
  /** Not all of them. What is NULL stays unknown, as in SQL. */
  | { readonly type: "not"; readonly where: readonly Condition[] }
  /** `columns` are among the `select` columns of those rows of `table` for which `where` holds. */
  | {
      readonly type: "within";
      readonly columns: readonly string[];
      readonly table: string;
      readonly select: readonly string[];
      readonly where: readonly Condition[];
      /** They are what this routine answers for the row, and no columns tell which: always with `exists`. */
      readonly call?: string;
      /** Said as EXISTS, which has no unknown: so that it can be negated. */
      readonly exists?: boolean;
    }
  /** Behind a place in this order: the values that its sortings have there, with nothing for NULL. */
  | { readonly type: "after"; readonly order: readonly Sorting[]; readonly values: readonly (ValueIndex | null)[] };

/** A scalar by its text, or by its value where it is a number. */
export interface JsonItem {
  readonly string: ValueIndex;
  readonly number?: ValueIndex;
}

export interface Sorting {
  readonly column: Operand;
  /** The column is of a table to which these to-one relations lead, one after the other. */
  readonly through?: readonly Hop[];
  /** Sorted by whether it is NULL (1) or not (0), and not by what it is. */
  readonly missing?: boolean;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** A to-one relation: `columns` of the table before hold `references` of this one. */
export interface Hop {
  readonly table: string;
  readonly columns: readonly string[];
  readonly references: readonly string[];
  /** Only a row for which these hold; left out where any will do. */
  readonly where?: readonly Condition[];
}

/** Over the rows of a group; without a column it counts them. */
export interface Aggregate {
  readonly aggregate: "count" | "sum" | "avg" | "min" | "max";
  readonly column?: Grouped | OfRelated;
}
