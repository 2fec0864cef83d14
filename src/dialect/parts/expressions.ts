// Names, values and conditions in a statement's text: filters, sorting, slices, aggregates.
import type { DatePart } from "../../plan/date-parts.js";
import type { SetComparison } from "../../plan/terms.js";
import type { ColumnType } from "../../schema/schema.js";
import type { Aggregated, Position, RelatedForm } from "../statement-parts.js";

export interface ExpressionPart {
  quote(identifier: string): string;
  /** The placeholder of the n-th value in the text, counted from 1. */
  placeholder(position: number): string;
  /** The placeholder as a value of this type needs it (zone conversions, casts); mostly the bare placeholder. */
  bind(placeholder: string, type: ColumnType): string;
  /** What an UPDATE sets a column to (`bound` is what `bind` made), where another value that shows the same is left as it is. */
  assigned?(column: string, placeholder: string, bound: string, type: ColumnType): string;
  /** A condition that does not hold for what is shown as NULL and is none. */
  present?(expression: string, type: ColumnType): string | undefined;
  /** What IS NULL is asked of, where of the value itself it would look at its parts. */
  whole?(expression: string, type: ColumnType): string;
  /** What `comparable` makes of such a column, where that is of another type. */
  comparedAs?(type: ColumnType): ColumnType;
  /** Dates and times may be numbers, of which the config says what they count (`ColumnType.held`). */
  readonly momentUnits?: true;
  /** A column's expression as groups are made by it, where several values are shown as one. */
  grouped?(expression: string, type: ColumnType): string;
  /** What a key is compared with, where a row may keep the value that was said in another spelling; of any other, nothing. */
  keyValue?(column: string, placeholder: string, table: string, type: ColumnType): string | undefined;
  /** The same for a key, where a statement is else planned anew for each value. */
  keyPlaceholder?(placeholder: string): string;
  /**
   * A canonical value as the driver wants it for this type. Canonical (made by `plan/value.ts`): integer → number, or bigint
   * past 2^53; decimal → decimal text; float → number; boolean → boolean; date `2024-02-29`; time `12:30:00.5`; datetime
   * `2024-02-29T12:30:00.5`; instant the same with `Z`, in UTC; json → JSON text; binary → Buffer; array → array of canonical
   * elements; any → string, number, bigint or boolean; everything else → string. NULL is null for every kind.
   */
  encode(value: unknown, type: ColumnType): unknown;
  /** A column's expression as filters compare it; types without `=` or `<` compare as text. */
  comparable(expression: string, type: ColumnType): string;
  /** The same for ORDER BY, where an index must stay usable. */
  sortable(expression: string, type: ColumnType): string;
  /** How a column that is sorted by is kept in a cursor, and compared with what was kept; `key`: it is of the primary key. */
  position(expression: string, type: ColumnType, key?: boolean): Position;
  /** A part of a date or a time, of those that `partsOf` its type names: a whole number, in UTC for instants; NULL of what is none. */
  datePart(part: DatePart, expression: string, type: ColumnType): string;
  /**
   * The sum or the average of a column of numbers, and the type of what comes out. Sums of whole numbers and decimals keep
   * every digit; averages of them have `averageScale` digits behind the point.
   */
  aggregate(of: "sum" | "avg", expression: string, type: ColumnType): Aggregated;
  /** A column's expression as count, min and max take it, where they do not take it as it is. */
  aggregable?(expression: string, type: ColumnType): string;
  /** HAVING looks at grouped columns through an aggregate, too. */
  readonly havingOfAggregates?: true;
  /** `expression LIKE placeholder`, the case respected or not; `\\` escapes `%`, `_` and itself. */
  like(expression: string, placeholder: string, matchCase: boolean): string;
  /** A LIKE pattern as `like` binds it (SQLite says it as GLOB where the case counts). */
  likePattern(pattern: string, matchCase: boolean): string;
  /** Regular expressions in the database's own language, where it has one. */
  readonly matching?: {
    /** The condition; the case respected or not. */
    text(expression: string, placeholder: string, matchCase: boolean): string;
    /** Throws the 400 for what is no regular expression, where the database does not say it itself. */
    require?(pattern: string): void;
  };
  /** A column of truth values is true, or is false. */
  truth(expression: string, is: boolean): string;
  /**
   * How a column of arrays or ranges compares with a value of its type, where there are such columns. `type` may be that of a
   * range's bounds, for one that is to stand in it.
   */
  comparedSet?(how: SetComparison, expression: string, placeholder: string, type: ColumnType): string;
  /** One ORDER BY item. `nullable` is false where NULL cannot occur, so that indexes stay usable. */
  order(expression: string, descending: boolean, nullsFirst: boolean, nullable: boolean): string;
  /**
   * The end of a SELECT that takes a slice; `offset` is a placeholder. Begins with a space, or is empty. `ordered` says whether an
   * ORDER BY stands before it.
   */
  limit(limit: number | undefined, offset: string | undefined, ordered: boolean): string;
  /** How a condition on related rows is said; left out where EXISTS is planned well, however deep it stands within others. */
  readonly related?: RelatedForm;
  /** Does a SELECT make its columns for every row that it sorts, though few are left by its limit? */
  readonly projectsBeforeSort?: true;
}
