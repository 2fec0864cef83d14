// The groups that aggregates are of.
import type { Condition, Grouping, ListPlan, Shown } from "../plan/plan.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { allOf } from "./expression.js";
import type { Writer } from "./writer.js";

/** ` GROUP BY … HAVING …`, or nothing. */
export function groupsOf(
  writer: Writer,
  { select, having }: Grouping,
  entry: TableLookup,
  qualifier: string,
  before: readonly string[] = [],
): string {
  const { dialect } = writer;
  const columns = [
    ...before,
    ...groupedBy(select).map((name) => {
      const column = writer.column(name, qualifier);
      return dialect.grouped?.(column, columnOf(entry, name).type) ?? column;
    }),
  ];
  const by = columns.length === 0 ? "" : ` GROUP BY ${columns.join(", ")}`;
  if (having.length === 0) return by;
  const kept = writer.dialect.havingOfAggregates ? having.map(ofAggregates) : having;
  return `${by} HAVING ${allOf(writer, kept, entry, qualifier)}`;
}

/** In a group a column that it is grouped by has one value, which is also its least. */
function ofAggregates(condition: Condition): Condition {
  if ("where" in condition) return { ...condition, where: condition.where.map(ofAggregates) };
  if (!("column" in condition) || typeof condition.column !== "string") return condition;
  return { ...condition, column: { aggregate: "min", column: condition.column } } as Condition;
}

/** Aggregates without a column to group by are of one group, also where there is no row. */
export const isOneGroup = ({ having, select = [] }: Pick<ListPlan, "having" | "select">): boolean =>
  having !== undefined && groupedBy(select).length === 0;

/** The plain columns, each once. */
export const groupedBy = (select: readonly Shown[]): string[] => [
  ...new Set(select.flatMap((shown) => (shown.type === "column" ? [shown.column] : []))),
];
