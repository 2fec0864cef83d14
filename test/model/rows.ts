// Random rows for a schema: NULLs where columns take them, every key and constraint kept.

import { literal as literalOf, quote } from "../fixtures/literal.js";
import { abilities } from "../support/abilities.js";
import { fc } from "../support/any.js";
import type { DatabaseName } from "../support/databases.js";
import { type Column, type ForeignKey, pools, type Schema, type Table } from "./schema.js";
import { exact, isExact, type Row, textOf, type Value } from "./value.js";

export type Rows = Readonly<Record<string, readonly Row[]>>;

type Draw = fc.GeneratorValue;
const keyTexts: readonly Value[] = ["a", "B", "b", "é", "a,b", "x/y", "50%", "lt:5", " ", "(c)", '"', "日本"];

export const rowsOf = (schema: Schema): fc.Arbitrary<Rows> =>
  fc.gen().map((draw) => {
    const rows: Record<string, Row[]> = {};
    for (const table of schema) {
      const own: Row[] = [];
      rows[table.name] = own;
      const few = new Map(table.columns.map((column) => [column.name, fewValues(draw, table, column)]));
      const wanted = below(draw, 20) === 0 ? 0 : 3 + below(draw, table.link ? 14 : 8);
      for (let tries = 0; tries < 3 * wanted && own.length < wanted; tries++) {
        const row = anyRow(draw, table, few, rows);
        if (row !== undefined && allUnique(table, [...own, row])) own.push(row);
      }
    }
    return rows;
  });

/** Every number as likely as another: fast-check prefers small ones. */
const below = (draw: Draw, count: number): number => draw(() => fc.noBias(fc.nat(count - 1)));
const oneOf = <T>(draw: Draw, values: readonly T[]): T => values[below(draw, values.length)] as T;

/** What one column holds: a few values of its kind, so that there are ties; keys have more. */
function fewValues(draw: Draw, { key }: Table, { name, kind }: Column): readonly Value[] {
  if (key.includes(name) || name === "tag")
    return kind === "text" ? keyTexts : Array.from({ length: 20 }, (_, i) => exact(i + 1));
  return Array.from({ length: 5 }, () => oneOf(draw, pools[kind]));
}

/** Nothing where a parent is needed and there is none. */
function anyRow(draw: Draw, table: Table, few: ReadonlyMap<string, readonly Value[]>, rows: Rows): Row | undefined {
  const row: Record<string, Value> = {};
  const foreign = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
  for (const { name, nullable } of table.columns)
    if (!foreign.has(name)) row[name] = nullable && below(draw, 4) === 0 ? null : oneOf(draw, few.get(name) ?? []);
  for (const foreignKey of table.foreignKeys) {
    const values = anyReference(draw, table, foreignKey, rows);
    if (values === undefined) return undefined;
    for (const [i, name] of foreignKey.columns.entries()) row[name] = values[i] ?? null;
  }
  return row;
}

function anyReference(
  draw: Draw,
  table: Table,
  { columns, references, table: to }: ForeignKey,
  rows: Rows,
): readonly Value[] | undefined {
  const parents = rows[to] ?? [];
  const nullable = table.columns.some(({ name, nullable }) => name === columns[0] && nullable);
  if (nullable && (parents.length === 0 || below(draw, 4) === 0)) return columns.map(() => null);
  if (parents.length === 0) return undefined;
  const parent = oneOf(draw, parents);
  const values = references.map((name) => parent[name] ?? null);
  // One NULL is enough to lead nowhere.
  return nullable && columns.length > 1 && below(draw, 6) === 0 ? [null, ...values.slice(1)] : values;
}

const allUnique = ({ key, unique, foreignKeys }: Table, rows: readonly Row[]): boolean =>
  [key, ...unique, ...foreignKeys.filter((it) => it.unique).map(({ columns }) => columns)].every((columns) => {
    if (columns.length === 0) return true;
    const texts = rows
      .map((row) => columns.map((name) => row[name] ?? null))
      .filter((values) => !values.includes(null))
      .map((values) => JSON.stringify(values.map(textOf)));
    return new Set(texts).size === texts.length;
  });

export function inserts(database: DatabaseName, rows: Rows): string {
  const all = Object.entries(rows).flatMap(([table, all]) =>
    all.map((row) => {
      const names = Object.keys(row).map((name) => quote(database, name));
      const values = Object.values(row).map((value) => literal(database, value));
      return `INSERT INTO ${quote(database, table)} (${names.join(", ")}) VALUES (${values.join(", ")});`;
    }),
  );
  return [inUtc[database], ...all].join("\n");
}

/** MariaDB's TIMESTAMP takes no zone: it is the session's. */
const inUtc: Readonly<Record<DatabaseName, string>> = {
  sqlite: "",
  postgres: "",
  mariadb: "SET time_zone = '+00:00';",
};

const instant = /^(\d{4}-\d\d-\d\dT.+)\+00:00$/;

function literal(database: DatabaseName, value: Value): string {
  if (value !== null && isExact(value)) return textOf(value);
  const [, utc] = (typeof value === "string" && instant.exec(value)) || [];
  // Without a zone it is the session's (MariaDB), or a text that is sorted as it is stored (SQLite).
  return literalOf(database, utc === undefined || abilities[database].takeZones ? value : utc.replace("T", " "));
}
