// Aggregates, and what is asked of the groups that they make. A group is looked at like a row of a table whose columns are what
// `select` shows and whose key are the plain ones: filters and sorting are the same as everywhere.

import { excerpt as named } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import type { Query } from "../request/query.js";
import type { Select, SelectItem } from "../request/select.js";
import { columnOf, type TableLookup, withoutRights } from "../schema/lookup.js";
import { type Column, type ColumnType, fieldOf, type ValueKind } from "../schema/schema.js";
import { columnNamed } from "./column-names.js";
import { type PlanLimits, planFilters, planOrder } from "./filter.js";
import { onOperands } from "./operands.js";
import type { Aggregate, ListPlan, Operand, Shown, Sorting } from "./plan.js";
import { isSpread } from "./spread.js";
import type { Values } from "./values.js";

export const isGrouped = (select: Select | undefined): select is Select =>
  select?.distinct === true || select?.items.some(({ type }) => type === "aggregate") === true;

/** Without a column to group by there is one group, also of no rows. */
export const isTotal = (select: Select | undefined): boolean =>
  isGrouped(select) && select.items.every(({ type }) => type === "aggregate");

const numbers: ReadonlySet<ValueKind> = new Set(["integer", "decimal", "float", "any"]);
const ordered: ReadonlySet<ValueKind> = new Set([...numbers, "text", "date", "time", "datetime", "instant"]);

export function planAggregate(item: Extract<SelectItem, { type: "aggregate" }>, entry: TableLookup): Aggregate {
  const { function: aggregate, name } = item;
  if (name === undefined) return { aggregate };
  const { name: column, type } = columnNamed(name, entry, []);
  const takes = aggregate === "sum" || aggregate === "avg" ? numbers : ordered;
  if (aggregate === "count" || takes.has(type.kind)) return { aggregate, column };
  const what = takes === numbers ? "numbers" : "numbers, text, dates and times";
  throw problem(
    "malformed_query",
    `${named(name)}.${aggregate}(): ${aggregate} is for ${what}, and ${named(name)} holds none.`,
  );
}

/** What a query says of the groups: their order, and which of them are kept. */
export function planGroups(
  fields: readonly Shown[],
  { order, having = [] }: Pick<Query, "order" | "having">,
  entry: TableLookup,
  values: Values,
  limits: PlanLimits,
): Pick<ListPlan, "order" | "having"> {
  const operands = new Map(fields.map((field) => [field.field, operandShown(field)]));
  const group = groupEntry(fields, entry);
  const names = { lookup: new Map([[group.table.id, group]]), relations: new Map(), limits };
  return {
    order: planOrder(order, group, names, values).map(
      (sorting): Sorting => ({
        ...sorting,
        column: operands.get(sorting.column as string) as Operand,
      }),
    ),
    having: planFilters(having, group, names, values).map((condition) => onOperands(condition, operands)),
  };
}

function operandShown(field: Shown): Operand {
  if (field.type === "embed")
    throw problem(
      "malformed_query",
      `'${named(field.field)}' is a relation: aggregates and distinct stand with plain columns only. A relation may hold aggregates of its own: ${named(field.field)}(count()).`,
    );
  if (isSpread(field))
    throw problem(
      "malformed_query",
      `'${named(field.field)}' is of a related row: aggregates and distinct stand with the table's own columns only.`,
    );
  return field.type === "column" ? field.column : field.of;
}

function groupEntry(fields: readonly Shown[], entry: TableLookup): TableLookup {
  const columns = fields.map((field) => groupColumn(field, entry));
  const primaryKey = fields.flatMap((field) => (field.type === "column" ? [field.field] : []));
  const byName = new Map(columns.map((column) => [column.name, column]));
  const table = { ...entry.table, columns, primaryKey };
  return { table, label: "This selection", columns: byName, ...withoutRights(byName) };
}

function groupColumn(field: Shown, entry: TableLookup): Column {
  const plain = { generated: false, identity: false, default: null, nullable: true };
  if (field.type !== "aggregate") {
    const column = columnOf(entry, (field as Extract<Shown, { type: "column" }>).column);
    if (column.type.kind === "json" || column.type.kind === "other")
      throw problem("malformed_query", `Rows cannot be grouped by ${fieldOf(column)}: its values have no equality.`);
    return { ...plain, name: field.field, type: column.type };
  }
  const { aggregate, column } = field.of;
  return { ...plain, name: field.field, type: resultType(aggregate, column && columnOf(entry, column).type) };
}

function resultType(aggregate: Aggregate["aggregate"], type: ColumnType | undefined | ""): ColumnType {
  if (aggregate === "count" || !type) return { kind: "integer", native: "bigint" };
  if (aggregate === "min" || aggregate === "max") return type;
  if (type.kind === "float" || type.kind === "any") return { kind: type.kind, native: "" };
  return { kind: aggregate === "avg" ? "decimal" : type.kind, native: "" };
}
