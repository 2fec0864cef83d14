// Sortings → the text behind ORDER BY.
import { MISSING } from "../plan/json-form.js";
import type { Hop, Operand, Sorting } from "../plan/plan.js";
import { type TableLookup, tableOf } from "../schema/lookup.js";
import { allOf } from "./condition.js";
import { operandOf, type Written } from "./operand.js";
import type { Writer } from "./writer.js";

/** ` ORDER BY …`, or nothing. */
export function orderOf(writer: Writer, order: readonly Sorting[], entry: TableLookup, qualifier: string): string {
  const items = order.map((sorting) => itemOf(writer, sorting, entry, qualifier));
  return items.length === 0 ? "" : ` ORDER BY ${items.join(", ")}`;
}

function itemOf(writer: Writer, sorting: Sorting, entry: TableLookup, qualifier: string): string {
  const { expression, type, nullable } = sortedValue(writer, sorting, entry, qualifier);
  const { dialect } = writer;
  return dialect.order(dialect.sortable(expression, type), sorting.descending, sorting.nullsFirst, nullable);
}

/** What rows are sorted by, before the dialect's `sortable`. */
export function sortedValue(writer: Writer, sorting: Sorting, entry: TableLookup, qualifier: string): Written {
  const value = valueThrough(writer, sorting.through ?? [], sorting.column, entry, qualifier);
  if (!sorting.missing) return value;
  return { expression: `CASE WHEN ${value.expression} IS NULL THEN 1 ELSE 0 END`, type: MISSING, nullable: false };
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
  if (hop.where !== undefined) on.push(allOf(writer, hop.where, target, `${alias}.`));
  const from = `${writer.name(target.table)} ${alias} WHERE ${on.join(" AND ")}`;
  return { ...value, expression: `(SELECT ${value.expression} FROM ${from})`, nullable: true };
}
