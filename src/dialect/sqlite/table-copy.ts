// A table that is to become another → the statements that copy it into a new one, and put that in its place, in one transaction
// without foreign keys (https://sqlite.org/lang_altertable.html#otheralter). Its indexes and triggers are made again.
import type { ChangedColumn, CopyStatement, ObjectText, TableCopy } from "../parts/definition.js";
import { quote } from "../standard.js";
import { isWord, tokensOf } from "../views/tokens.js";
import { misfit } from "./misfit.js";
import { type Clause, type ColumnText, type TableText, tableText, textOf } from "./table-text.js";
import { compiling } from "./trigger-test.js";

export function tableCopy(asked: TableCopy): CopyStatement[] {
  const { table, texts, changed, checked } = asked;
  const is = textIn(texts, table);
  const wanted = changedText(is, asked);
  const copy = freeName(table, texts);
  const own = texts.filter((text) => same(text.table, table) && (text.type === "index" || text.type === "trigger"));
  return [
    { sql: textOf(wanted, quote(copy)) },
    { sql: insertOf(is, wanted, table, copy) },
    ...changed.flatMap((one) => refusal(one, copy)),
    ...(numbers(wanted) ? sequenceOf(table, copy) : []),
    { sql: `DROP TABLE ${quote(table)}` },
    // Otherwise views and triggers that name the table are looked at before it is there again.
    { sql: "PRAGMA legacy_alter_table = ON" },
    { sql: `ALTER TABLE ${quote(copy)} RENAME TO ${quote(table)}` },
    { sql: "PRAGMA legacy_alter_table = OFF" },
    ...own.map(({ sql }) => ({ sql })),
    ...readable(table, wanted, texts),
    ...checked.map((name) => ({
      sql: `PRAGMA foreign_key_check(${quote(name)})`,
      refusedBy: "foreign_key_violation" as const,
    })),
  ];
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const sameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.join("\0").toLowerCase() === other.join("\0").toLowerCase();
const sorted = (names: readonly string[]): string[] => names.map((name) => name.toLowerCase()).sort();

function freeName(table: string, texts: readonly ObjectText[]): string {
  const taken = new Set(texts.map(({ name }) => name.toLowerCase()));
  let name = `${table}_copy`;
  for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${table}_copy${i}`;
  return name;
}

function changedText({ columns, constraints, options }: TableText, asked: TableCopy): TableText {
  const made = tableText(asked.made);
  const isGone = (names: readonly string[]) => names.some((name) => asked.dropped.some((gone) => same(gone, name)));
  const madeColumn = (name: string) => made.columns.find((column) => same(column.name, name)) as ColumnText;
  return {
    columns: [
      ...columns
        .filter(({ name }) => !isGone([name]))
        .map((column) => withoutKeys(column, asked))
        .map((column) => {
          const change = asked.changed.find((one) => same(one.column.name, column.name));
          return change === undefined ? column : changedColumn(column, madeColumn(change.column.name), change);
        }),
      ...asked.added.map(madeColumn),
    ],
    constraints: [...constraints.filter((clause) => !isGoneKey(clause, asked)), ...made.constraints],
    options,
  };
}

function isGoneKey({ is, columns }: Clause, { uniqueKeys, foreignKeys, primaryKey }: TableCopy): boolean {
  if (is === "foreign") return foreignKeys.some((key) => sameList(key, columns));
  if (is === "unique") return uniqueKeys.some((key) => sameList(sorted(key), sorted(columns)));
  return is === "primary" && primaryKey !== undefined;
}

/** Keys of one column may be said with it. */
function withoutKeys(column: ColumnText, asked: TableCopy): ColumnText {
  const { name, clauses } = column;
  const called: Readonly<Record<string, string>> = { references: "foreign", unique: "unique", primary: "primary" };
  const left = clauses.filter(
    ({ is }) => !isGoneKey({ is: called[is] ?? "", columns: [name.toLowerCase()], text: "" }, asked),
  );
  return left.length === clauses.length ? column : without({ ...column, clauses: left });
}

const without = ({ text: _text, ...column }: ColumnText): ColumnText => column;

function changedColumn(column: ColumnText, made: ColumnText, { parts }: ChangedColumn): ColumnText {
  const replaced = [
    ...(parts.includes("not null") ? ["not", "null"] : []),
    ...(parts.includes("default") ? ["default"] : []),
  ];
  const isReplaced = ({ is }: Clause) => replaced.includes(is);
  return without({
    ...column,
    type: parts.includes("type") ? made.type : column.type,
    clauses: [...made.clauses.filter(isReplaced), ...column.clauses.filter((clause) => !isReplaced(clause))],
  });
}

const isComputed = ({ clauses }: ColumnText): boolean => clauses.some(({ is }) => is === "generated" || is === "as");
const hasRowid = ({ options }: TableText): boolean => !/\bwithout\s+rowid\b/i.test(options);
const numbers = ({ columns, constraints }: TableText): boolean =>
  [...columns.flatMap(({ clauses }) => clauses), ...constraints].some(
    ({ is, text }) => is === "primary" && tokensOf(text, false).some((token) => isWord(token, "autoincrement")),
  );

/** Rows have their rowids still, which full-text indexes know them by. */
function insertOf(is: TableText, wanted: TableText, table: string, copy: string): string {
  const kept = wanted.columns.filter(
    (column) => !isComputed(column) && is.columns.some(({ name }) => same(name, column.name)),
  );
  const rowid = ["rowid", "oid", "_rowid_"].find(
    (word) => ![is, wanted].some(({ columns }) => columns.some(({ name }) => same(name, word))),
  );
  const hasBoth = hasRowid(is) && hasRowid(wanted) && !hasRowidKey(wanted) && rowid !== undefined;
  const names = [...(hasBoth ? [rowid] : []), ...kept.map(({ name }) => quote(name))].join(", ");
  return `INSERT INTO ${quote(copy)} (${names}) SELECT ${names} FROM ${quote(table)}`;
}

/** A lone key of whole numbers is the rowid (https://sqlite.org/lang_createtable.html#rowid). */
function hasRowidKey({ columns, constraints }: TableText): boolean {
  const key = constraints.find(({ is }) => is === "primary")?.columns;
  return columns.some(
    ({ name, type, clauses }) =>
      same(type, "integer") &&
      (clauses.some(({ is }) => is === "primary") || (key?.length === 1 && same(key[0] as string, name))),
  );
}

function refusal({ column, parts }: ChangedColumn, copy: string): CopyStatement[] {
  const condition = parts.includes("type") ? misfit(quote(column.name), column.type) : undefined;
  if (condition === undefined) return [];
  const sql = `SELECT 1 FROM ${quote(copy)} WHERE ${quote(column.name)} IS NOT NULL AND (${condition}) LIMIT 1`;
  return [{ sql, refusedBy: "invalid_value" }];
}

/** AUTOINCREMENT counts on from where it was, also past rows that are gone. */
const sequenceOf = (table: string, copy: string): CopyStatement[] => {
  const [from, to] = [table, copy].map((name) => `'${name.replaceAll("'", "''")}'`);
  return [
    { sql: `DELETE FROM sqlite_sequence WHERE name = ${to}` },
    { sql: `INSERT INTO sqlite_sequence (name, seq) SELECT ${to}, seq FROM sqlite_sequence WHERE name = ${from}` },
  ];
};

/** Views and triggers that name the table are understood still. */
function readable(table: string, wanted: TableText, texts: readonly ObjectText[]): CopyStatement[] {
  const naming = texts.filter(({ type, sql, table: of }) => {
    if (type !== "view" && type !== "trigger") return false;
    return same(of, table) || tokensOf(sql, false).some(({ is, text }) => is !== "sign" && same(text, table));
  });
  return naming.flatMap(({ type, name, table: of, sql }) => {
    if (type === "view") return [{ sql: `SELECT * FROM ${quote(name)} LIMIT 0` }];
    const columns = writtenColumns(same(of, table) ? wanted : textIn(texts, of));
    return compiling(sql, of, columns).map((asked) => ({ sql: asked }));
  });
}

const writtenColumns = ({ columns }: TableText): string[] =>
  columns.filter((column) => !isComputed(column)).map(({ name }) => name);

/** A view has none, and no columns here. */
const textIn = (texts: readonly ObjectText[], table: string): TableText =>
  tableText(texts.find(({ type, name }) => type === "table" && same(name, table))?.sql ?? "");
