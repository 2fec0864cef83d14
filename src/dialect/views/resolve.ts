// A spoken view and the tables that were read → which column of which source each of its columns is.
import type { Column, Table } from "../../schema/schema.js";
import type { SpokenColumn, SpokenView } from "./spoken.js";

/** A column of one of the view's sources, which are told apart by their places: a table may be joined with itself. */
export interface SourceColumn {
  readonly source: number;
  readonly column: Column;
}

export interface ResolvedView {
  readonly spoken: SpokenView;
  /** In the order of `spoken.sources`; nothing for what was not read. */
  readonly tables: readonly (Table | undefined)[];
  /** In the order of the view's columns; nothing for what is computed. */
  readonly columns: readonly (SourceColumn | undefined)[];
}

export type FindTable = (schema: string | null, name: string) => Table | undefined;

/** Nothing where the definition and the columns that the view has do not agree in number. */
export function resolveView(spoken: SpokenView, width: number, find: FindTable): ResolvedView | undefined {
  const tables = spoken.sources.map(({ schema, table }) => find(schema, table));
  const columns: (SourceColumn | undefined)[] = [];
  for (const item of spoken.items) {
    if (item === undefined || "column" in item) {
      columns.push(item && columnMeant(item, spoken, tables));
      continue;
    }
    const sources = sourcesOf(item.all, spoken);
    // Of a table that was not read it is not known how many columns `*` is.
    if (sources.length === 0 || sources.some((source) => tables[source] === undefined)) return undefined;
    for (const source of sources)
      columns.push(...(tables[source] as Table).columns.map((column) => ({ source, column })));
  }
  return columns.length === width ? { spoken, tables, columns } : undefined;
}

const isSame = (one: string, other: string): boolean => one === other || one.toLowerCase() === other.toLowerCase();

function sourcesOf(alias: string | true, { sources }: SpokenView): number[] {
  return sources.flatMap((source, i) => (alias === true || isSame(source.alias, alias) ? [i] : []));
}

export function columnMeant(
  { of, column: name }: SpokenColumn,
  spoken: SpokenView,
  tables: ResolvedView["tables"],
): SourceColumn | undefined {
  const sources = sourcesOf(of ?? true, spoken);
  // A name without its table may be that of one which was not read.
  if (of === undefined && sources.some((source) => tables[source] === undefined)) return undefined;
  const found = sources.flatMap((source) => {
    const all = tables[source]?.columns ?? [];
    const column = all.find((one) => one.name === name) ?? all.find((one) => isSame(one.name, name));
    return column === undefined ? [] : [{ source, column }];
  });
  return found.length === 1 ? found[0] : undefined;
}
