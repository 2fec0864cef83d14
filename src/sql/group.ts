// The groups that aggregates are of.
import type { ColumnShown, Grouping, ListPlan, ShownField } from "../plan/plan.js";
import {
  type Aggregate,
  type Condition,
  type Grouped,
  isCastOf,
  isOfRelated,
  isPartOfDate,
  type OfRelated,
  type Operand,
} from "../plan/terms.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { allConditions } from "./expression.js";
import { operandOf } from "./operand.js";
import type { Writer } from "./writer.js";

/** ` GROUP BY … HAVING …`, or nothing. */
export function groupClause(
  writer: Writer,
  { select, having }: Grouping,
  entry: TableLookup,
  qualifier: string,
  before: readonly string[] = [],
): string {
  const { dialect } = writer;
  const columns = [
    ...before,
    ...groupedBy(select).map((operand) => {
      const { expression, type } = operandOf(writer, operand, entry, qualifier);
      return dialect.grouped?.(expression, type) ?? expression;
    }),
  ];
  const by = columns.length === 0 ? "" : ` GROUP BY ${columns.join(", ")}`;
  if (having.length === 0) return by;
  const kept = writer.dialect.havingOfAggregates ? having.map(ofAggregates) : having;
  return `${by} HAVING ${allConditions(writer, kept, entry, qualifier)}`;
}

type Listed = Pick<ListPlan, "having" | "select" | "order">;

/** What a list of groups shows and is sorted by: where several values are one group, its least. */
export function shownOfGroups({ dialect }: Writer, list: Listed, entry: TableLookup): Pick<Listed, "select" | "order"> {
  const { having, select, order } = list;
  if (having === undefined || dialect.grouped === undefined || !dialect.havingOfAggregates) return { select, order };
  const isJoined = (operand: Operand): operand is Key =>
    isOfRelated(operand) ||
    isPartOfDate(operand) ||
    isCastOf(operand) ||
    (typeof operand === "string" && dialect.grouped?.("", columnOf(entry, operand).type) !== "");
  return {
    select: select?.map((shown) =>
      shown.type === "column" && isJoined(keyOf(shown))
        ? { type: "aggregate", field: shown.field, of: leastOf(keyOf(shown)) }
        : shown,
    ),
    order: order.map((sorting) =>
      isJoined(sorting.column) ? { ...sorting, column: leastOf(sorting.column) } : sorting,
    ),
  };
}

type Key = Grouped | OfRelated;

const keyOf = ({ column, through }: ColumnShown): Key => (through === undefined ? column : { through, of: column });

const leastOf = (column: Key): Aggregate => ({ aggregate: "min", column });

/** In a group a column that it is grouped by has one value, which is also its least. */
function ofAggregates(condition: Condition): Condition {
  if ("where" in condition) return { ...condition, where: condition.where.map(ofAggregates) };
  if (!("column" in condition) || !isGroupKey(condition.column)) return condition;
  return { ...condition, column: leastOf(condition.column) } as Condition;
}

const isGroupKey = (operand: Operand): operand is Key =>
  isOfRelated(operand) || typeof operand === "string" || isPartOfDate(operand) || isCastOf(operand);

/** Aggregates without a column to group by are of one group, also where there is no row. */
export const isOneGroup = ({ having, select = [] }: Pick<ListPlan, "having" | "select">): boolean =>
  having !== undefined && groupedBy(select).length === 0;

/** The plain columns and the parts of dates, each once. */
const groupedBy = (select: readonly ShownField[]): Key[] => [
  ...new Map(
    select.flatMap((shown) => (shown.type === "column" ? [[JSON.stringify(keyOf(shown)), keyOf(shown)] as const] : [])),
  ).values(),
];
