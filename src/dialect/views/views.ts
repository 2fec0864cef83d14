// Views and the tables below them → views with the origins, types, keys and foreign keys that they pass through, and the writes that
// they take. A view over views comes after these.
import type { Column, ForeignKey, Table, UniqueKey } from "../../schema/schema.js";
import type { CatalogueView } from "../catalogue.js";
import { aboutView } from "./about.js";
import { isNullable, keysPassed, type PassedKey } from "./keys.js";
import { type FindTable, type ResolvedView, resolveView, type SourceColumn } from "./resolve.js";
import { type Origins, writesOf } from "./writes.js";

export interface ViewGround {
  readonly find: FindTable;
  /** A view's columns as the database has them, also those that may not be read. */
  readonly columnsOf: (view: Table) => readonly string[];
  /** Whether two columns of text that a join calls equal are so in a key. */
  readonly textsAgree: boolean;
}

export function withViews(
  tables: readonly Table[],
  views: readonly (CatalogueView & { readonly id: string })[],
  { find, columnsOf, textsAgree }: ViewGround,
): Table[] {
  const said = new Map(views.map((view) => [view.id, view]));
  const made = new Map<Table, Table>();
  const known = (table: Table): Table => {
    const view = said.get(table.id);
    if (table.kind !== "view") return table;
    if (view === undefined) return { ...table, denied: ["insert", "update", "delete"] };
    const before = made.get(table);
    if (before !== undefined) return before;
    // No view is made of itself; a definition that says so anyway finds it as it was read.
    made.set(table, table);
    const below: FindTable = (schema, name) => {
      const found = find(schema, name);
      return found && known(found);
    };
    const resolved = view.spoken && resolveView(view.spoken, columnsOf(table).length, below);
    const whole = viewOf(table, view, resolved, columnsOf(table), textsAgree);
    made.set(table, whole);
    return whole;
  };
  return tables.map(known);
}

function viewOf(
  table: Table,
  view: CatalogueView,
  resolved: ResolvedView | undefined,
  names: readonly string[],
  textsAgree: boolean,
): Table {
  const origins = new Map(names.map((name, i) => [name, resolved?.columns[i]]));
  const passed = resolved === undefined ? [] : keysPassed(resolved, textsAgree);
  const readable = new Set(table.columns.map(({ name }) => name));
  const keys = passed.filter(({ places }) => places.every((place) => readable.has(names[place] as string)));
  const [key, unique] = keysOf(table, keys, names);
  const writes = writesOf(table, view, resolved, origins);
  const triggered = writes.by.insert !== undefined && writes.by.insert !== "table";
  const columns = table.columns.map((column) =>
    writes.column(passedColumn(column, origins.get(column.name), resolved, key.columns.includes(column.name))),
  );
  return {
    ...table,
    columns,
    primaryKey: key.columns,
    // What a trigger or a rule makes of a new row, no conflict can be asked for.
    uniqueKeys: triggered ? unique.map((one) => ({ ...one, arbiter: false as const })) : unique,
    ...((triggered || key.arbiter === false) && { arbiter: false as const }),
    foreignKeys: resolved === undefined ? [] : foreignKeysOf(table, origins, resolved),
    denied: writes.denied,
    ...(writes.effects && { effects: writes.effects }),
    about: aboutView({ table, key: key.from, resolved, kept: view.kept === true, writes }),
  };
}

interface ChosenKey {
  readonly columns: readonly string[];
  readonly arbiter?: false;
  readonly from?: PassedKey | "index";
}

/** A view that is kept may have keys of its own, by its indexes. */
function keysOf(
  table: Table,
  passed: readonly PassedKey[],
  names: readonly string[],
): [ChosenKey, readonly UniqueKey[]] {
  const columns = ({ places }: PassedKey) => places.map((place) => names[place] as string);
  const best = passed.find(({ primary, nullable }) => primary && !nullable) ?? passed.find(({ nullable }) => !nullable);
  const [index] = table.uniqueKeys;
  const chosen: ChosenKey =
    best !== undefined
      ? { columns: columns(best), from: best, ...(best.arbiter === false && { arbiter: false as const }) }
      : index !== undefined
        ? { columns: index.columns, from: "index" }
        : { columns: [] };
  const all = [
    ...table.uniqueKeys,
    ...passed.map((key) => ({
      name: null,
      columns: columns(key),
      ...(key.arbiter === false && { arbiter: false as const }),
    })),
  ];
  const same = (one: readonly string[]) => JSON.stringify([...one].sort());
  const seen = new Set([same(chosen.columns)]);
  const unique = all.filter((key) => !seen.has(same(key.columns)) && seen.add(same(key.columns)));
  return [chosen, unique];
}

function passedColumn(
  column: Column,
  origin: SourceColumn | undefined,
  resolved: ResolvedView | undefined,
  inKey: boolean,
): Column {
  if (origin === undefined || resolved === undefined) {
    return inKey && column.nullable ? { ...column, nullable: false, showsNull: true } : column;
  }
  const { type, collation, showsNull, elsewhere, comment, origin: below, name } = origin.column;
  const table = resolved.tables[origin.source] as Table;
  const { collation: _own, ...rest } = column;
  const { indexed: _indexed, ...plain } = type;
  return {
    ...rest,
    type: plain,
    nullable: isNullable(origin, resolved) && !inKey,
    ...(collation !== undefined && { collation }),
    ...((showsNull || (inKey && isNullable(origin, resolved))) && { showsNull: true as const }),
    ...(elsewhere && { elsewhere }),
    ...(column.comment === undefined && comment !== undefined && { comment }),
    origin: below ?? { table: table.id, column: name },
  };
}

/** Of each of its tables, those whose columns it passes through whole. */
function foreignKeysOf(view: Table, origins: Origins, { tables, spoken }: ResolvedView): ForeignKey[] {
  const readable = view.columns.map(({ name }) => name);
  const keys = tables.flatMap((table, source) =>
    (table?.foreignKeys ?? []).flatMap((key): ForeignKey[] => {
      // Behind a subquery it is not known whether two columns are of one row.
      if (spoken.opaque && key.columns.length > 1) return [];
      const columns = key.columns.map((name) =>
        readable.find((own) => origins.get(own)?.source === source && origins.get(own)?.column.name === name),
      );
      if (columns.includes(undefined)) return [];
      const { name, table: parent, references } = key;
      const through = key.through ?? (table as Table).id;
      return [{ name, columns: columns as string[], table: parent, references, enforced: false, through }];
    }),
  );
  const identity = ({ columns, table, references }: ForeignKey) => JSON.stringify([columns, table, references]);
  return keys.filter((key, i) => keys.findIndex((other) => identity(other) === identity(key)) === i);
}
