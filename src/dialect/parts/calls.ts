// Calls of functions and procedures.
import type { Routine } from "../../schema/routine.js";
import type { ColumnType } from "../../schema/schema.js";

export interface CallText {
  readonly routine: Routine;
  /** The routine as statements name it. */
  readonly name: string;
  /** By the position among all of the routine's arguments; nothing for those that are left out, and for what is only answered. */
  readonly arguments: readonly (string | undefined)[];
}

export interface CallPart {
  /** A placeholder as the argument's type. `written`: the type is the config's word. */
  readonly argument: (placeholder: string, type: ColumnType, written: boolean) => string;
  /** What stands in FROM: the rows that it answers, under the alias; a value is its column `value`. */
  readonly callSource: (call: CallText, alias: string) => string;
  /** The same of a SELECT from the config. */
  readonly writtenSource: (select: string, alias: string, isValue: boolean) => string;
  /** The whole row under the qualifier, as one of the table's type; left out where no function takes rows. */
  readonly row?: (table: string, qualifier: string) => string;
  /** What the text of an array or of a composite value is made of; left out where the driver gives none. */
  readonly textParts?: (text: string) => readonly TextPart[];
  /** Where a question may stay open in its transaction: for rows that cannot be asked for again. */
  readonly cursor?: CursorTexts;
  /** A statement that calls what is not asked for rows that could be selected from. */
  readonly callStatement: (call: CallText) => string;
  /** Where it answers OUT and INOUT arguments in variables of the connection: left out where they come with the rows. */
  readonly outVariables?: OutVariables;
  /** The last result of a call is one row: a JSON object of what goes out of it, or NULL, and the number that it returned. */
  readonly outcomeLast?: true;
  /** Whether a failure leaves what the routine did before, unless a transaction stands around the call. */
  readonly callsApart?: (routine: Routine) => boolean;
}

/** Of an array of several dimensions, again such parts. */
export type TextPart = string | null | readonly TextPart[];

/** Statements about a cursor by its name, which needs no quotes. */
export interface CursorTexts {
  readonly open: (name: string, select: string) => string;
  /** The next rows. */
  readonly take: (name: string, rows: number) => string;
  /** To stand behind the first so many. */
  readonly move: (name: string, rows: number) => string;
}

export interface OutVariables {
  /** For the argument at this place among all of the routine's. */
  name(index: number): string;
  /** What it holds, as the argument's type. */
  value(variable: string, type: ColumnType): string;
  /** A statement that gives variables their values. */
  set(pairs: readonly (readonly [variable: string, value: string])[]): string;
}
