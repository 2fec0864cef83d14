// What a list shows, and the lists within it → parts of a plan. Names are looked up here, at every level alike.

import { didYouMean, excerpt as named } from "../base/suggest.js";
import { type HttpError, problem } from "../http/problem.js";
import type { FilterNode } from "../request/filter.js";
import { beforeArrows } from "../request/json-path.js";
import type { Query } from "../request/query.js";
import { aggregates, type ColumnItem, type RelationItem } from "../request/select.js";
import type { AnyRelation } from "../routes/tree.js";
import { type TableLookup, tableOf } from "../schema/lookup.js";
import { fieldOf } from "../schema/schema.js";
import { castShown, requireCast } from "./casts.js";
import { columnNamed, relationsFrom } from "./column-names.js";
import { partNamed, partNames } from "./date-part-named.js";
import { MAX_STEPS, type Names, type PlanLimits, planFilters, planOrder } from "./filter.js";
import { isGrouped, planAggregate, planGroups } from "./group.js";
import { related } from "./has-related.js";
import { withColumnsLeft } from "./left-out.js";
import type { ColumnShown, ListPlan, ShownField } from "./plan.js";
import { WHOLE } from "./related-count.js";
import { isSpread, requireFewSpread, spread, spreadsMany } from "./spread.js";
import type { Condition } from "./terms.js";
import type { Values } from "./values.js";

/** What a query says of a list, but for its slice. */
export type ListParts = Pick<ListPlan, "select" | "where" | "order" | "having">;

export function planList(query: Query, entry: TableLookup, names: Names, values: Values): ListParts {
  const { fields, embeds } = planSelect(query, entry, names, values);
  if (query.having !== undefined && !isGrouped(query.select))
    throw problem(
      "malformed_query",
      "having is for groups: select an aggregate, as in select=genre_id,count()&having=count=gt:5.",
    );
  return {
    ...shownIn(fields),
    where: [
      ...planFilters([...query.filters, ...embeds.flatMap(({ above }) => above)], entry, names, values),
      ...innerOf(embeds),
    ],
    ...(isGrouped(query.select)
      ? planGroups(fields ?? [], query, entry, names, values)
      : { order: planOrder(query.order, entry, names, values) }),
  };
}

/** The limit always; the offset only where one was asked for, so that common requests share a statement. */
export function planSlice(
  { limit, offset }: Pick<Query, "limit" | "offset">,
  values: Values,
  limits: PlanLimits,
): Pick<ListPlan, "limit" | "offset"> {
  const cut = Math.min(limit ?? limits.defaultLimit, limits.maxLimit);
  return offset ? { limit: cut, offset: values.add({ value: offset, type: WHOLE }) } : { limit: cut };
}

interface PlannedEmbed {
  readonly shown: readonly ShownField[];
  readonly relation: AnyRelation;
  readonly inner: boolean;
  /** What must hold of related rows, or they are not shown. */
  readonly where: readonly Condition[];
  /** Filters of a relation to one row: they are the row's own, there is no list that they could cut. */
  readonly above: readonly FilterNode[];
}

interface PlannedSelect {
  /** Nothing where every column is shown and nothing else. */
  readonly fields?: readonly ShownField[];
  readonly embeds: readonly PlannedEmbed[];
}

/** A row's fields, in the order they were asked for. */
export function planSelect(
  { select, embedded }: Pick<Query, "select" | "embedded">,
  entry: TableLookup,
  names: Names,
  values: Values,
): PlannedSelect {
  if (select === undefined) return { embeds: [] };
  const fields = new Map<string, ShownField>();
  const embeds: PlannedEmbed[] = [];
  const relations = relationsFrom(entry, names).keys();
  for (const item of withColumnsLeft(select.items, entry, relations)) {
    if (item.type === "aggregate") {
      const field = item.alias ?? item.function;
      add(fields, { type: "aggregate", field, of: planAggregate(item, entry, relationsFrom(entry, names)) });
    } else if (item.type === "relation") {
      const asked = embedded.get(item.alias ?? item.name) as Query;
      const planned = planEmbed(item, asked, entry, names, values);
      embeds.push(planned);
      const inPlace = item.alias === undefined && "inPlace" in planned.relation;
      for (const shown of planned.shown) add(fields, shown, inPlace, item.spread && item.name);
    } else if (item.type === "all") {
      for (const column of entry.defaultFields)
        add(fields, { type: "column", field: fieldOf(column), column: column.name });
    } else if (item.type === "column") {
      add(fields, columnShown(item, entry, names, values));
    }
  }
  const all = [...fields.values()];
  requireFewSpread(all);
  return { fields: all, embeds };
}

/** `*` and a column that it holds are one field, and so are a key and the row that stands in its place; else two things under one name are a mistake. */
function add(fields: Map<string, ShownField>, field: ShownField, inPlace = false, spreadOf?: string): void {
  const before = fields.get(field.field);
  if (before === undefined || (inPlace && isKeyOf(before, field))) fields.set(field.field, field);
  else if (!isKeyOf(field, before) && !isSame(before, field)) throw twoThings(field.field, spreadOf);
}

function twoThings(field: string, spreadOf: string | undefined): HttpError {
  const name = named(field);
  const example =
    spreadOf === undefined ? `other:${name}` : `...${named(spreadOf)}(${named(spreadOf)}_${name}:${name})`;
  return problem(
    "malformed_query",
    `select shows two things as '${name}': give one of them an alias, as in ${example}.`,
  );
}

const isSame = (one: ShownField, other: ShownField): boolean =>
  one.type === "column" &&
  other.type === "column" &&
  JSON.stringify([one.column, one.through]) === JSON.stringify([other.column, other.through]);

/** Is it the column that leads to the related row? */
const isKeyOf = (column: ShownField, row: ShownField): boolean =>
  column.type === "column" &&
  row.type === "embed" &&
  !isSpread(column) &&
  !isSpread(row) &&
  row.join.via === "parent" &&
  row.join.columns.join("\0") === column.column;

/** `album.title` is of the one related row, whose fields have their own names; a part has its own too. */
function columnShown(item: ColumnItem, entry: TableLookup, names: Names, values: Values): ColumnShown {
  const { name, alias, cast } = item;
  const relation = relationBefore(name, entry, names);
  if (relation !== undefined) {
    if (relation.many) throw showsMany(name, relation);
    const target = tableOf(names.lookup, relation.table);
    const shown = columnShown({ ...item, name: name.slice(relation.name.length + 1) }, target, names, values);
    return spread(relation, [shown], [])[0] as ColumnShown;
  }
  if (cast !== undefined)
    return { type: "column", ...castShown({ ...item, cast }, entry, relationsFrom(entry, names).keys(), values) };
  const part = partNamed(name, entry, relationsFrom(entry, names));
  if (part !== undefined) return { type: "column", field: alias ?? part.part, column: part };
  return { type: "column", field: alias ?? name, column: selected(name, entry, names).name };
}

function showsMany(name: string, relation: AnyRelation): HttpError {
  const field = name.slice(relation.name.length + 1);
  return problem(
    "malformed_query",
    `'${named(name)}': '${named(relation.name)}' leads to many rows, and a row shows one. As a list it is ${named(relation.name)}(${named(field)}).`,
  );
}

/** A column's own name wins over a path of the same spelling. */
function relationBefore(name: string, entry: TableLookup, names: Names): AnyRelation | undefined {
  const path = beforeArrows(name);
  const dot = path.indexOf(".");
  if (dot === -1 || entry.readable.has(name) || entry.readable.has(path)) return undefined;
  if (path.split(".").length > MAX_STEPS + 1)
    throw problem("too_complex", `A name leads through at most ${MAX_STEPS} relations.`);
  return relationsFrom(entry, names).get(name.slice(0, dot));
}

/** A column; a relation without its parentheses is taken for what it is. */
function selected(name: string, entry: TableLookup, names: Names) {
  const column = entry.readable.get(name);
  if (column !== undefined) return column;
  const relations = relationsFrom(entry, names);
  if (relations.has(name))
    throw problem("malformed_query", `'${named(name)}' is a relation: say what it shows, as in ${named(name)}(*).`);
  requireCast(name, entry);
  return columnNamed(name, entry, [...relations.keys(), ...relatedNames(name, relations), ...partNames(entry)]);
}

/** What may have been meant by a name with a dot: a field of each relation's row. */
function relatedNames(name: string, relations: ReadonlyMap<string, AnyRelation>): string[] {
  const dot = name.indexOf(".");
  return dot === -1 ? [] : [...relations.keys()].map((relation) => relation + name.slice(dot));
}

function planEmbed(item: RelationItem, asked: Query, entry: TableLookup, names: Names, values: Values): PlannedEmbed {
  const relation = relationOf(item.name, entry, names);
  const target = tableOf(names.lookup, relation.table);
  const { join, many, table } = relation;
  const { inner } = item;
  const of = { type: "embed", field: item.alias ?? item.name, join, many } as const;
  if (many) {
    if (item.spread) throw spreadsMany(relation);
    const parts = planList(asked, target, names, values);
    const list: ListPlan = { kind: "list", table, ...parts, ...planSlice(asked, values, names.limits) };
    return { shown: [{ ...of, list }], relation, inner, where: list.where, above: [] };
  }
  if (isGrouped(asked.select))
    throw problem("malformed_query", `'${named(item.name)}' leads to one row: there is nothing to count or group.`);
  if (asked.limit !== undefined || asked.offset !== undefined || asked.order.length > 0)
    throw problem("malformed_query", `'${named(item.name)}' leads to one row: it takes no order-by, limit or offset.`);
  const { fields, embeds } = planSelect(asked, target, names, values);
  const above = [...asked.filters, ...embeds.flatMap((embed) => embed.above)];
  const where = innerOf(embeds);
  const list: ListPlan = { kind: "list", table, ...shownIn(fields), where, order: [] };
  const shown = item.spread ? spread(relation, fields ?? [], where) : [{ ...of, list }];
  return { shown, relation, inner, where, above: above.map((node) => below(relation.name, node)) };
}

const shownIn = (fields: readonly ShownField[] | undefined) => (fields === undefined ? {} : { select: fields });

/** `!inner`: the row has one that meets the relation's own filters. */
export const innerOf = (embeds: readonly PlannedEmbed[]): Condition[] =>
  embeds.flatMap(({ inner, relation, where }) => (inner ? [related(relation, where)] : []));

/** The filter as the row above would say it. */
const below = (relation: string, node: FilterNode): FilterNode =>
  node.type === "filter"
    ? { ...node, name: `${relation}.${node.name}` }
    : { ...node, parts: node.parts.map((part) => below(relation, part)) };

function relationOf(name: string, entry: TableLookup, names: Names): AnyRelation {
  const relations = relationsFrom(entry, names);
  const found = relations.get(name);
  if (found !== undefined) return found;
  const leading = [...relations.values()].filter(({ table }) => tableOf(names.lookup, table).label === name);
  const candidates = leading.map((relation) => `'${relation.name}'`);
  if (candidates.length > 1)
    throw problem(
      "unknown_relation",
      `'${named(name)}' is ambiguous: from ${entry.label} it is reached as ${candidates.join(" or ")}.`,
    );
  if ((aggregates as readonly string[]).includes(name))
    throw problem("malformed_query", `'${name}' stands behind its column: price.${name}().`);
  const hint =
    candidates.length === 1 ? ` From here it is reached as ${candidates[0]}.` : didYouMean(name, relations.keys());
  const known =
    relations.size === 0
      ? "It has no relations."
      : `Its relations are ${[...relations.keys()].slice(0, 30).join(", ")}.`;
  throw problem("unknown_relation", `${entry.label} has no relation '${named(name)}'.${hint} ${known}`);
}
