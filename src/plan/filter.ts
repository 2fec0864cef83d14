// Filters and sorting as asked for → conditions and sortings on this table: names resolved, values typed by their column.
import { problem } from "../api/problem.js";
import { type Filter, type FilterNode, operators } from "../request/filter.js";
import { perhaps, shown } from "../request/nearest.js";
import { type OrderTerm, parameters } from "../request/query.js";
import type { NamedRelation } from "../routes/tree.js";
import { type Lookup, type TableLookup, tableOf } from "../schema/lookup.js";
import { type Column, type ColumnType, fieldOf } from "../schema/schema.js";
import type { Comparison, Condition, Hop, Sorting, Value } from "./plan.js";
import { fromText } from "./value.js";

const TEXT: ColumnType = { kind: "text", native: "text" };
const WHOLE: ColumnType = { kind: "integer", native: "", min: "-9223372036854775808", max: "9223372036854775807" };
/** The most relations in one name: `a.b.c.d.e.column`. */
const MAX_STEPS = 5;

const FLOAT: ColumnType = { kind: "float", native: "" };

export interface FilterLimits {
  /** The most values of one `in:` or `nin:`. */
  readonly maxValues: number;
}

/** Each table's relations by their names. */
export type Relations = ReadonlyMap<string, ReadonlyMap<string, NamedRelation>>;

/** What names may mean: a table's columns, and the relations that lead on from it. */
export interface Names {
  readonly lookup: Lookup;
  readonly relations: Relations;
}

/** All filters, joined by AND. */
export function planFilters(
  nodes: readonly FilterNode[],
  entry: TableLookup,
  names: Names,
  values: Value[],
  limits: FilterLimits,
): Condition[] {
  return nodes.flatMap((node) => {
    if (node.type === "filter") return planPath(node, node.name, entry, names, values, limits);
    const type = node.type === "and" ? "all" : "any";
    const where = node.parts.map((part) => together(planFilters([part], entry, names, values, limits)));
    return negate([{ type, where }], node.negated);
  });
}

const negate = (where: Condition[], negated: boolean): Condition[] => (negated ? [{ type: "not", where }] : where);

const together = (where: Condition[]): Condition =>
  where.length === 1 ? (where[0] as Condition) : { type: "all", where };

/** A column's own name wins over a path of the same spelling. */
function planPath(
  filter: Filter,
  name: string,
  entry: TableLookup,
  names: Names,
  values: Value[],
  limits: FilterLimits,
): Condition[] {
  const step = entry.fields.has(name) ? undefined : nextRelation(name, entry, names);
  if (step === undefined) return negate(planFilter(filter, name, entry, values, limits), filter.negated);
  const target = tableOf(names.lookup, step.relation.table);
  return [related(step.relation, planPath(filter, step.rest, target, names, values, limits))];
}

/** `album.artist.name` → the relation `album`, and `artist.name` behind it. */
function nextRelation(
  name: string,
  entry: TableLookup,
  names: Names,
): { relation: NamedRelation; rest: string } | undefined {
  const dot = name.indexOf(".");
  if (dot === -1) return undefined;
  if (name.split(".").length > MAX_STEPS + 1) {
    throw problem("too_complex", `A name leads through at most ${MAX_STEPS} relations.`);
  }
  const relations = names.relations.get(entry.table.id) ?? new Map<string, NamedRelation>();
  const first = name.slice(0, dot);
  const relation = relations.get(first);
  if (relation !== undefined) return { relation, rest: name.slice(dot + 1) };
  const known = relations.size === 0 ? "It has no relations." : `Its relations are ${listed(relations.keys())}.`;
  const hint = perhaps(first, relations.keys());
  throw problem("unknown_relation", `${entry.label} has no relation '${shown(first)}'.${hint} ${known}`);
}

/** There is a related row that meets the conditions. */
export function related({ table, join }: NamedRelation, where: readonly Condition[]): Condition {
  if (join.via !== "link") {
    const { columns, references } = toOther(join);
    return { type: "within", columns, table, select: references, where, exists: true };
  }
  const { near, far } = join;
  const end: Condition = { type: "within", columns: far.columns, table, select: far.references, where, exists: true };
  return {
    type: "within",
    columns: near.references,
    table: join.link,
    select: near.columns,
    where: [end],
    exists: true,
  };
}

/** A foreign key from whichever side: columns here, and those of the other table that equal them. */
const toOther = ({ via, columns, references }: Exclude<NamedRelation["join"], { via: "link" }>) =>
  via === "child" ? { columns: references, references: columns } : { columns, references };

function planFilter(
  filter: Filter,
  field: string,
  entry: TableLookup,
  values: Value[],
  limits: FilterLimits,
): Condition[] {
  const column = resolve(field, entry, parameters);
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

/** Sorting as asked for, or by primary key; a key that ends it makes the order total, so that pages never overlap. */
export function planOrder(terms: readonly OrderTerm[], entry: TableLookup, names: Names): Sorting[] {
  const asked = terms.map((term): Sorting => {
    const { column, through } = sortedBy(term.name, entry, names);
    const nullsFirst = term.nulls === undefined ? !term.descending : term.nulls === "first";
    const sorting = { column: column.name, descending: term.descending, nullsFirst };
    return through.length === 0 ? sorting : { ...sorting, through };
  });
  const own = asked.filter(({ through }) => through === undefined);
  const key = entry.table.primaryKey.filter((name) => !own.some((sorting) => sorting.column === name));
  return [...asked, ...key.map((column) => ({ column, descending: false, nullsFirst: true }))];
}

/** `album.title`: only relations to one row, for which of many would it be? */
function sortedBy(name: string, entry: TableLookup, names: Names): { column: Column; through: Hop[] } {
  const step = entry.fields.has(name) ? undefined : nextRelation(name, entry, names);
  if (step === undefined) return { column: resolve(name, entry, []), through: [] };
  const { join, table, many } = step.relation;
  if (many || join.via === "link") {
    throw problem(
      "malformed_query",
      `order-by=${shown(name)}: '${step.relation.name}' leads to many rows. Sort by this table's columns, or through relations to one row.`,
    );
  }
  const { column, through } = sortedBy(step.rest, tableOf(names.lookup, table), names);
  return { column, through: [{ table, ...toOther(join) }, ...through] };
}

export function resolve(name: string, entry: TableLookup, others: Iterable<string>): Column {
  const column = entry.fields.get(name);
  if (column !== undefined) return column;
  const hint = perhaps(name, [...entry.fields.keys(), ...others]);
  throw problem(
    "unknown_column",
    `${entry.label} has no column '${shown(name)}'.${hint} Its columns are ${listed(entry.fields.keys())}.`,
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
  const type = filterType(column.type, text);
  const typed = fromText(text, type);
  if (typed.ok) return values.push({ value: typed.value, type }) - 1;
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

/**
 * A filter's text may be longer than the column holds: it matches nothing, which is an answer. Where a column of no type
 * may hold either, what looks like a number is one: the count in a view is.
 */
function filterType(type: ColumnType, text: string): ColumnType {
  if (type.kind === "text" && type.length !== undefined) return { ...type, length: undefined };
  if (type.kind === "any" && /^-?\d+(\.\d+)?$/.test(text)) return fromText(text, WHOLE).ok ? WHOLE : FLOAT;
  return type;
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
