// How a database's tables are made and changed. Left out by dialects that only read and write rows.
import type { Column, ColumnType, Table } from "../../schema/schema.js";
import type { Ask } from "../connection.js";

export interface DefinitionPart {
  readonly definition?: Definition;
}

export interface Definition {
  /** A type as this database spells it. `keyed`: in a key or an index, where some take no text of any length. */
  typeName(type: ColumnType, keyed: boolean): string;
  /** A type's name for a column that the database numbers; left out where knex's own is of the same type as what refers to it. */
  numbered?(typeName: string): string;
  /** A type's own name, as `Column.type.native` has it → another that is the same for all its spellings. */
  plainName(native: string): string;
  /** Is it a type of this database's own, so that nothing of it is lost? */
  isOwn(native: string): boolean;
  /** Renames a column, with `??` for the table, the old name and the new one; left out where knex's own is one statement. */
  readonly renameColumn?: string;
  /** Changes a table's key in one statement, with `??` for the table and each of `to` columns; left out where a transaction undoes several. */
  changeKey?(from: readonly string[], to: readonly string[]): string;
  /** Names of primary keys: rows of `schema`, `table` and `name`; left out where a key goes without one. */
  readonly keyNames?: string;
  /** knex's statement for a column's new type → the same without a cast that would cut texts; left out where it has none. */
  uncut?(sql: string): string;
  /** Statements that lock a table, named by `??`, where the database can, and at last answer one of its rows. */
  readonly anyRow: readonly string[];
  /** A boolean's default as SQL. */
  boolean(value: boolean): string;
  /** The moment that a row is made at, as a column's default; `undefined` where a column of that type cannot have it. */
  now(type: ColumnType): string | undefined;
  /** May a column of this type, so spelled, have a default at all? */
  takesDefault(typeName: string): boolean;
  /** A comment in the form that knex puts between quotes as it comes; left out where tables have none. It has no backslash. */
  readonly comments?: { table(text: string): string; column(text: string): string };
  /** Plain indexes: rows of `schema`, `table`, `name` and `column`, in the order of their columns. */
  readonly indexes: string;
  /** Foreign keys with an action: rows of `schema`, `table`, `id`, `column`, `onDelete` and `onUpdate`. */
  readonly actions: string;
  /** Is what was made undone with a transaction that is rolled back? */
  readonly atomic: boolean;
  /** Set where ALTER TABLE changes no column and no key: the table is copied into a new one that has its name then. */
  readonly copying?: Copying;
  /** What becomes of the numbers that a column's rows are given; left out where they follow the rows by themselves. */
  readonly numbering?: Numbering;
  /** Has a database several schemas? */
  readonly schemas: boolean;
  /** Where a database is a file: the one that a connection string names, and one that is empty and nowhere kept. */
  readonly files?: { of(connectionString: string): string | undefined; readonly empty: string };
}

export interface Numbering {
  /** Counts on from the rows that have said their numbers. */
  continue?(ask: Ask, table: Pick<Table, "name" | "schema">, column: string): Promise<unknown>;
  /** Begins anew, in a table without rows. */
  restart?(ask: Ask, table: Pick<Table, "name" | "schema">, column: string): Promise<unknown>;
}

export interface Copying {
  /** All tables, indexes, triggers and views: rows of `type`, `name`, `table` and `sql`. */
  readonly texts: string;
  /** The statements that make the copy, and put it in the table's place. */
  copy(asked: TableCopy): CopyStatement[];
}

/** What the database says that it was made by. */
export interface ObjectText {
  readonly type: "table" | "index" | "trigger" | "view";
  readonly name: string;
  /** The table that it is of. */
  readonly table: string;
  readonly sql: string;
}

export interface TableCopy {
  readonly table: string;
  /** All that the database holds, but for indexes that go. */
  readonly texts: readonly ObjectText[];
  /** A CREATE TABLE of the columns and keys that are new, or are to be as they are there. */
  readonly made: string;
  /** Columns by the names that they have. */
  readonly added: readonly string[];
  readonly changed: readonly ChangedColumn[];
  readonly dropped: readonly string[];
  /** Keys that go, by their columns. */
  readonly uniqueKeys: readonly (readonly string[])[];
  readonly foreignKeys: readonly (readonly string[])[];
  /** The one that goes. */
  readonly primaryKey?: readonly string[];
  /** Tables whose foreign keys are looked at when it is done. */
  readonly checked: readonly string[];
}

export interface ChangedColumn {
  readonly column: Column;
  readonly parts: readonly ("type" | "not null" | "default" | "comment")[];
}

export interface CopyStatement {
  readonly sql: string;
  /** Its rows mean that it is refused, and why. */
  readonly refusedBy?: "invalid_value" | "foreign_key_violation" | "rows";
}
