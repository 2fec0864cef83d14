// Aggregates, and what is asked of the groups that they make. A group is looked at like a row of a table whose columns are what
// `select` shows and whose key are the plain ones: filters and sorting are the same as everywhere.

import { excerpt as named } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import type { OrderTerm, Query } from "../request/query.js";
import type { Select, SelectItem } from "../request/select.js";
import type { AnyRelation } from "../routes/tree.js";
import { columnOf, type Lookup, type TableLookup, withoutRights } from "../schema/lookup.js";
import { type Column, type ColumnType, fieldOf, type ValueKind } from "../schema/schema.js";
import { castTypes } from "./casts.js";
import { columnNamed } from "./column-names.js";
import { partNamed } from "./date-part-named.js";
import { PART } from "./date-parts.js";
import { type Names, planFilters, planOrder } from "./filter.js";
import { onOperands } from "./operands.js";
import type { ColumnShown, ListPlan, ShownField } from "./plan.js";
import { entryShown, isSpread } from "./spread.js";
import {
  type Aggregate,
  type Grouped,
  isCastOf,
  isOfRelated,
  isPartOfDate,
  type Operand,
  type PartOfDate,
  type Sorting,
} from "./terms.js";
import type { Values } from "./values.js";

export const isGrouped = (select: Select | undefined): select is Select =>
  select?.distinct === true || select?.items.some(({ type }) => type === "aggregate") === true;

/** Without a column to group by there is one group, also of no rows. */
export const isTotal = (select: Select | undefined): boolean =>
  isGrouped(select) && select.items.every(({ type }) => type === "aggregate");

const numbers: ReadonlySet<ValueKind> = new Set(["integer", "decimal", "float", "any"]);
const ordered: ReadonlySet<ValueKind> = new Set([...numbers, "text", "date", "time", "datetime", "instant"]);

type AggregateItem = Extract<SelectItem, { type: "aggregate" }>;

export function planAggregate(
  item: AggregateItem,
  entry: TableLookup,
  relations: ReadonlyMap<string, AnyRelation>,
): Aggregate {
  const { function: aggregate, name } = item;
  if (name === undefined) return { aggregate };
  if (!entry.readable.has(name)) refuseRelated(name, item, relations);
  const { name: column, type } = columnNamed(name, entry, []);
  const takes = aggregate === "sum" || aggregate === "avg" ? numbers : ordered;
  if (aggregate === "count" || takes.has(type.kind)) return { aggregate, column };
  const what = takes === numbers ? "numbers" : "numbers, text, dates and times";
  throw problem(
    "malformed_query",
    `${named(name)}.${aggregate}(): ${aggregate} is for ${what}, and ${named(name)} holds none.`,
  );
}

/** `albums.count()`, `albums.year.max()`: of related rows each row shows its own. */
function refuseRelated(
  name: string,
  { function: aggregate }: AggregateItem,
  relations: ReadonlyMap<string, AnyRelation>,
): void {
  const [relation = "", ...rest] = name.split(".");
  if (relations.get(relation)?.many !== true) return;
  const meant = [...rest, `${aggregate}()`].join(".");
  throw problem(
    "malformed_query",
    `${named(name)}.${aggregate}(): '${named(relation)}' is a relation to many rows. Of those of each row it is ${named(relation)}(${named(meant)}).`,
  );
}

/** What a query says of the groups: their order, and which of them are kept. */
export function planGroups(
  fields: readonly ShownField[],
  { order, having = [] }: Pick<Query, "order" | "having">,
  entry: TableLookup,
  { limits, lookup }: Pick<Names, "limits" | "lookup">,
  values: Values,
): Pick<ListPlan, "order" | "having"> {
  const operands = new Map(fields.map((field) => [field.field, operandShown(field)]));
  const group = groupEntry(fields, entry, lookup);
  const names = { lookup: new Map([[group.table.id, group]]), relations: new Map(), limits };
  return {
    order: planOrder(fieldsSorted(order, fields, entry), group, names, values).map(
      (sorting): Sorting => ({ ...sorting, column: operandSorted(sorting.column as Grouped, operands) }),
    ),
    having: planFilters(having, group, names, values).map((condition) => onOperands(condition, operands)),
  };
}

/** By the names of this selection: `joined.month` is the field that shows it, or is of the one that shows the whole date. */
const fieldsSorted = (order: readonly OrderTerm[], fields: readonly ShownField[], entry: TableLookup): OrderTerm[] =>
  order.map((term) => {
    const part = partNamed(term.name, entry, NO_RELATIONS);
    return part === undefined ? term : { ...term, name: fieldOfPart(part, fields) ?? refuseUnshown(term.name) };
  });

const NO_RELATIONS: ReadonlySet<string> = new Set();

function fieldOfPart({ part, column }: PartOfDate, fields: readonly ShownField[]): string | undefined {
  const columns = fields.filter((field): field is ColumnShown => field.type === "column" && !isSpread(field));
  const shown = columns.find(
    (one) => isPartOfDate(one.column) && one.column.part === part && one.column.column === column,
  );
  const whole = columns.find((one) => one.column === column);
  return shown?.field ?? (whole && `${whole.field}.${part}`);
}

/** What a field of the group stands for, or a part of that. */
function operandSorted(sorted: Grouped, operands: ReadonlyMap<string, Operand>): Operand {
  if (typeof sorted === "string") return operands.get(sorted) as Operand;
  if (isCastOf(sorted)) return sorted;
  const of = operands.get(sorted.column);
  if (of !== undefined && isOfRelated(of) && typeof of.of === "string")
    return { ...of, of: { ...sorted, column: of.of } };
  return typeof of === "string" ? { ...sorted, column: of } : refuseUnshown(`${sorted.column}.${sorted.part}`);
}

function refuseUnshown(name: string): never {
  throw problem(
    "malformed_query",
    `order-by=${named(name)}: groups are sorted by the fields of select. Group by it, as in select=${named(name)},count().`,
  );
}

function operandShown(field: ShownField): Operand {
  if (field.type === "embed")
    throw problem(
      "malformed_query",
      `'${named(field.field)}' is a relation: aggregates and distinct stand with plain columns only. A relation may hold aggregates of its own: ${named(field.field)}(count()).`,
    );
  if (isSpread(field)) return { through: field.through, of: field.column };
  return field.type === "column" ? field.column : field.of;
}

function groupEntry(fields: readonly ShownField[], entry: TableLookup, lookup: Lookup): TableLookup {
  const columns = fields.map((field) => groupColumn(field, entryShown(field, entry, lookup)));
  const primaryKey = fields.flatMap((field) => (field.type === "column" ? [field.field] : []));
  const byName = new Map(columns.map((column) => [column.name, column]));
  const table = { ...entry.table, columns, primaryKey };
  return { table, label: "This selection", columns: byName, ...withoutRights(byName) };
}

function groupColumn(field: ShownField, entry: TableLookup): Column {
  const plain = { generated: false, identity: false, default: null, nullable: true };
  if (field.type !== "aggregate") {
    const { column } = field as ColumnShown;
    const type = typeOf(column, entry);
    if (typeof column !== "string" && isCastOf(column) && typeof column.of !== "string")
      throw problem(
        "malformed_query",
        `'${named(field.field)}': rows cannot be grouped by a place in JSON, only by whole columns.`,
      );
    if (typeof column === "string" && (type.kind === "json" || type.kind === "other"))
      throw problem(
        "malformed_query",
        `Rows cannot be grouped by ${fieldOf(columnOf(entry, column))}: its values have no equality.`,
      );
    return { ...plain, name: field.field, type };
  }
  const { aggregate, column } = field.of;
  return { ...plain, name: field.field, type: resultType(aggregate, column && typeOf(column as Grouped, entry)) };
}

function typeOf(operand: Grouped, entry: TableLookup): ColumnType {
  if (typeof operand === "string") return columnOf(entry, operand).type;
  return isCastOf(operand) ? castTypes[operand.cast] : PART;
}

function resultType(aggregate: Aggregate["aggregate"], type: ColumnType | undefined | ""): ColumnType {
  if (aggregate === "count" || !type) return { kind: "integer", native: "bigint" };
  if (aggregate === "min" || aggregate === "max") return type;
  if (type.kind === "float" || type.kind === "any") return { kind: type.kind, native: "" };
  return { kind: aggregate === "avg" ? "decimal" : type.kind, native: "" };
}
