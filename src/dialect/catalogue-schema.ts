// A catalogue → the schema: tables in a stable order, keys and foreign keys with the true spelling of every name, and what was left
// out.
import { groupBy } from "../base/group-by.js";
import { effectsOf } from "../schema/effects.js";
import { towardsView } from "../schema/passed-key.js";
import type { ForeignKey, Schema, Table, UniqueKey } from "../schema/schema.js";
import { rightsWarnings, type SchemaWarning, type Writing } from "../schema/warnings.js";
import type { Catalogue, CatalogueColumn, CatalogueKey, CatalogueTable } from "./catalogue.js";
import { finder, trueColumn } from "./catalogue-names.js";
import { withForeignKeys } from "./catalogue-references.js";
import { withViews } from "./views/views.js";

export function schemaFromCatalogue(catalogue: Catalogue): Schema {
  const warnings: SchemaWarning[] = [];
  const columns = groupBy(catalogue.columns, placed);
  const keys = groupBy(catalogue.keys, placed);
  const references = groupBy(catalogue.references, placed);
  const effects = groupBy(catalogue.effects ?? [], placed);
  const idOf = (schema: string | null, table: string) =>
    schema === catalogue.defaultSchema ? table : `${schema}.${table}`;

  const tables = catalogue.tables.flatMap((row): Table[] => {
    const place = placed(row);
    const all = columns.get(place) ?? [];
    const id = idOf(row.schema, row.table);
    const left = row.leftOut ?? (isHidden(all) ? ({ code: "unreadable_table" } as const) : undefined);
    if (left !== undefined) {
      warnings.push({ ...left, table: id });
      return [];
    }
    const found = effectsOf(effects.get(place) ?? []);
    const table = { ...tableOf(id, row, all, keys.get(place) ?? []), ...(found && { effects: found }) };
    warnings.push(...hiddenColumns(id, all), ...keyWarnings(table, keys.get(place) ?? []));
    if (row.kind === "table") warnings.push(...rightsWarnings(table));
    return [table];
  });

  const ground = { find: finder(tables), idOf, warnings, breaks: catalogue.breaks === true };
  const linked = withBrokenKeys(
    tables.map((table) => withForeignKeys(table, references.get(placed(placeIn(table))) ?? [], ground)),
    warnings,
  );
  const below = tablesBelow(linked, catalogue, idOf);
  const views = withViews(
    linked,
    (catalogue.views ?? []).map((view) => ({ ...view, id: idOf(view.schema, view.table) })),
    {
      find: finder(below),
      columnsOf: (view) => (columns.get(placed(placeIn(view))) ?? []).map(({ name }) => name),
      textsAgree: catalogue.collates !== true,
    },
  );
  const whole = below === linked ? views : withViewsAsParents(views, warnings);
  // What a view does not take by itself is no right that is missing.
  for (const [i, { id, kind, denied = [] }] of whole.entries())
    if (kind === "view")
      warnings.push(...rightsWarnings({ id, columns: (linked[i] as Table).columns, denied }, "columns"));
  return {
    tables: whole.sort((a, b) => Number(a.id !== a.name) - Number(b.id !== b.name) || compare(a.id, b.id)),
    ...(warnings.length === 0 ? {} : { warnings: warnings.sort((a, b) => compare(a.table, b.table)) }),
  };
}

/** What views are made of: also what the connection may not read itself. They are read with their owner's rights. */
function tablesBelow(
  linked: readonly Table[],
  { columns, tables, keys, references, views = [] }: Catalogue,
  idOf: (schema: string | null, table: string) => string,
): readonly Table[] {
  if (views.length === 0 || !columns.some(({ unreadable }) => unreadable)) return linked;
  const [own, known, led] = [groupBy(columns, placed), groupBy(keys, placed), groupBy(references, placed)];
  const all = tables
    .filter(({ leftOut }) => leftOut === undefined)
    .map((row) => {
      const read = (own.get(placed(row)) ?? []).map(({ unreadable: _, ...column }) => column);
      return tableOf(idOf(row.schema, row.table), row, read, known.get(placed(row)) ?? []);
    });
  const ground = { find: finder(all), idOf, warnings: [], breaks: false };
  return all.map((table) => withForeignKeys(table, led.get(placed(placeIn(table))) ?? [], ground));
}

/** Where a view stands for what cannot be read, foreign keys that views pass through lead to it. */
function withViewsAsParents(tables: readonly Table[], warnings: SchemaWarning[]): Table[] {
  const shown = new Map(tables.map((table) => [table.id, new Set(table.columns.map(({ name }) => name))]));
  const isShown = ({ table, references }: ForeignKey) =>
    shown.has(table) && references.every((name) => shown.get(table)?.has(name));
  return tables.map((table) => {
    if (table.kind !== "view") return table;
    const foreignKeys = table.foreignKeys.flatMap((key) => {
      if (isShown(key)) return [key];
      const found = towardsView(key, table, tables);
      warnings.push(...found.warnings);
      return found.keys;
    });
    return { ...table, foreignKeys };
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A foreign key that leads to no key, told at both of its ends: writes to either are refused. */
function withBrokenKeys(tables: readonly Table[], warnings: readonly SchemaWarning[]): Table[] {
  const broken = warnings.filter(({ code }) => code === "broken_foreign_key");
  const isOf = ({ id }: Table, { table, about = "" }: SchemaWarning) =>
    id === table || about === id || about.startsWith(`${id}(`);
  return tables.map((table) => {
    const own = broken.filter((warning) => isOf(table, warning));
    const brokenKeys = own.map(({ table, columns = [], about }) => `${table}(${columns.join(", ")}) to ${about}`);
    return brokenKeys.length === 0 ? table : { ...table, brokenKeys };
  });
}

const placed = (row: { schema: string | null; table: string }): string => JSON.stringify([row.schema, row.table]);
const placeIn = ({ schema, name }: Table) => ({ schema, table: name });

const isHidden = (columns: readonly CatalogueColumn[]): boolean =>
  columns.length > 0 && columns.every(({ unreadable }) => unreadable);

function tableOf(
  id: string,
  row: CatalogueTable,
  all: readonly CatalogueColumn[],
  keyRows: readonly CatalogueKey[],
): Table {
  const own = all.filter(({ unreadable }) => !unreadable);
  const names = new Set(own.map(({ name }) => name));
  const groups = [...groupBy(keyRows, (key) => key.id).values()];
  const ownKeys = groups.filter((parts) => parts.every((part) => names.has(trueColumn(own, part.column))));
  const primary = ownKeys.find(([part]) => part?.primary) ?? [];
  const primaryKey = primary.map((part) => trueColumn(own, part.column));
  const denied = deniedOf(row, own);
  return {
    id,
    name: row.table,
    schema: row.schema,
    kind: row.kind,
    columns: own.map(({ schema: _schema, table: _table, unreadable: _unreadable, ...column }) => column),
    primaryKey,
    uniqueKeys: uniqueKeys(ownKeys, own, primaryKey),
    ...(primary[0]?.unarbitrable === undefined ? {} : { arbiter: false as const }),
    foreignKeys: [],
    ...(denied.length === 0 ? {} : { denied }),
    ...(row.comment ? { comment: row.comment } : {}),
    ...(row.engine === undefined ? {} : { transactional: false as const, engine: row.engine }),
    ...(row.triggersInto === undefined ? {} : { triggersInto: row.triggersInto }),
  };
}

/** A new row, or a change, needs a column at least that may be written. */
function deniedOf({ denied = [] }: CatalogueTable, columns: readonly CatalogueColumn[]): Writing[] {
  // What the database always computes is no column to write.
  const none = (writing: "insert" | "update") =>
    columns.some((column) => column.denied?.includes(writing)) &&
    columns.every((column) => column.generated || column.denied?.includes(writing));
  return (["insert", "update", "delete"] as const).filter(
    (writing) => denied.includes(writing) || (writing !== "delete" && none(writing)),
  );
}

function hiddenColumns(table: string, columns: readonly CatalogueColumn[]): SchemaWarning[] {
  const hidden = columns.filter(({ unreadable }) => unreadable).map(({ name }) => name);
  return hidden.length === 0 ? [] : [{ code: "unreadable_columns", table, columns: hidden }];
}

function keyWarnings({ id, columns }: Table, rows: readonly CatalogueKey[]): SchemaWarning[] {
  return [...groupBy(rows, (key) => key.id).values()].flatMap((parts): SchemaWarning[] => {
    const about = parts[0]?.unarbitrable;
    const names = parts.map((part) => trueColumn(columns, part.column));
    return about === undefined ? [] : [{ code: "key_without_upsert", table: id, columns: names, about }];
  });
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
    const arbiter = parts[0].unarbitrable === undefined ? {} : { arbiter: false as const };
    unique.push({ name: parts[0].name, columns: names, ...arbiter });
  }
  return unique;
}

const sameColumns = (names: readonly string[]): string => JSON.stringify([...names].sort());
