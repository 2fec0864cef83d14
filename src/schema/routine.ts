// The database's functions and procedures, as plain data: what they take, what they answer with, and whether they only read.
import type { Column, ColumnType } from "./column.js";
import type { WrittenSql } from "./written-sql.js";

/** What a caller may say of it, or is answered in it. */
export type ArgumentMode = "in" | "inout" | "out" | "variadic";

export interface RoutineArgument {
  /** Left out where it has none: it is said by its place then. */
  readonly name?: string;
  readonly type: ColumnType;
  readonly mode: ArgumentMode;
  /** The default's SQL text, shown in documents; an argument that has one may be left out. */
  readonly default?: string;
  /** It takes a whole row of this table, by its `id`. */
  readonly row?: string;
  /** The domain that `type` is the base of, by its name alone: its rules are not known. */
  readonly domain?: string;
}

export type RoutineReturns =
  | { readonly type: "nothing" }
  | { readonly type: "value"; readonly of: ColumnType; readonly many: boolean }
  /** Rows of a table that is shown, by its `id`. */
  | { readonly type: "rows"; readonly table: string; readonly many: boolean }
  /** Rows of columns that are declared: OUT arguments, `RETURNS TABLE`, a composite type. */
  | {
      readonly type: "columns";
      readonly columns: readonly Column[];
      readonly many: boolean;
      /** Those that tell the rows apart, as the config says it. */
      readonly key?: readonly string[];
    }
  /** Whatever rows come: a procedure's result sets. */
  | { readonly type: "results" };

export interface Routine {
  /** Unique in this schema: its name, `schema.name` outside of the default schema, and the types that it takes: `transfer(int4,int4,numeric)`. */
  readonly id: string;
  readonly name: string;
  /** The database schema to qualify it with; `null` leaves the name bare. */
  readonly schema: string | null;
  readonly kind: "function" | "procedure";
  /** In their order. */
  readonly arguments: readonly RoutineArgument[];
  readonly returns: RoutineReturns;
  /** It is said to change nothing. */
  readonly reads: boolean;
  /** It runs with its owner's rights (`SECURITY DEFINER`). On MySQL and MariaDB, where that is the default: those of another account than the connection's. */
  readonly definer?: true;
  /** It ends the transaction that it is called in, or nobody can tell. */
  readonly commits?: true | "unknown";
  /** It, or another one that it may call, sets something of its connection that stays set behind it. */
  readonly sets?: true;
  readonly comment?: string;
  /** The `id` of the table that it belongs to, where the config says so. */
  readonly table?: string;
  /** What paths call it, where that is not its name. */
  readonly as?: string;
  /** What of it `overrides` say: `reads`, `key`. */
  readonly overridden?: readonly string[];
  /** Written by hand in the config: its statement, or a function of the host's. */
  readonly sql?: WrittenSql;
  readonly runs?: true;
}

/** Those that a caller says. */
export const inputsOf = ({ arguments: all }: Routine): readonly RoutineArgument[] =>
  all.filter(({ mode }) => mode !== "out");

/** Those that it answers with. */
export const outputsOf = ({ arguments: all }: Routine): readonly RoutineArgument[] =>
  all.filter(({ mode }) => mode === "out" || mode === "inout");

/** Options name it by its name, with its schema's outside of the default one, or by its id, which tells overloads apart. */
export const isNamed = ({ id, name }: Routine, said: string): boolean =>
  said === id || said === name || id.startsWith(`${said}(`);

/** The tables whose rows it takes or answers. */
export const tablesOfRoutine = ({ arguments: all, returns }: Routine): string[] => [
  ...all.flatMap(({ row }) => (row === undefined ? [] : [row])),
  ...(returns.type === "rows" ? [returns.table] : []),
];

/** What paths call it where there are several schemas: its name, with its schema's outside of the default one. */
export const pathNameOf = ({ id }: Routine): string => id.slice(0, id.indexOf("("));

/** What callers call its arguments: those without a name by their place, as `$1`. */
export const argumentName = ({ name }: RoutineArgument, index: number): string => name ?? `$${index + 1}`;
