// Sortings → the text behind ORDER BY.
import type { Hop, Operand, Sorting } from "../plan/plan.js";
import { type TableLookup, tableOf } from "../schema/lookup.js";
import { operandOf, type Written } from "./operand.js";
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
  const { column, through = [], descending, nullsFirst } = sorting;
  const { expression, type, nullable } = valueThrough(writer, through, column, entry, qualifier);
  const { dialect } = writer;
  return dialect.order(dialect.sortable(expression, type), descending, nullsFirst, nullable);
}

/** The one row that a chain of to-one relations leads to: its value, or NULL. */
function valueThrough(
  writer: Writer,
  [hop, ...rest]: readonly Hop[],
  operand: Operand,
  entry: TableLookup,
  qualifier: string,
): Written {
  if (hop === undefined) return operandOf(writer, operand, entry, qualifier);
  const target = tableOf(writer.lookup, hop.table);
  const alias = writer.alias();
  const value = valueThrough(writer, rest, operand, target, `${alias}.`);
  const on = hop.references.map(
    (reference, i) =>
      `${writer.column(reference, `${alias}.`)} = ${writer.column(hop.columns[i] as string, qualifier)}`,
  );
  const from = `${writer.name(target.table)} ${alias} WHERE ${on.join(" AND ")}`;
  return { ...value, expression: `(SELECT ${value.expression} FROM ${from})`, nullable: true };
}
