// A column of information_schema → a column of the schema.
import type { CatalogueColumn } from "../catalogue.js";
import { typeOf } from "./column-type.js";
import { geometryOn } from "./geometry.js";
import { isMoment } from "./shown.js";

type Row = Record<string, unknown>;

export const columnId = (table: unknown, name: unknown): string => JSON.stringify([table, name]);

/**
 * A TINYINT(1) of a primary key, or that refers to one, tells rows apart: more than the two that a boolean could. So does one that is
 * called so.
 */
export function numberingIn(keys: readonly Row[], references: readonly Row[]): ReadonlySet<string> {
  const primary = keys.filter(({ name }) => name === "PRIMARY");
  return new Set([...primary, ...references].map((row) => columnId(row.table, row.column)));
}

interface ColumnFacts {
  readonly mariadb: boolean;
  /** Whether it is the number of a row. */
  readonly numbers: boolean;
  readonly isDocument: boolean;
  /** Whether the server keeps clients from dates without a month or a day. */
  readonly wholeDates: boolean;
}

export function toColumn(row: Row, { mariadb, numbers, isDocument, wholeDates }: ColumnFacts): CatalogueColumn {
  const extra = String(row.extra);
  const number = (value: unknown): number | undefined =>
    value === null || value === undefined ? undefined : Number(value);
  const type = isDocument
    ? ({ kind: "json", native: "json" } as const)
    : typeOf({
        name: String(row.type).toLowerCase(),
        native: String(row.native),
        length: number(row.length),
        precision: number(row.precision),
        scale: number(row.scale),
        fraction: number(row.fraction),
        charset: row.charset === null ? undefined : String(row.charset),
        geometry: geometryOn(String(row.type), mariadb ? "mariadb" : "mysql", number(row.srid)),
        numbers,
        wholeDates,
      });
  const generated = /(VIRTUAL|STORED|PERSISTENT) GENERATED/i.test(extra);
  const rights = String(row.rights).split(",");
  const denied = (["insert", "update"] as const).filter((right) => !rights.includes(right));
  const isZero = isMoment(type) && /^'?0000-00-00/.test(String(row.default));
  return {
    schema: null,
    table: String(row.table),
    name: String(row.name),
    type,
    nullable: row.nullable === "YES",
    ...(isZero && { showsNull: true }),
    default: generated ? null : defaultOf(row.default, extra, mariadb),
    generated,
    identity: /auto_increment/i.test(extra),
    // A binary one goes with all others of its character set (manual: «Collation Coercibility in Expressions»).
    ...(row.collation === null || /_bin$/.test(String(row.collation)) ? {} : { collation: String(row.collation) }),
    ...(denied.length === 0 ? {} : { denied }),
    ...(rights.includes("select") ? {} : { unreadable: true }),
    ...comment(row.comment),
  };
}

/** MariaDB keeps the default's SQL, with the word NULL for none; MySQL the bare value, and marks what is an expression. */
function defaultOf(value: unknown, extra: string, mariadb: boolean): string | null {
  if (value === null || value === undefined || (mariadb && value === "NULL")) return null;
  const text = String(value);
  const asItIs =
    mariadb || /DEFAULT_GENERATED/i.test(extra) || /^(-?\d+(\.\d+)?|b'[01]*'|CURRENT_TIMESTAMP.*)$/i.test(text);
  return asItIs ? text : `'${text.replaceAll("'", "''")}'`;
}

export const comment = (value: unknown): { comment?: string } => (value ? { comment: String(value) } : {});

/** MariaDB's JSON is LONGTEXT with a check (https://mariadb.com/kb/en/json-data-type/). */
export function jsonColumns(checks: readonly Row[]): ReadonlySet<string> {
  return new Set(
    checks.flatMap((row) => {
      const name = new RegExp(`^json_valid\\((${quotedName})\\)$`, "i").exec(String(row.clause))?.[1];
      return name === undefined ? [] : [JSON.stringify([row.table, withoutBackticks(name)])];
    }),
  );
}

/** The mode ANSI_QUOTES is the session's, and says how the server quotes names in what it tells. */
export const quotedName = '`(?:[^`]|``)+`|"(?:[^"]|"")+"';
export const withoutBackticks = (quoted: string): string =>
  quoted.slice(1, -1).replaceAll(quoted.slice(0, 1).repeat(2), quoted.slice(0, 1));
