// Filters and sorting as asked for → conditions and sortings on this table: names resolved, values typed by their column.
import { problem } from "../api/problem.js";
import { perhaps, shown } from "../request/nearest.js";
import { type Filter, type OrderTerm, operators, parameters } from "../request/query.js";
import type { TableLookup } from "../schema/lookup.js";
import { type Column, type ColumnType, fieldOf } from "../schema/schema.js";
import type { Comparison, Condition, Sorting, Value } from "./plan.js";
import { fromText } from "./value.js";

const TEXT: ColumnType = { kind: "text", native: "text" };

export interface FilterLimits {
  /** The most values of one `in:` or `nin:`. */
  readonly maxValues: number;
}

function planFilter(filter: Filter, entry: TableLookup, values: Value[], limits: FilterLimits): Condition[] {
  const column = resolve(filter.name, entry, parameters);
  const { operator } = filter;
  const name = column.name;
  const [first = "", second = ""] = filter.values;
  const compare = (comparison: Comparison, text: string): Condition => ({
    type: "compare",
    column: name,
    operator: comparison,
    value: typedValue(filter, column, text, values),
  });
  switch (operator) {
    case "is":
      if (first !== "null" && first !== "notnull")
        throw problem("invalid_filter", `'${filter.name}=is:' takes null or notnull, not '${shown(first)}'.`);
      return [{ type: "null", column: name, negated: first === "notnull" }];
    case "in":
    case "nin":
      return [planIn(filter, column, values, limits)];
    case "between":
      return [compare("gte", first), compare("lte", second)];
    case "like":
    case "ilike":
      return [pattern(filter, column, first, operator === "like", values)];
    case "contains":
      return [pattern(filter, column, `%${literal(first)}%`, true, values)];
    case "startswith":
      return [pattern(filter, column, `${literal(first)}%`, true, values)];
    case "endswith":
      return [pattern(filter, column, `%${literal(first)}`, true, values)];
    default:
      return [compare(operator, first)];
  }
}

/** All filters, joined by AND. */
export function planFilters(
  filters: readonly Filter[],
  entry: TableLookup,
  values: Value[],
  limits: FilterLimits,
): Condition[] {
  return filters.flatMap((filter) => planFilter(filter, entry, values, limits));
}

/** Sorting as asked for, or by primary key; a key that ends it makes the order total, so that pages never overlap. */
export function planOrder(terms: readonly OrderTerm[], entry: TableLookup): Sorting[] {
  const asked = terms.map((term): Sorting => {
    const column = resolve(term.name, entry, []);
    const nullsFirst = term.nulls === undefined ? !term.descending : term.nulls === "first";
    return { column: column.name, descending: term.descending, nullsFirst };
  });
  const key = entry.table.primaryKey.filter((name) => !asked.some((sorting) => sorting.column === name));
  return [...asked, ...key.map((column) => ({ column, descending: false, nullsFirst: true }))];
}

function resolve(name: string, entry: TableLookup, others: readonly string[]): Column {
  const column = entry.fields.get(name);
  if (column !== undefined) return column;
  const hint = perhaps(name, [...entry.fields.keys(), ...others]);
  throw problem(
    "unknown_column",
    `${entry.table.id} has no column '${shown(name)}'.${hint} Its columns are ${listed(entry.fields.keys())}.`,
  );
}

function planIn(filter: Filter, column: Column, values: Value[], limits: FilterLimits): Condition {
  const negated = filter.operator === "nin";
  if (filter.values.length > limits.maxValues) {
    throw problem(
      "too_complex",
      `${filter.operator}: takes at most ${limits.maxValues} values, and this has ${filter.values.length}.`,
    );
  }
  if (filter.values.length === 0 && !negated) return { type: "never" };
  const indexes = filter.values.map((text) => typedValue(filter, column, text, values));
  return { type: "in", column: column.name, values: indexes, negated };
}

function typedValue(filter: Filter, column: Column, text: string, values: Value[]): number {
  const typed = fromText(text, filterType(column.type));
  if (typed.ok) return values.push({ value: typed.value, type: filterType(column.type) }) - 1;
  const field = fieldOf(column);
  const detail = `${field} ${typed.message}.`;
  if (filter.notOperator === undefined)
    throw problem("invalid_filter", detail, { errors: [{ field, message: typed.message }] });
  const hint = perhaps(filter.notOperator, operators);
  throw problem(
    "unknown_operator",
    `'${shown(filter.notOperator)}' is no operator.${hint} The operators are ${operators.join(", ")}.`,
  );
}

/** A filter's text may be longer than the column holds: it matches nothing, which is an answer. */
function filterType(type: ColumnType): ColumnType {
  return type.kind === "text" && type.length !== undefined ? { ...type, length: undefined } : type;
}

function pattern(filter: Filter, column: Column, text: string, matchCase: boolean, values: Value[]): Condition {
  const typed = fromText(text, TEXT);
  if (!typed.ok) throw problem("invalid_filter", `${filter.name} ${typed.message}.`);
  if (/(^|[^\\])(\\\\)*\\$/.test(text))
    throw problem("invalid_filter", `A pattern does not end with a single \\: write \\\\ for the character itself.`);
  const value = values.push({ value: typed.value, type: TEXT, pattern: { matchCase } }) - 1;
  return { type: "like", column: column.name, matchCase, value };
}

const literal = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

function listed(names: Iterable<string>): string {
  const all = [...names];
  return all.length > 30 ? `${all.slice(0, 30).join(", ")} and ${all.length - 30} more` : all.join(", ");
}
