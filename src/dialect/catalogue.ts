// A database's catalogue as uniform rows, and the `Schema` made of them. In: what a dialect's few queries answered.
// Out: tables in a stable order; keys and foreign keys with the true spelling of every name.
import { effectsOf, type FoundEffect } from "../schema/effects.js";
import {
  type Column,
  type ForeignKey,
  ledElsewhere,
  type Schema,
  type Table,
  type UniqueKey,
} from "../schema/schema.js";

export interface CatalogueTable {
  readonly schema: string | null;
  readonly table: string;
  readonly kind: "table" | "view";
  readonly comment?: string;
  /** What keeps its rows, where that has no transactions. */
  readonly engine?: string;
  /** Tables without transactions that its triggers name. */
  readonly triggersInto?: readonly string[];
}

/** The columns in the table's order. */
export interface CatalogueColumn extends Omit<Column, "as"> {
  readonly schema: string | null;
  readonly table: string;
}

/** One column of a primary or unique key; the rows of a key stand in key order. */
export interface CatalogueKey {
  readonly schema: string | null;
  readonly table: string;
  readonly name: string | null;
  /** Tells the keys of one table apart. */
  readonly id: string;
  readonly primary: boolean;
  readonly column: string;
}

/** One column of a foreign key. No referenced column means the referenced table's primary key. */
export interface CatalogueReference {
  readonly schema: string | null;
  readonly table: string;
  readonly name: string | null;
  readonly id: string;
  readonly column: string;
  readonly toSchema: string | null;
  readonly toTable: string;
  readonly toColumn: string | null;
}

export interface Catalogue {
  /** Tables outside it carry their schema's name in their id. */
  readonly defaultSchema: string | null;
  readonly tables: readonly CatalogueTable[];
  readonly columns: readonly CatalogueColumn[];
  readonly keys: readonly CatalogueKey[];
  readonly references: readonly CatalogueReference[];
  /** Left out where none is read. */
  readonly effects?: readonly FoundEffect[];
}

/** One answer of a dialect's own query. */
export type CatalogueRow = Readonly<Record<string, unknown>>;

export const textOf = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

/** Where queries name their columns as the interfaces above do, their rows are these. */
export const placeOf = ({ schema, table }: CatalogueRow) => ({ schema: String(schema), table: String(table) });

export const keyOf = (row: CatalogueRow): CatalogueKey => ({
  ...placeOf(row),
  id: String(row.id),
  name: textOf(row.name),
  primary: Number(row.primary) === 1,
  column: String(row.column),
});

export const referenceOf = (row: CatalogueRow): CatalogueReference => ({
  ...placeOf(row),
  id: String(row.id),
  name: textOf(row.name),
  column: String(row.column),
  toSchema: String(row.toSchema),
  toTable: String(row.toTable),
  toColumn: String(row.toColumn),
});

export function schemaFromCatalogue(catalogue: Catalogue): Schema {
  const placed = (row: { schema: string | null; table: string }) => JSON.stringify([row.schema, row.table]);
  const columns = groupBy(catalogue.columns, placed);
  const keys = groupBy(catalogue.keys, placed);
  const references = groupBy(catalogue.references, placed);
  const found = groupBy(catalogue.effects ?? [], placed);

  const tables = catalogue.tables.map((row): Table => {
    const place = placed(row);
    const own = columns.get(place) ?? [];
    const ownKeys = [...groupBy(keys.get(place) ?? [], (key) => key.id).values()];
    const effects = effectsOf(found.get(place) ?? []);
    const primaryKey = (ownKeys.find((key) => key[0]?.primary) ?? []).map((part) => trueColumn(own, part.column));
    return {
      id: row.schema === catalogue.defaultSchema ? row.table : `${row.schema}.${row.table}`,
      name: row.table,
      schema: row.schema,
      kind: row.kind,
      columns: own.map(({ schema: _schema, table: _table, ...column }) => column),
      primaryKey,
      uniqueKeys: uniqueKeys(ownKeys, own, primaryKey),
      foreignKeys: [],
      ...(row.comment ? { comment: row.comment } : {}),
      ...(row.engine === undefined ? {} : { transactional: false as const, engine: row.engine }),
      ...(row.triggersInto === undefined ? {} : { triggersInto: row.triggersInto }),
      ...(effects === undefined ? {} : { effects }),
    };
  });

  const find = finder(tables);
  const withForeignKeys = tables.map((table) => {
    const parts = references.get(placed({ schema: table.schema, table: table.name })) ?? [];
    const lost = parts.filter((part) => find(part.toSchema, part.toTable) === undefined);
    const elsewhere = new Set(lost.map((part) => trueColumn(table.columns, part.column)));
    return { ...ledElsewhere(table, elsewhere), foreignKeys: foreignKeys(parts, table, find) };
  });
  return { tables: withForeignKeys.sort((a, b) => Number(a.id !== a.name) - Number(b.id !== b.name) || compare(a, b)) };
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

const compare = (a: Table, b: Table): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

// SQLite and MySQL keep a reference as it was typed and match it without regard to case.
const fold = (name: string): string => name.toLowerCase();

function trueColumn(columns: readonly { readonly name: string }[], name: string): string {
  const exact = columns.some((column) => column.name === name);
  return exact ? name : (columns.find((column) => fold(column.name) === fold(name))?.name ?? name);
}

function finder(tables: readonly Table[]): (schema: string | null, name: string) => Table | undefined {
  const place = (schema: string | null, name: string) => JSON.stringify([schema, name]);
  const exact = new Map(tables.map((table) => [place(table.schema, table.name), table]));
  const folded = new Map(tables.map((table) => [fold(place(table.schema, table.name)), table]));
  return (schema, name) => exact.get(place(schema, name)) ?? folded.get(fold(place(schema, name)));
}

/** Indexes over the same columns say the same thing once. */
function uniqueKeys(
  keys: readonly (readonly CatalogueKey[])[],
  columns: readonly CatalogueColumn[],
  primaryKey: readonly string[],
): UniqueKey[] {
  const seen = new Set([sameColumns(primaryKey)]);
  const unique: UniqueKey[] = [];
  for (const parts of keys) {
    if (parts[0] === undefined || parts[0].primary) continue;
    const names = parts.map((part) => trueColumn(columns, part.column));
    if (seen.has(sameColumns(names))) continue;
    seen.add(sameColumns(names));
    unique.push({ name: parts[0].name, columns: names });
  }
  return unique;
}

const sameColumns = (names: readonly string[]): string => JSON.stringify([...names].sort());

/** References that lead out of what was read, or nowhere (SQLite does not check them), are left out. */
function foreignKeys(
  references: readonly CatalogueReference[],
  table: Table,
  find: (schema: string | null, name: string) => Table | undefined,
): ForeignKey[] {
  const keys = new Map<string, ForeignKey>();
  for (const parts of groupBy(references, (part) => part.id).values()) {
    const [first] = parts;
    const target = first && find(first.toSchema, first.toTable);
    if (!first || !target) continue;
    const columns = parts.map((part) => trueColumn(table.columns, part.column));
    const named = parts.flatMap((part) => (part.toColumn === null ? [] : [trueColumn(target.columns, part.toColumn)]));
    const referenced = named.length === 0 ? target.primaryKey : named;
    const known = referenced.every((name) => target.columns.some((column) => column.name === name));
    if (referenced.length !== columns.length || !known) continue;
    const key = { name: first.name, columns, table: target.id, references: [...referenced] };
    const identity = JSON.stringify([columns, target.id, referenced]);
    if (!keys.has(identity)) keys.set(identity, key);
  }
  return [...keys.values()];
}
