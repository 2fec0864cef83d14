// Random small schemas as data → DDL for each database.

import { quote } from "../fixtures/literal.js";
import { fc } from "../support/any.js";
import type { DatabaseName } from "../support/databases.js";
import { exact, type Value } from "./value.js";

export type Kind = "integer" | "text" | "decimal" | "float" | "boolean" | "date" | "time" | "datetime" | "instant";

export interface Column {
  readonly name: string;
  readonly kind: Kind;
  readonly nullable: boolean;
}

export interface ForeignKey {
  readonly columns: readonly string[];
  readonly table: string;
  readonly references: readonly string[];
  /** 1-to-1. */
  readonly unique: boolean;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Empty for a table without a key. */
  readonly key: readonly string[];
  readonly unique: readonly (readonly string[])[];
  readonly foreignKeys: readonly ForeignKey[];
  /** An N-to-N table between its two foreign keys' tables; `bare` when it holds nothing else and is no resource. */
  readonly link?: "bare" | "own";
}

export type Schema = readonly Table[];

/**
 * What stands in columns. The databases' collations agree on all of it, as text columns have a binary one; letters beyond ASCII
 * are in one case only, as a binary collation of PostgreSQL's does not know the other one (`ilike`).
 */
export const pools: Readonly<Record<Kind, readonly Value[]>> = {
  integer: [-20, -1, 0, 1, 2, 3, 7, 12, 9007199254740993n].map((units) => exact(units)),
  decimal: [-150, 0, 1, 10, 33, 100, 250, 9999].map((units) => exact(units, 2)),
  // Of which every database makes the same sums.
  float: [-225, 0, 50, 75, 100, 100025].map((units) => exact(units, 2)),
  boolean: [false, true],
  time: ["00:00:00", "09:30:00", "09:30:00.5", "23:59:59"],
  // Some that clocks in New York leave out or show twice.
  datetime: ["1999-12-31T23:59:59.999999", "2024-03-10T02:30:00", "2024-11-03T01:30:00", "2024-11-03T01:30:00.5"],
  instant: ["2000-01-01T00:00:00+00:00", "2024-03-10T07:00:00+00:00", "2024-03-10T07:00:00.25+00:00"],
  date: ["1999-12-31", "2024-01-01", "2024-02-29", "2024-03-10"],
  text: [
    ...["", " ", "a", "A", "ab", "aB", "abc", "b", "b ", "a%b", "a_b", "a\\b", "%", "_", "\\", "'", '"', 'say "a", b'],
    ...["a,b", "(a)", "a=b", "lt:5", "not.in:1", "null", "é", "caé", "日本", "🌲", "a🌲b"],
  ],
};

type Types = Record<Kind, string>;
const common: Omit<Types, "text" | "time" | "datetime" | "instant"> = {
  integer: "BIGINT",
  decimal: "DECIMAL(10,2)",
  float: "DOUBLE PRECISION",
  boolean: "BOOLEAN",
  date: "DATE",
};
const types: Record<DatabaseName, Types> = {
  sqlite: { ...common, text: "VARCHAR(30)", time: "TIME", datetime: "DATETIME", instant: "TIMESTAMPTZ" },
  postgres: {
    ...common,
    text: 'VARCHAR(30) COLLATE "C"',
    time: "TIME",
    datetime: "TIMESTAMP",
    instant: "TIMESTAMPTZ",
  },
  mariadb: {
    ...common,
    // The other binary collation ignores spaces at the end.
    text: "VARCHAR(30) CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80000 utf8mb4_0900_bin */",
    time: "TIME(6)",
    datetime: "DATETIME(6)",
    // Without NULL the first one of a table would set itself.
    instant: "TIMESTAMP(6) NULL",
  },
};

const typeOf = (database: DatabaseName, { kind, nullable }: Column): string =>
  nullable ? types[database][kind] : `${types[database][kind].replace(/ NULL$/, "")} NOT NULL`;

export function ddl(database: DatabaseName, schema: Schema): string {
  const q = (name: string) => quote(database, name);
  const names = (columns: readonly string[]) => `(${columns.map(q).join(", ")})`;
  return schema
    .map(({ name, columns, key, unique, foreignKeys }) => {
      const lines = [
        ...columns.map((it) => `${q(it.name)} ${typeOf(database, it)}`),
        ...(key.length > 0 ? [`PRIMARY KEY ${names(key)}`] : []),
        ...unique.map((columns) => `UNIQUE ${names(columns)}`),
        ...foreignKeys.flatMap((it) => [
          `FOREIGN KEY ${names(it.columns)} REFERENCES ${q(it.table)} ${names(it.references)}`,
          ...(it.unique ? [`UNIQUE ${names(it.columns)}`] : []),
        ]),
      ];
      return `CREATE TABLE ${q(name)} (\n  ${lines.join(",\n  ")}\n);`;
    })
    .join("\n");
}

const plain: readonly Omit<Column, "nullable">[] = [
  { name: "size", kind: "integer" },
  // Also the name of a parameter.
  { name: "limit", kind: "integer" },
  { name: "label", kind: "text" },
  { name: "note", kind: "text" },
  { name: "price", kind: "decimal" },
  { name: "weight", kind: "float" },
  { name: "is_open", kind: "boolean" },
  { name: "day", kind: "date" },
  { name: "opens", kind: "time" },
  { name: "starts", kind: "datetime" },
  { name: "seen", kind: "instant" },
];

const keys: readonly (readonly Column[])[] = [
  [{ name: "id", kind: "integer", nullable: false }],
  [{ name: "code", kind: "text", nullable: false }],
  [
    { name: "part", kind: "text", nullable: false },
    { name: "nr", kind: "integer", nullable: false },
  ],
  [],
];

const tag: Column = { name: "tag", kind: "text", nullable: false };

export const singular = (name: string): string => name.replace(/s$/, "");

type Draw = fc.GeneratorValue;
const chance = (draw: Draw, percent: number): boolean => draw(fc.integer, { min: 0, max: 99 }) < percent;
const oneOf = <T>(draw: Draw, items: readonly T[]): T => items[draw(fc.nat, items.length - 1)] as T;

/** Foreign keys lead to earlier tables or to the table itself. */
export const anySchema: fc.Arbitrary<Schema> = fc.gen().map((draw) => {
  const tables: Table[] = [];
  for (const name of ["ants", "bees", "cats", "dogs"].slice(0, draw(fc.integer, { min: 2, max: 4 })))
    tables.push(anyTable(draw, name, tables));
  for (const name of ["links", "pairs"].slice(0, draw(fc.integer, { min: 0, max: 2 }))) {
    const link = anyLink(draw, name, tables);
    if (link !== undefined) tables.push(link);
  }
  return tables;
});

function anyTable(draw: Draw, name: string, earlier: readonly Table[]): Table {
  const key = oneOf(draw, [keys[0], keys[0], keys[0], keys[1], keys[2], keys[3]]) as readonly Column[];
  const tagged = chance(draw, 20);
  const own = draw(fc.shuffledSubarray<Omit<Column, "nullable">>, [...plain], { minLength: 2, maxLength: 6 });
  const base: Table = {
    name,
    columns: [...key, ...(tagged ? [tag] : []), ...own.map((it) => ({ ...it, nullable: chance(draw, 60) }))],
    key: key.map(nameOf),
    unique: tagged ? [["tag"]] : [],
    foreignKeys: [],
  };
  const targets = [...earlier, base].filter(({ key }) => key.length > 0);
  const wanted = targets.length === 0 ? 0 : draw(fc.integer, { min: earlier.length === 0 ? 0 : 1, max: 3 });
  let table = base;
  for (const free of ["home", "away", "main"].slice(0, wanted)) {
    const target = oneOf(draw, targets);
    const leads = table.foreignKeys.some((it) => it.table === target.name);
    table = withForeignKey(table, target === base || leads ? free : singular(target.name), target, {
      byTag: target !== base && hasColumn(target, "tag") && chance(draw, 50),
      nullable: target === base || chance(draw, 60),
      unique: chance(draw, 25),
    });
  }
  return table;
}

const nameOf = ({ name }: { readonly name: string }): string => name;
const hasColumn = ({ columns }: Table, name: string): boolean => columns.some((column) => column.name === name);

function withForeignKey(
  table: Table,
  word: string,
  target: Table,
  { byTag, nullable, unique }: { byTag: boolean; nullable: boolean; unique: boolean },
): Table {
  const references = byTag ? ["tag"] : target.key;
  const columns = references.map((name) => ({
    ...(target.columns.find((column) => column.name === name) as Column),
    name: `${word}_${references.length === 1 && !byTag ? "id" : name}`,
    nullable,
  }));
  const foreignKey = { columns: columns.map(nameOf), table: target.name, references, unique };
  return { ...table, columns: [...table.columns, ...columns], foreignKeys: [...table.foreignKeys, foreignKey] };
}

/** Between two tables or a table and itself; none where its lists would be called like others. */
function anyLink(draw: Draw, name: string, tables: readonly Table[]): Table | undefined {
  const ends = tables.filter(({ key, link }) => key.length > 0 && link === undefined);
  if (ends.length === 0) return undefined;
  const [a, b] = [oneOf(draw, ends), oneOf(draw, ends)].sort((a, b) => tables.indexOf(a) - tables.indexOf(b));
  if (a === undefined || b === undefined) return undefined;
  const leads = (from: Table, to: Table) => from.foreignKeys.filter(({ table }) => table === to.name).length;
  if (a !== b && leads(b, a) > 0) return undefined;
  if (tables.some(({ link, ...it }) => link && leads(it, a) > 0 && leads(it, b) > 0)) return undefined;
  const form = oneOf(draw, ["bare", "bare", "columns", "unique", ...(a === b ? [] : ["named" as const])] as const);
  const own = form === "unique" || form === "named" ? (keys[0] as readonly Column[]) : [];
  let table: Table = {
    name: form === "named" ? `${a.name}_${b.name}` : name,
    columns: own,
    key: own.map(nameOf),
    unique: [],
    foreignKeys: [],
    link: form === "bare" ? "bare" : "own",
  };
  const words = a === b ? ["source", "target"] : [singular(a.name), singular(b.name)];
  for (const [i, end] of [a, b].entries())
    table = withForeignKey(table, words[i] as string, end, { byTag: false, nullable: false, unique: false });
  const pair = table.foreignKeys.flatMap(({ columns }) => columns);
  if (form === "named") return table;
  if (form === "unique") return { ...table, unique: [pair] };
  const columns = form === "columns" ? [{ ...(plain[0] as Column), nullable: true }] : [];
  return { ...table, columns: [...table.columns, ...columns], key: pair };
}
