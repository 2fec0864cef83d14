// Writes that answer with their rows, on SQL Server: OUTPUT, MERGE and a table variable. Comments name the pages of
// https://learn.microsoft.com/sql/t-sql that a text follows.
import type { Column, ColumnType, Table } from "../../schema/schema.js";
import type { KeyConflict, NewRows, Write } from "../statement-parts.js";
import { castScale } from "./driver.js";
import { jsonObject } from "./json.js";

export const quote = (identifier: string): string => `[${identifier.replaceAll("]", "]]")}]`;

/**
 * OUTPUT says a row as it was before the triggers, fails on tables that have any unless it goes INTO something, and holds no
 * subquery (queries/output-clause-transact-sql). So it keeps the key, whatever gave it its value, and the row is read by that.
 * Without a key the row itself is kept.
 */
export function answering({ head, tail, table, name, columns, fields }: Write): string {
  const kept = keptOf(table);
  const numbering = (on: string) => (head.startsWith("INSERT") ? numbered(table, name, columns, on) : "");
  return (
    `DECLARE @new TABLE (${declarations(kept)}); ${numbering("ON")}` +
    `${head} OUTPUT ${inserted(kept)} INTO @new ${tail}`.trimEnd() +
    `; ${numbering("OFF")}SELECT ${jsonObject(fields)} FROM ${fromNew(table, name, kept)}`
  );
}

/**
 * OUTPUT promises no order, and an INSERT's may name only the columns of the new row. A MERGE that matches nothing inserts them
 * all, and its OUTPUT may say which row of the source each of them was (statements/merge-transact-sql, «output_clause»).
 */
export function insertRows({ table, name, columns, tuples, fields, conflict }: NewRows): string {
  const kept = keptOf(table);
  const ord = quote(unlike("ord", kept));
  const given = columns.map((_, i) => `[c${i}]`);
  const long = columns.map((column) => isLong(table.columns.find(({ name }) => name === column)?.type));
  const said = (value: string, i: number) => (long[i] ? `CAST(${value} AS nvarchar(max))` : value);
  const rows = tuples.map((tuple, i) => `(${[i, ...tuple.map(said)].join(", ")})`).join(", ");
  const insert =
    columns.length === 0
      ? "DEFAULT VALUES"
      : `(${columns.map(quote).join(", ")}) VALUES (${given.map((column) => `[given row].${column}`).join(", ")})`;
  return (
    `DECLARE @new TABLE (${ord} int, ${declarations(kept)}); ${numbered(table, name, columns, "ON")}` +
    `MERGE INTO ${name}${conflict === undefined ? "" : " WITH (HOLDLOCK)"} ` +
    `USING (VALUES ${rows}) AS [given row] (${["[ord]", ...given].join(", ")}) ON ${standing(table, columns, conflict)} ` +
    `WHEN NOT MATCHED THEN INSERT ${insert}${changing(table, columns, conflict)} OUTPUT [given row].[ord], ${inserted(kept)} INTO @new; ` +
    `${numbered(table, name, columns, "OFF")}SELECT ${jsonObject(fields)} FROM ${fromNew(table, name, kept)} ORDER BY ${newRow(table)}.${ord}`
  );
}

/** One type for a column of all rows: of text for varchar beside text for nvarchar, 4,000 characters would be left (statements/table-value-constructor). */
const isLong = (type: ColumnType | undefined): boolean =>
  type?.kind === "text" && (type.length === undefined || type.length > 4000);

/**
 * No UPDATE may set a column that numbers itself (error 8102), so that a row is the one that stands only where it says the same
 * number. Where it says another, it is a new row, and its key is taken. A new row's texts have the database's collation.
 */
function standing(table: Table, columns: readonly string[], conflict: KeyConflict | undefined): string {
  if (conflict === undefined) return "1 = 0";
  const taken = conflict.action === "merge" ? conflict.update.map(({ name }) => name) : [];
  const numbers = taken.filter((name) => isNumbered(table, name));
  return [...conflict.columns, ...numbers]
    .map((name) => {
      const native = table.columns.find((column) => column.name === name)?.type.native ?? "";
      const collation = / COLLATE \w+$/.exec(native)?.[0] ?? "";
      return `${conflict.own}${quote(name)} = [given row].[c${columns.indexOf(name)}]${collation}`;
    })
    .join(" AND ");
}

const isNumbered = ({ columns }: Table, name: string): boolean =>
  columns.some((column) => column.name === name && column.identity);

/** An UPDATE of nothing, where nothing is to change, so that the row is answered: of any column but one that numbers itself. */
function changing(table: Table, columns: readonly string[], conflict: KeyConflict | undefined): string {
  if (conflict?.action !== "merge") return "";
  const { own } = conflict;
  const update = conflict.update.filter(({ name }) => !isNumbered(table, name));
  const idle = table.columns.find(({ identity, generated }) => !identity && !generated)?.name;
  const set = update.map(({ name }) => `${quote(name)} = [given row].[c${columns.indexOf(name)}]`);
  if (set.length === 0 && idle !== undefined) set.push(`${quote(idle)} = ${own}${quote(idle)}`);
  return set.length === 0 ? "" : ` WHEN MATCHED THEN UPDATE SET ${set.join(", ")}`;
}

/** The columns by which the new rows are found again. */
const keptOf = ({ columns, primaryKey }: Table): readonly Column[] =>
  columns.filter(({ name }) => primaryKey.length === 0 || primaryKey.includes(name));

/** What the table variable is called: as the table itself where it holds whole rows. */
const newRow = ({ name, primaryKey }: Table): string => (primaryKey.length === 0 ? quote(name) : "[new row]");

function fromNew(table: Table, name: string, kept: readonly Column[]): string {
  if (table.primaryKey.length === 0) return `@new ${newRow(table)}`;
  const same = kept.map((column) => `${quote(table.name)}.${quote(column.name)} = [new row].${quote(column.name)}`);
  return `@new [new row] JOIN ${name} ON ${same.join(" AND ")}`;
}

const inserted = (kept: readonly Column[]): string => kept.map((column) => `INSERTED.${quote(column.name)}`).join(", ");

/** Reset when the batch ends, even by an error (statements/set-statements-transact-sql, «sp_executesql»). */
const numbered = (table: Table, name: string, columns: readonly string[], on: string): string =>
  table.columns.some((column) => column.identity && columns.includes(column.name))
    ? `SET IDENTITY_INSERT ${name} ${on}; `
    : "";

/** A name that none of the columns has. */
const unlike = (name: string, columns: readonly Column[]): string =>
  columns.some((column) => column.name.toLowerCase() === name) ? unlike(`${name}_`, columns) : name;

const declarations = (columns: readonly Column[]): string =>
  columns.map((column) => `${quote(column.name)} ${declared(column)}`).join(", ");

/** What catalogue.ts spells a type as, and a table variable understands. */
const declarable =
  /^(bigint|int|smallint|tinyint|bit|(decimal|numeric)\(\d+,\d+\)|(small)?money|float|real|date|(time|datetime2|datetimeoffset)(\(\d\))?|(small)?datetime|n?(var)?char\((\d+|max)\)( COLLATE \w+)?|(var)?binary\((\d+|max)\)|uniqueidentifier|xml|sql_variant|geometry|geography|hierarchyid|json|\[.*)$/;

const byKind: Partial<Record<ColumnType["kind"], string>> = {
  integer: "bigint",
  float: "float",
  boolean: "bit",
  uuid: "uniqueidentifier",
  date: "date",
  time: "time(7)",
  datetime: "datetime2(7)",
  instant: "datetimeoffset(7)",
  binary: "varbinary(max)",
};

/** A type for a table variable; one that a config map spells in its own way by its kind. */
function declared({ type }: Column): string {
  if (declarable.test(type.native)) return type.native;
  if (type.kind === "decimal") return `decimal(38, ${castScale(type)})`;
  return byKind[type.kind] ?? "nvarchar(max)";
}
