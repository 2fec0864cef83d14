// What a database has, as plain data: read from its catalogue or written by hand, the input of every later step.
// Everything here survives JSON.stringify; numbers that could exceed 2^53 are decimal text.

import type { Renaming } from "../base/naming.js";
import type { Column } from "./column.js";
import type { Effects } from "./effects.js";
import type { Routine } from "./routine.js";
import type { SchemaWarning, Writing } from "./warnings.js";

export type {
  BitString,
  Column,
  ColumnOrigin,
  ColumnType,
  FullTextIndex,
  GeometryType,
  MomentUnit,
  Stamp,
  TypeField,
  ValueKind,
} from "./column.js";

export interface UniqueKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  /** No row that stands can be asked for by it while another is written: it is deferrable, say, or one of periods. */
  readonly arbiter?: false;
}

/** A plain index: no unique one, and of whole columns. */
export interface Index {
  readonly name: string | null;
  readonly columns: readonly string[];
}

/** What becomes of a row where the one that it refers to is deleted, or gets another key. */
export type ReferentialAction = "cascade" | "set null" | "set default" | "restrict";

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
  /** A view's: the table that has it, whose columns the view passes through. */
  readonly through?: string;
  /** `table` is a view that passes this one's key through: the table that the database itself refers to, which is not shown. */
  readonly behind?: string;
  /** The relation's name, when the config gives one. */
  readonly as?: string;
  /** Left out where the database refuses it, and where it was not read. */
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
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
  /** Left out where they were not read. */
  readonly indexes?: readonly Index[];
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
  /** A view's: what makes its rows unique, or why nothing does, and which writes it takes. Clauses for people. */
  readonly about?: string;
  /** What the table is, when the config says so. */
  readonly relationTypes?: readonly ("root" | "one-n" | "n-n")[];
}

export interface Schema {
  readonly tables: readonly Table[];
  /** Functions and procedures; left out where there are none. */
  readonly routines?: readonly Routine[];
  /** The languages that text can be searched in, where the database has a choice. */
  readonly languages?: readonly string[];
  /** What was left out or is limited; left out itself where nothing was. */
  readonly warnings?: readonly SchemaWarning[];
  /** Set where its columns have been named by `fieldCase` and `keyField`: those that could not have their names. */
  readonly renamings?: readonly Renaming[];
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
export const isWritten = ({ generated, stamp, denied = [] }: Column): boolean =>
  !generated && stamp === undefined && !(denied.includes("insert") && denied.includes("update"));

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
