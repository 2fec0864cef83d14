// Rows as JSON, made by the database; related rows within them; places in columns of JSON.
import type { JsonForm } from "../../plan/json-form.js";
import type { PathStep } from "../../request/json-path.js";
import type { ColumnType } from "../../schema/schema.js";
import type { EmbeddedList, JsonArray, JsonField, JsonPlace, PlainColumn } from "../statement-parts.js";

export interface JsonPart {
  /** An expression whose place in a JSON object has the contract's form of the value (contract 3.3). */
  json(expression: string, type: ColumnType): string;
  /** The same for integers and decimals, and arrays of them, with a number's digits as a string. */
  jsonDigits(expression: string, type: ColumnType): string;
  /** Set where `json` has strings for numbers that a double may round. */
  readonly bigNumbersAsText?: true;
  /**
   * What `json` says, or `jsonDigits`, as a column of its own, where `execute` knows rows' forms: less work than JSON made by
   * the server.
   */
  textColumn?(expression: string, type: ColumnType, digits: boolean): PlainColumn;
  /** An expression that builds one JSON object as text, usable in a SELECT list and in RETURNING. */
  jsonObject(fields: readonly JsonField[]): string;
  /** A SELECT of one JSON text a row, `rest` beginning at FROM; a second expression makes a second column. */
  selectJson(fields: readonly JsonField[], rest: string, second?: string): string;
  /**
   * The same in one row, its texts joined by `RECORD` (NULL without rows): where the driver does more for a row than the
   * database for joining it. `limit` is how many rows there are at the most.
   */
  selectJoined?(fields: readonly JsonField[], rest: string, second?: string, limit?: number): string;
  /**
   * The row of a correlated SELECT, as an expression for another row's `JsonField`; JSON null where there is none. `rest`
   * begins with a space, at FROM, and ends in a limit of 1. `lists`: some are among the fields, or within them.
   */
  embedOne(fields: readonly JsonField[], rest: string, lists: boolean): string;
  /**
   * The same for all its rows, as a JSON array. `order` and `limit` are what `order` and `limit` made, or empty. Left out by
   * databases that cannot sort and cut within a correlated SELECT.
   */
  embedMany?(fields: readonly JsonField[], from: string, order: string, limit: string, list: EmbeddedList): string;
  /** Where there is no `embedMany`: may a SELECT in FROM look at the rows of the tables before it (`LATERAL`)? */
  readonly lateral?: true;
  /** Where `embedMany` is not for every list: whether it is for this one. */
  embedsList?(list: EmbeddedList): boolean;
  /** Where `embedMany` may leave something out: whether it is to be feared of a row's JSON, which is asked for by `fallback` then. */
  isTruncated?(json: unknown): boolean;
  /** May it do so with any list, or only with one that has `EmbeddedList.most`? */
  readonly truncatesAnyList?: true;
  /** Where `embedMany` is not for groups: an array of the one row that aggregates without groups make, or of none. `rest` ends in its limit. */
  embedGroup?(fields: readonly JsonField[], rest: string): string;
  /** What stands at a place in a column of JSON, in the form asked for; NULL where it has another, or nothing is there. */
  jsonAt(expression: string, type: ColumnType, form: JsonForm, place: JsonPlace): string;
  /** A path as `jsonAt` binds it. */
  jsonPath(steps: readonly PathStep[], form: JsonForm): string;
  readonly jsonArray: JsonArray;
}
