// What makes the rows of a view unique: the key of one of its tables, where no join makes two rows of one, or the columns of its groups.
import { collatesWith, type Table } from "../../schema/schema.js";
import { columnMeant, type ResolvedView, type SourceColumn } from "./resolve.js";

/** Columns of one source whose values stand once in the view, the best first. */
export interface PassedKey {
  /** The view's columns, by their places. */
  readonly places: readonly number[];
  /** A row of the view may have no value there. */
  readonly nullable: boolean;
  /** The table's own primary key. */
  readonly primary: boolean;
  /** Whose key it is; left out for groups. */
  readonly table?: Table;
  readonly arbiter?: false;
}

/** `textsAgree`: two texts that a join calls equal are so in a key. */
export function keysPassed(view: ResolvedView, textsAgree: boolean): PassedKey[] {
  const { groups, opaque } = view.spoken;
  if (opaque) return [];
  if (groups !== undefined) return groupKey(view);
  return view.spoken.sources.flatMap(({ optional }, source) =>
    optional || !tellsAll(source, view, textsAgree) ? [] : keysOf(source, view),
  );
}

function groupKey(view: ResolvedView): PassedKey[] {
  const { spoken, tables } = view;
  if (spoken.groups === undefined || spoken.groups === "other") return [];
  const columns = spoken.groups.map((column) => columnMeant(column, spoken, tables));
  const places = columns.map((column) => (column === undefined ? -1 : placeIn(view, column)));
  if (places.includes(-1)) return [];
  const nullable = columns.some((column) => isNullable(column as SourceColumn, view));
  return [{ places: [...new Set(places)], nullable, primary: !nullable }];
}

export const isNullable = ({ source, column }: SourceColumn, { spoken }: ResolvedView): boolean =>
  column.nullable || spoken.sources[source]?.optional === true;

const placeIn = ({ columns }: ResolvedView, { source, column }: SourceColumn): number =>
  columns.findIndex((one) => one?.source === source && one.column.name === column.name);

function keysOf(source: number, view: ResolvedView): PassedKey[] {
  const table = view.tables[source];
  if (table === undefined) return [];
  const { primaryKey, arbiter, uniqueKeys } = table;
  const all = [
    ...(primaryKey.length === 0 ? [] : [{ columns: primaryKey, primary: true, ...(arbiter === false && { arbiter }) }]),
    ...uniqueKeys.map((key) => ({ ...key, primary: false })),
  ];
  return all.flatMap(({ columns, primary, arbiter }) => {
    const own = columns.map((name) => ({ source, column: table.columns.find((column) => column.name === name) }));
    const places = own.map((one) => (one.column === undefined ? -1 : placeIn(view, one as SourceColumn)));
    if (places.includes(-1)) return [];
    const nullable = own.some((one) => isNullable(one as SourceColumn, view));
    return [{ places, nullable, primary, table, ...(arbiter === false && { arbiter }) }];
  });
}

/** Does a row of this source stand in one row of the view at the most? Where equalities lead from it to a key of each other source. */
function tellsAll(start: number, { spoken, tables }: ResolvedView, textsAgree: boolean): boolean {
  const known = new Set([start]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [source, table] of tables.entries()) {
      if (known.has(source) || table === undefined || !isTold(source, table)) continue;
      known.add(source);
      grown = true;
    }
  }
  return known.size === tables.length;

  function isTold(source: number, table: Table): boolean {
    const told = new Set<string>();
    for (const { one, other, tells } of spoken.equalities) {
      if (tells !== undefined && !tells.includes(source)) continue;
      const ends = [columnMeant(one, spoken, tables), columnMeant(other, spoken, tables)];
      const own = ends.find((end) => end?.source === source);
      const from = ends.find((end) => end !== undefined && known.has(end.source));
      if (own === undefined || from === undefined || !areComparable(own, from)) continue;
      if (own.column.type.kind !== "text" || textsAgree) told.add(own.column.name);
    }
    return keys(table).some((key) => key.every((name) => told.has(name)));
  }
}

const keys = ({ primaryKey, uniqueKeys }: Table): (readonly string[])[] =>
  [primaryKey, ...uniqueKeys.map(({ columns }) => columns)].filter((columns) => columns.length > 0);

/** A number and a text may be equal though the texts differ: `1` and `01`. */
const areComparable = ({ column: one }: SourceColumn, { column: other }: SourceColumn): boolean =>
  one.type.kind === other.type.kind && collatesWith(one, other);
