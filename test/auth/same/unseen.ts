// A random role, and the same database once more, different only in what that role may not see.

import { conditionsOf } from "../../model/any-condition.js";
import { evaluate, type World } from "../../model/evaluate.js";
import { type Condition, queryOf } from "../../model/query.js";
import type { Rows } from "../../model/rows.js";
import { pools, type Schema, type Table } from "../../model/schema.js";
import { compare, exact, type Row, textOf, type Value } from "../../model/value.js";
import { fc } from "../../support/any.js";

/** By table; one that is not here is not granted. */
export type Rights = Readonly<Record<string, { readonly hidden: ReadonlySet<string>; readonly rule?: Condition }>>;

export interface Pair {
  readonly world: World;
  readonly rights: Rights;
  /** The rows of the other database. */
  readonly other: Rows;
  /** How many changes there are between the two. */
  readonly changes: number;
}

type Draw = fc.GeneratorValue;
const below = (draw: Draw, count: number): number => draw(() => fc.noBias(fc.nat(count - 1)));
const oneOf = <T>(draw: Draw, values: readonly T[]): T => values[below(draw, values.length)] as T;

/** Changes that are tried; those that a caller could see, or that break a constraint, are not made. */
const TRIES = 150;

export const pairsOf = (world: World): fc.Arbitrary<Pair> =>
  fc.gen().map((draw) => {
    const rights = rightsOf(draw, world);
    const before = seen(world, rights);
    let rows = world.rows;
    let changes = 0;
    for (let i = 0; i < TRIES; i++) {
      const next = changed(draw, world.schema, rows);
      if (next === undefined || !isSound(world.schema, next) || seen({ ...world, rows: next }, rights) !== before)
        continue;
      rows = next;
      changes++;
    }
    return { world, rights, other: rows, changes };
  });

function rightsOf(draw: Draw, world: World): Rights {
  const { condition } = conditionsOf(world);
  return Object.fromEntries(
    world.schema.flatMap((table) => {
      if (below(draw, 8) === 0) return [];
      const foreign = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
      const hidden = table.columns
        .map(({ name }) => name)
        .filter((name) => !table.key.includes(name) && below(draw, foreign.has(name) ? 6 : 2) === 0);
      const rule = below(draw, 3) === 0 ? {} : { rule: draw(() => condition(table)) };
      return [[table.name, { hidden: new Set(hidden), ...rule }]];
    }),
  );
}

/** As the option `roles` says it. */
export function grantsOf({ schema }: World, rights: Rights): Record<string, object> {
  return Object.fromEntries(
    Object.entries(rights).map(([name, { hidden, rule }]) => {
      const { columns, key } = schema.find((table) => table.name === name) as Table;
      const read = columns.map((column) => column.name).filter((column) => !hidden.has(column));
      // A rule on written rows wants a key.
      const operations = rule !== undefined && key.length === 0 ? ["read", "delete"] : "*";
      return [name, { operations, read, ...(rule && { rows: ruleText(name, rule) }) }];
    }),
  );
}

const ruleText = (table: string, rule: Condition): string => queryOf(asking(table, [rule]));

const asking = (table: string, where: readonly Condition[]) => ({
  table,
  steps: [],
  list: { where, having: [], sort: [] },
  count: false,
});

/** The rows that the rule of their table lets through. */
function visible(world: World, rights: Rights, table: string): ReadonlySet<Row> {
  const all = world.rows[table] ?? [];
  const right = rights[table];
  if (right === undefined) return new Set();
  const { rule } = right;
  if (rule === undefined) return new Set(all);
  // One at a time beside all the others, so that each is known again.
  return new Set(all.filter((row) => isWithin(world, table, rule, row)));
}

function isWithin(world: World, table: string, rule: Condition, row: Row): boolean {
  const marked = { ...world, defaultLimit: 1_000, maxLimit: 1_000 };
  const { key, columns } = world.schema.find(({ name }) => name === table) as Table;
  const names = key.length > 0 ? key : columns.map(({ name }) => name);
  const same = names.map((column): Condition => {
    const value = row[column] ?? null;
    const test = { path: [], column, not: false, bare: false, quoted: false };
    return value === null
      ? { ...test, operator: "is", operands: ["null"] }
      : { ...test, operator: "eq", operands: [textOf(value)] };
  });
  return (evaluate(marked, asking(table, [rule, ...same])).body as unknown[]).length > 0;
}

/** All that may reach the caller, as a text. */
function seen(world: World, rights: Rights): string {
  const rows = new Map(world.schema.map(({ name }) => [name, visible(world, rights, name)]));
  const shown = world.schema.map((table) => {
    const hidden = rights[table.name]?.hidden ?? new Set();
    const there = [...(rows.get(table.name) ?? [])].filter(
      (row) => table.link !== "bare" || isBetween(row, table, rows, world),
    );
    return there.map((row) => textOfRow(row, table, hidden)).sort();
  });
  return JSON.stringify(shown);
}

const textOfRow = (row: Row, { columns }: Table, hidden: ReadonlySet<string>): string =>
  JSON.stringify(
    columns.map(({ name }) => (hidden.has(name) || row[name] == null ? null : textOf(row[name] as Value))),
  );

/** A link that is nothing but a link is seen where both its rows are. */
const isBetween = (
  row: Row,
  { foreignKeys }: Table,
  rows: ReadonlyMap<string, ReadonlySet<Row>>,
  world: World,
): boolean =>
  foreignKeys.every((foreignKey) => {
    const parent = (world.rows[foreignKey.table] ?? []).find((one) => refers(row, foreignKey, one));
    return parent !== undefined && rows.get(foreignKey.table)?.has(parent) === true;
  });

type ForeignKey = Table["foreignKeys"][number];

const refers = (child: Row, { columns, references }: ForeignKey, parent: Row): boolean =>
  columns.every((name, i) => isSame(child[name], parent[references[i] as string]));

const isSame = (one: Value | undefined, other: Value | undefined): boolean =>
  one != null && other != null && compare(one, other) === 0;

function changed(draw: Draw, schema: Schema, rows: Rows): Rows | undefined {
  const table = oneOf(draw, schema);
  const all = rows[table.name] ?? [];
  const at = all.length === 0 ? -1 : below(draw, all.length);
  const row = all[at];
  switch (below(draw, 6)) {
    case 0:
      return row && { ...rows, [table.name]: all.toSpliced(at, 1) };
    case 1:
      return row && { ...rows, [table.name]: [...all, another(draw, table, row, rows)] };
    default:
      return row && { ...rows, [table.name]: all.with(at, recoloured(draw, table, row, rows)) };
  }
}

/** One more like this one, with a key of its own. */
function another(draw: Draw, table: Table, row: Row, rows: Rows): Row {
  const fresh = { ...row };
  for (const { name, kind } of table.columns)
    if (table.key.includes(name) || name === "tag")
      fresh[name] = kind === "text" ? oneOf(draw, ["new", "z", "+", "Ω"]) : exact(20 + below(draw, 20));
  for (const foreignKey of table.foreignKeys)
    if (below(draw, 2) === 0 || table.link) Object.assign(fresh, pointed(draw, foreignKey, rows));
  return recoloured(draw, table, fresh, rows);
}

/** With another value in one of its columns. */
function recoloured(draw: Draw, table: Table, row: Row, rows: Rows): Row {
  const foreign = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
  const column = oneOf(draw, table.columns);
  const { name, kind, nullable } = column;
  if (table.key.includes(name) && !foreign.has(name)) return row;
  if (foreign.has(name)) {
    const foreignKey = table.foreignKeys.find(({ columns }) => columns.includes(name)) as ForeignKey;
    const empty = nullable && below(draw, 4) === 0;
    return empty ? { ...row, [name]: null } : { ...row, ...pointed(draw, foreignKey, rows) };
  }
  return { ...row, [name]: nullable && below(draw, 5) === 0 ? null : oneOf(draw, pools[kind]) };
}

function pointed(draw: Draw, { columns, references, table }: ForeignKey, rows: Rows): Row {
  const parents = rows[table] ?? [];
  if (parents.length === 0) return {};
  const parent = oneOf(draw, parents);
  return Object.fromEntries(columns.map((name, i) => [name, parent[references[i] as string] ?? null]));
}

/** Would the database take these rows, and in this order? */
const isSound = (schema: Schema, rows: Rows): boolean =>
  schema.every((table) => {
    const all = rows[table.name] ?? [];
    const unique = [
      table.key,
      ...table.unique,
      ...table.foreignKeys.filter((it) => it.unique).map(({ columns }) => columns),
    ];
    return (
      unique.every((columns) => columns.length === 0 || isUnique(all, columns)) &&
      all.every((row, i) =>
        table.foreignKeys.every((foreignKey) => isFulfilled(row, foreignKey, table, all.slice(0, i + 1), rows)),
      )
    );
  });

/** Rows that refer to their own table stand behind those that they refer to. */
const isFulfilled = (row: Row, foreignKey: ForeignKey, { name }: Table, before: readonly Row[], rows: Rows): boolean =>
  foreignKey.columns.some((column) => row[column] == null) ||
  (foreignKey.table === name ? before : (rows[foreignKey.table] ?? [])).some((parent) =>
    refers(row, foreignKey, parent),
  );

function isUnique(rows: readonly Row[], columns: readonly string[]): boolean {
  const texts = rows
    .map((row) => columns.map((name) => row[name] ?? null))
    .filter((values) => !values.includes(null))
    .map((values) => JSON.stringify(values.map(textOf)));
  return new Set(texts).size === texts.length;
}

/** The world as the role may name it, with all its rows: what is asked of it is mostly answered. */
export function named(world: World, rights: Rights): World {
  const schema = world.schema
    .filter(({ name }) => rights[name] !== undefined)
    .map((table) => ({ ...table, columns: table.columns.filter(({ name }) => !rights[table.name]?.hidden.has(name)) }));
  const isShown = (table: string, columns: readonly string[]) =>
    rights[table] !== undefined && columns.every((column) => !rights[table]?.hidden.has(column));
  const isWhole = (by: string) => {
    const [name = "", way] = by.split(".");
    const table = world.schema.find((one) => one.name === name);
    const keys = (table?.foreignKeys ?? []).filter((one) => way === undefined || wordOf(one) === way);
    return keys.every((one) => isShown(name, one.columns) && isShown(one.table, one.references));
  };
  const relations = [...world.relations].map(([table, all]) => [table, all.filter(({ by }) => isWhole(by))] as const);
  return { ...world, schema, relations: new Map(relations) };
}

const wordOf = ({ columns }: ForeignKey): string => (columns[0] as string).replace(/_[^_]*$/, "");
