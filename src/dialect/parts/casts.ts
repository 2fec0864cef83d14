// Values as other types: read from the text that JSON shows of them, so that a cast means the same on every database and never fails.
import type { ColumnType } from "../../schema/schema.js";
import type { Aggregated } from "../statement-parts.js";

/**
 * What a text may be: `number` as JSON writes it, without an exponent; `whole` the same with at most 18 digits before the point; `day`
 * 2024-02-29; `clock` 12:30:00.5; `moment` a day, `T` or a space, a clock, and maybe `Z` or `+00:00`; the words for true and false.
 */
export type TextForm = "number" | "whole" | "day" | "clock" | "moment" | "true" | "false";

export interface CastPart {
  /** The text that JSON shows of a value, without its quotes. No value of JSON and no array. */
  shownText(expression: string, type: ColumnType): string;
  /** A condition: the text is of this form. */
  hasForm(text: string, form: TextForm): string;
  /** A text of the form `whole` as a whole number, cut at its point; one of the form `number` as it is. */
  numberOf(text: string, form: "number" | "whole"): Aggregated;
  /** True or false, as a value. */
  truthValue(is: boolean): string;
}
