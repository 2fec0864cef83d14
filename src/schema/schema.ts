// What a database has, as plain data: read from its catalogue or written by hand, the input of every later step.
// Everything here survives JSON.stringify; numbers that could exceed 2^53 are decimal text.

import type { Effects } from "./effects.js";
import type { ColumnWriting, SchemaWarning, Writing } from "./warnings.js";

/** What a column's values are, whatever the database calls the type. `other` reads and writes as text. */
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
  /** A pattern of further texts that are taken as they are: what the database has, and JSON or ISO 8601 have no form for. */
  readonly also?: string;
  /** The type is a habit and no promise: a row may hold a value of any other (SQLite). */
  readonly loose?: true;
  /** SQLite's dates and times: an index begins with the column, so that rows are sorted by what is stored. */
  readonly indexed?: true;
  /** Arrays: the element's type. */
  readonly element?: ColumnType;
  /** Arrays that are declared with more than one: how many. */
  readonly dimensions?: number;
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
  /** The name in JSON and in query strings, when it is not `name`. */
  readonly as?: string;
}

export interface FullTextIndex {
  /** The language whose words it keeps, where the database has a choice. */
  readonly language?: string;
  /** SQLite: the FTS5 table that is the index, and the column of this one that its rowid is. */
  readonly table?: string;
  readonly rowid?: string;
}

export interface UniqueKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  /** No row that stands can be asked for by it while another is written: it is deferrable, say, or one of periods. */
  readonly arbiter?: false;
}

export interface ForeignKey {
  /** The constraint's name, `null` where the database keeps none. */
  readonly name: string | null;
  readonly columns: readonly string[];
  /** The `id` of the referenced table. */
  readonly table: string;
  /** The referenced columns, in the order of `columns`. */
  readonly references: readonly string[];
  /** Said by the config (`belongsTo`), not known to the database. */
  readonly configured?: boolean;
  /** Configured, and known to the database as well. `false`: known to the database, which does not hold all rows to it. */
  readonly enforced?: boolean;
  /** The relation's name, when the config gives one. */
  readonly as?: string;
}

export interface Table {
  /** Unique in this schema: the table's name, or `schema.name` outside the default schema. */
  readonly id: string;
  readonly name: string;
  /** The database schema to qualify it with; `null` leaves the name bare. */
  readonly schema: string | null;
  readonly kind: "table" | "view";
  readonly columns: readonly Column[];
  /** In key order; empty for a table without a key. */
  readonly primaryKey: readonly string[];
  /** Unique constraints and unique indexes over plain columns, the primary key not repeated. */
  readonly uniqueKeys: readonly UniqueKey[];
  /** Said of the primary key, as `UniqueKey.arbiter`. */
  readonly arbiter?: false;
  readonly foreignKeys: readonly ForeignKey[];
  /** Foreign keys from or to it that lead to no key, so that the database refuses writes: `kids(name) to parents(name)`. */
  readonly brokenKeys?: readonly string[];
  /** What the connection may not do to its rows. */
  readonly denied?: readonly Writing[];
  readonly comment?: string;
  /** The path's name, when it is not made from `name`. */
  readonly resource?: string;
  /** Set where what is written stays, also when the transaction is rolled back. */
  readonly transactional?: false;
  /** What keeps its rows, where that has no transactions: `MyISAM`. */
  readonly engine?: string;
  /** Tables without transactions that its triggers name: what these write there stays too. */
  readonly triggersInto?: readonly string[];
  /** What else may come of a write: left out where nothing may. */
  readonly effects?: Effects;
  /** What the table is, when the config says so. */
  readonly relationTypes?: readonly ("root" | "one-n" | "n-n")[];
}

export interface Schema {
  readonly tables: readonly Table[];
  /** The languages that text can be searched in, where the database has a choice. */
  readonly languages?: readonly string[];
  /** What was left out or is limited; left out itself where nothing was. */
  readonly warnings?: readonly SchemaWarning[];
}

/** The name of a column in JSON and in query strings. */
export const fieldOf = (column: Column): string => column.as ?? column.name;

/** Can their texts be compared, without a word on how? Those of another character set are converted first. */
export const collatesWith = (one: Column, other: Column): boolean =>
  one.collation === undefined ||
  other.collation === undefined ||
  one.collation === other.collation ||
  one.type.charset !== other.type.charset;

/** May it be said in new rows, or in changes? */
export const isWritten = ({ generated, denied = [] }: Column): boolean =>
  !generated && !(denied.includes("insert") && denied.includes("update"));

/** Does the database itself hold every row to the key? */
export const isEnforced = ({ configured, enforced }: ForeignKey): boolean =>
  configured ? enforced === true : enforced !== false;

/** The table with these columns marked as `elsewhere`. */
export const ledElsewhere = (table: Table, names: ReadonlySet<string>): Table =>
  names.size === 0
    ? table
    : {
        ...table,
        columns: table.columns.map((column) => (names.has(column.name) ? { ...column, elsewhere: true } : column)),
      };
