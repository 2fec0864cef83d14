// Aggregates and the groups that they are of.
import type { Aggregate, Grouping, Shown } from "../plan/plan.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import type { ColumnType } from "../schema/schema.js";
import { allOf } from "./condition.js";
import type { Writer } from "./writer.js";

export const aggregateOf = (
  writer: Writer,
  { aggregate, column }: Aggregate,
  entry: TableLookup,
  qualifier: string,
): { expression: string; type: ColumnType } => {
  if (column === undefined) return { expression: "count(*)", type: WHOLE };
  const { type } = columnOf(entry, column);
  const expression = writer.column(column, qualifier);
  if (aggregate === "count") return { expression: `count(${expression})`, type: WHOLE };
  if (aggregate === "sum" || aggregate === "avg") return writer.dialect.aggregate(aggregate, expression, type);
  return { expression: `${aggregate}(${expression})`, type };
};

const WHOLE: ColumnType = { kind: "integer", native: "bigint" };

/** ` GROUP BY … HAVING …`, or nothing. */
export function groupsOf(
  writer: Writer,
  { select, having }: Grouping,
  entry: TableLookup,
  qualifier: string,
  before: readonly string[] = [],
): string {
  const columns = [...before, ...groupedBy(select).map((column) => writer.column(column, qualifier))];
  const by = columns.length === 0 ? "" : ` GROUP BY ${columns.join(", ")}`;
  return having.length === 0 ? by : `${by} HAVING ${allOf(writer, having, entry, qualifier)}`;
}

/** The plain columns, each once. */
export const groupedBy = (select: readonly Shown[]): string[] => [
  ...new Set(select.flatMap((shown) => (shown.type === "column" ? [shown.column] : []))),
];
