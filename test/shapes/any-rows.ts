// Tables of random columns with random rows, made by the database's own SQL: each type that a database has, in keys too, with values
// that hardly anybody thinks of.
import type { Chance } from "../effects/random.js";
import { oddValues } from "../fixtures/odd-values.js";
import { odderValues } from "../fixtures/odder-values.js";
import { samples, type TypeSamples } from "../fixtures/types.js";
import type { DatabaseName } from "../support/databases.js";

export interface AnyTable {
  readonly name: string;
  /** The table, and each row by itself: what is random may be refused. */
  readonly create: string;
  readonly rows: readonly string[];
  /** The same with a plain key, where the other cannot be made. */
  readonly plain: string;
  readonly key: readonly string[];
  /** A table that refers to the key, and a row of it for each row: where the key is one column. */
  readonly child: { readonly name: string; readonly column: string; readonly statements: readonly string[] };
  /** Type by column. */
  readonly columns: ReadonlyMap<string, string>;
}

type Sampler = (chance: Chance) => string;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const digits = (chance: Chance, most: number): string =>
  Array.from({ length: 1 + chance.below(most) }, () => chance.below(10)).join("");
const sign = (chance: Chance): string => (chance.oneIn(3) ? "-" : "");
const two = (chance: Chance, from: number, to: number): string =>
  String(from + chance.below(to - from + 1)).padStart(2, "0");

const letters = [
  "a",
  "A",
  "ä",
  "ß",
  "é",
  "z",
  "Z",
  "0",
  "7",
  " ",
  "  ",
  ",",
  ";",
  '"',
  "''",
  "/",
  "\\",
  "%",
  "_",
  ".",
  "~",
];
const more = [
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  "=",
  "+",
  "-",
  "&",
  "?",
  "#",
  "🌲",
  "\t",
  "\n",
  "İ",
  "ı",
  "null",
  "true",
  "1e5",
  "abcd",
];
const text: Sampler = (chance) => {
  const made = chance.some([...letters, ...more], 4).join("");
  return `'${made}'`;
};
const whole: Sampler = (chance) => `${sign(chance)}${digits(chance, 9)}`;
const small: Sampler = (chance) => `${sign(chance)}${chance.below(120)}`;
const fraction: Sampler = (chance) =>
  `${sign(chance)}${digits(chance, 3)}.${digits(chance, 4)}${chance.pick(["", "0", "00"])}`;
const day: Sampler = (chance) =>
  `'${chance.pick(["1999", "2024", "0999"])}-${two(chance, 1, 12)}-${two(chance, 1, 28)}'`;
const clock = (chance: Chance): string =>
  `${two(chance, 0, 23)}:${two(chance, 0, 59)}:${two(chance, 0, 59)}${chance.pick(["", "", ".5", ".250", ".123456"])}`;
const time: Sampler = (chance) => `'${clock(chance)}'`;
const moment: Sampler = (chance) => `'${day(chance).slice(1, -1)} ${clock(chance)}'`;
const json: Sampler = (chance) =>
  quoted(
    chance.pick([
      () => fraction(chance).replace(/^(-?)0+(?=\d)/, "$1"),
      () => `{"a": [${small(chance)}, 2.50, 1.0e2], "b": null}`,
      () => `[${chance.some(["1", "1.0", "null", '"x"', "{}", "[]", "true"], 3).join(", ")}]`,
      () => chance.pick(["null", "true", '"text"', '"5"', "{}", "[]", '{"": {"é": "ü"}}']),
    ])(),
  );

/** What random values a type may have besides its samples. */
const families: readonly (readonly [RegExp, Sampler])[] = [
  [/\[\]|range|vector|query|^interval|^bit|binary/, () => "NULL"],
  [/^(var)?char|^text|^citext|^name$|text$|^short_text/, text],
  [/^(numeric|decimal|price|money)/, fraction],
  [/^(double|real|float)/, fraction],
  [/^(tinyint|smallint)/, small],
  [/^(int|bigint|mediumint|positive)/, whole],
  [/^date\b/, day],
  [/^time\b|^timetz/, time],
  // MariaDB keeps no TIMESTAMP before 1970.
  [/^timestamp/, (chance) => `'${chance.pick(["1999", "2024"])}${moment(chance).slice(5)}`],
  [/^datetime/, moment],
  [/^jsonb?$/, json],
];

/** Any value of any of its types stands in any of SQLite's columns. */
const anywhere: Sampler = (chance) =>
  chance.pick<Sampler>([
    ...[text, whole, small, fraction, day, time, moment, json],
    () => `x'${Array.from({ length: chance.below(7) }, () => two(chance, 10, 99)).join("")}'`,
  ])(chance);

const plainOf = (name: DatabaseName): TypeSamples => samples[name];

/** Types whose values PostgreSQL itself takes in another form than it shows them, or cannot compare. */
const other: ReadonlySet<string> = new Set(["int2vector", "oidvector", "json[]", "point[]", "xml[]", "complex[]"]);

function anyValue(name: DatabaseName, type: string, chance: Chance): string {
  if (chance.oneIn(9)) return "NULL";
  const all = [plainOf(name), oddValues[name], odderValues[name]].flatMap((values: TypeSamples) => values[type] ?? []);
  // JSON has no number past all doubles.
  const known = /JSON/.test(type) ? all.filter((value) => value !== "9e999") : all;
  const [, family] = families.find(([pattern]) => pattern.test(type.toLowerCase())) ?? [];
  if (takesAnything[name]) return chance.oneIn(3) || known.length === 0 ? anywhere(chance) : chance.pick(known);
  return family === undefined || chance.oneIn(2) ? chance.pick(known) : family(chance);
}

export const typesOf = (name: DatabaseName): string[] =>
  [...new Set([plainOf(name), oddValues[name], odderValues[name]].flatMap((values) => Object.keys(values)))].filter(
    (type) => !other.has(type),
  );

/** Columns that hold what they hold: `id` numbers the rows where a random key cannot be made. */
export function anyTable(name: DatabaseName, number: number, chance: Chance, without: ReadonlySet<string>): AnyTable {
  const tail = chance.oneIn(3) ? chance.pick(kinds[name]) : "";
  const types = typesOf(name).filter((type) => !without.has(type) && (tail !== STRICT || strict.has(type)));
  const columns = new Map(
    Array.from({ length: 2 + chance.below(4) }, (_, i) => [`c${i}`, chance.pick(types)] as const),
  );
  const key = [...columns.keys()].slice(0, chance.pick([1, 1, 1, 2]));
  const table = `any${number}`;
  const list = [...columns].map(([column, type]) => `${column} ${type}`).join(", ");
  const rows = Array.from({ length: 3 + chance.below(6) }, () => {
    const values = [...columns.values()].map((type) => anyValue(name, type, chance));
    return `INSERT INTO ${table} (${[...columns.keys()].join(", ")}) VALUES (${values.join(", ")})`;
  });
  return {
    ...{ name: table, rows, key, columns, child: childOf(table, number, key, columns) },
    create: `CREATE TABLE ${table} (${list}, PRIMARY KEY (${key.join(", ")}))${tail}`,
    plain: `CREATE TABLE ${table} (id ${numbered[name]}, ${list})`,
  };
}

function childOf(
  table: string,
  number: number,
  [only = "", ...others]: readonly string[],
  columns: ReadonlyMap<string, string>,
): AnyTable["child"] {
  const [name, column] = [`kid${number}`, `${table}_id`];
  const type = (columns.get(only) ?? "").replace(/ not null.*| null$/, "");
  // PostgreSQL checks no foreign key of arrays with a length: it finds no operator for them.
  const isReferable = others.length === 0 && !/^bit\[\]|\).*\[\]/.test(type);
  const refers = `FOREIGN KEY (${column}) REFERENCES ${table} (${only}) ON DELETE CASCADE`;
  const statements = [
    `CREATE TABLE ${name} (id INTEGER NOT NULL PRIMARY KEY, ${column} ${type}, ${refers})`,
    `INSERT INTO ${name} SELECT ROW_NUMBER() OVER (), ${only} FROM ${table} WHERE ${only} IS NOT NULL`,
  ];
  return { name, column, statements: isReferable ? statements : [] };
}

const STRICT = " STRICT";
/** The types that a strict table of SQLite may have, as far as there are samples of them (https://sqlite.org/stricttables.html). */
const strict: ReadonlySet<string> = new Set(["INTEGER", "REAL", "TEXT", "BLOB", "ANY"]);

/** Another kind of table. */
const kinds: Readonly<Record<DatabaseName, readonly string[]>> = {
  sqlite: [" WITHOUT ROWID", STRICT],
  postgres: [""],
  mariadb: [""],
};

/** A column's type is a habit there, and no promise. */
const takesAnything: Readonly<Record<DatabaseName, boolean>> = { sqlite: true, postgres: false, mariadb: false };

const numbered: Readonly<Record<DatabaseName, string>> = {
  sqlite: "INTEGER PRIMARY KEY",
  postgres: "INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
  mariadb: "INTEGER AUTO_INCREMENT PRIMARY KEY",
};
