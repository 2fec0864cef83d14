// Sortings → the text behind ORDER BY.
import type { Hop, Sorting } from "../plan/plan.js";
import { columnOf, type TableLookup, tableOf } from "../schema/lookup.js";
import type { Writer } from "./writer.js";

/** ` ORDER BY …`, or nothing. */
export function orderOf(writer: Writer, order: readonly Sorting[], entry: TableLookup, qualifier: string): string {
  // A column that stands a second time changes nothing, and is an error on some databases.
  const names = order.map(({ through, column }) => JSON.stringify([through, column]));
  const items = order.filter((_, i) => names.indexOf(names[i] as string) === i);
  return items.length === 0
    ? ""
    : ` ORDER BY ${items.map((item) => itemOf(writer, item, entry, qualifier)).join(", ")}`;
}

function itemOf(writer: Writer, sorting: Sorting, entry: TableLookup, qualifier: string): string {
  const through = sorting.through ?? [];
  const target = through.reduce((_, hop) => tableOf(writer.lookup, hop.table), entry);
  const { type, nullable } = columnOf(target, sorting.column);
  const value =
    through.length === 0
      ? writer.column(sorting.column, qualifier)
      : valueThrough(writer, through, sorting.column, qualifier);
  const { dialect } = writer;
  return dialect.order(
    dialect.sortable(value, type),
    sorting.descending,
    sorting.nullsFirst,
    nullable || through.length > 0,
  );
}

/** The one row that a chain of to-one relations leads to: its column, or NULL. */
function valueThrough(writer: Writer, [hop, ...rest]: readonly Hop[], name: string, qualifier: string): string {
  const { table, columns, references } = hop as Hop;
  const alias = writer.alias();
  const value = rest.length === 0 ? writer.column(name, `${alias}.`) : valueThrough(writer, rest, name, `${alias}.`);
  const on = references.map(
    (reference, i) => `${writer.column(reference, `${alias}.`)} = ${writer.column(columns[i] as string, qualifier)}`,
  );
  return `(SELECT ${value} FROM ${writer.name(tableOf(writer.lookup, table).table)} ${alias} WHERE ${on.join(" AND ")})`;
}
