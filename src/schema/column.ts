// Columns and the types of their values.
import type { Shape } from "../base/wkt.js";
import type { ColumnWriting } from "./warnings.js";

/** What a column's values are, whatever the database calls the type. `other` reads and writes as text, where it has no `fields`. */
export type ValueKind =
  | "integer"
  | "decimal"
  | "float"
  | "boolean"
  | "text"
  | "uuid"
  | "date"
  | "time"
  /** A date and time without a zone. */
  | "datetime"
  /** A moment: a date and time with a zone (timestamptz, MySQL's TIMESTAMP, DATETIMEOFFSET). */
  | "instant"
  | "json"
  | "binary"
  | "enum"
  | "array"
  /** SQLite's columns without a declared type: any value is kept as it came. */
  | "any"
  | "other";

export interface ColumnType {
  readonly kind: ValueKind;
  /** The type as the database spells it: `int4`, `varchar(20)`, `NUMERIC(10,2)`. */
  readonly native: string;
  /** Integers: the smallest and largest value, as decimal text. */
  readonly min?: string;
  readonly max?: string;
  /** Text: the most characters. Binary: the most bytes. */
  readonly length?: number;
  /** Decimals: all digits, and those behind the point. Times: digits of the second's fraction (as `scale`). */
  readonly precision?: number;
  readonly scale?: number;
  /** Decimals that are kept as doubles, whole 64-bit numbers apart: how many digits come back as they were written. */
  readonly significant?: number;
  /** Text: the character set it is kept in, by TextDecoder's name (`bmp`: two bytes of UTF-16); left out for all of Unicode. */
  readonly charset?: string;
  /** Booleans that are kept as numbers: what is not 0 is true. */
  readonly numeric?: true;
  /** Enums: the values, in the database's order. */
  readonly values?: readonly string[];
  /** Enums: a row may hold the empty text, which stands for what was none of the values when it was written (MySQL). */
  readonly holdsEmpty?: true;
  /** A pattern of further texts that are taken as they are: what the database has, and JSON or ISO 8601 have no form for. */
  readonly also?: string;
  /** Rows may hold these further texts, and clients cannot write them. */
  readonly heldOnly?: true;
  /** The type is a habit and no promise: a row may hold a value of any other (SQLite). */
  readonly loose?: true;
  /** SQLite's dates and times: an index begins with the column, so that rows are sorted by what is stored. */
  readonly indexed?: true;
  /** Dates and times that are kept as numbers, as the config says it: seconds or milliseconds since 1970, or Julian days. */
  readonly held?: MomentUnit;
  /** Geometries, which are shown as well-known text: which ones the column takes. */
  readonly geometry?: GeometryType;
  /** Arrays: the element's type. */
  readonly element?: ColumnType;
  /** Ranges: the type of their bounds. */
  readonly range?: ColumnType;
  /** Arrays that are declared with more than one: how many. */
  readonly dimensions?: number;
  /** Strings of bits, which are written as 0s and 1s in text. */
  readonly bits?: BitString;
  /** Composite types: what a value is made of, in its order. Bodies and answers say it as an object of these. */
  readonly fields?: readonly TypeField[];
}

export interface BitString {
  /** How many there are; left out where there is no such bound. */
  readonly least?: number;
  readonly most?: number;
}

/** A part of a composite type. */
export interface TypeField {
  readonly name: string;
  readonly type: ColumnType;
}

export type MomentUnit = "seconds" | "milliseconds" | "julian days";

export interface GeometryType {
  /** Left out where it may be any. */
  readonly shape?: Shape;
  /** The spatial reference system of all values; left out where each may have its own. */
  readonly srid?: number;
  /** The database keeps two coordinates a position, and nothing that is empty but a collection. */
  readonly flat?: true;
  /** It keeps no collections within collections. */
  readonly unnested?: true;
  /** It reads and writes coordinates in the order of their reference system's axes, unless it is told to begin with the longitude. */
  readonly ordered?: true;
  /** It refuses longitudes and latitudes that are none. */
  readonly bounded?: true;
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Rows show NULL all the same, which others wrote or which is shown so: a key of SQLite's, a zero date. */
  readonly showsNull?: true;
  /** The default's SQL text, `null` when there is none. Shown in documents, never executed. */
  readonly default: string | null;
  /** The database computes it always: it is never written. */
  readonly generated: boolean;
  /** The database numbers it when it is left out (identity, serial, AUTO_INCREMENT, SQLite's rowid). */
  readonly identity: boolean;
  /** What the connection may not do with it: say it in a new row, change it, or let its default be used. */
  readonly denied?: readonly ColumnWriting[];
  /** The collation of its text, where that is not the database's own, or counts for itself: two that differ cannot be compared. */
  readonly collation?: string;
  readonly comment?: string;
  /** Set where the database has an index that finds words in the column's text. */
  readonly fullText?: FullTextIndex;
  /** A declared foreign key leads from it to a table that is not here: what the column is called is no evidence then. */
  readonly elsewhere?: boolean;
  /** A view's: the table's column that it passes through as it is. */
  readonly origin?: ColumnOrigin;
  /** The name in JSON and in query strings, when it is not `name`. */
  readonly as?: string;
  /** The `id` of the function of a row that makes the value where it is asked for: the table has no such column. */
  readonly computed?: string;
  /** The API itself writes it: what clients say of it is passed over. */
  readonly stamp?: Stamp;
}

/** What is written into a column, and when. */
export interface Stamp {
  /** Only when the row is made, with each write, or when it is deleted: then it says that it is. */
  readonly at: "insert" | "write" | "delete";
  /** The request's time, who sent it, or true. */
  readonly holds: "moment" | "caller" | "flag";
  /** The caller's claim that says who that is. */
  readonly claim?: string;
}

export interface ColumnOrigin {
  /** The table's `id`. */
  readonly table: string;
  readonly column: string;
}

export interface FullTextIndex {
  /** The language whose words it keeps, where the database has a choice. */
  readonly language?: string;
  /** SQLite: the FTS5 table that is the index, and the column of this one that its rowid is. */
  readonly table?: string;
  readonly rowid?: string;
}
