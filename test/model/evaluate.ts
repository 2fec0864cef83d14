// A request → what must be answered, worked out over arrays. Written from the contract (3.1) and the README's `## Asking`;
// it shares no code with src, so that a mistake there is not made here as well.
import { meets, type Subject } from "./condition.js";
import {
  type Aggregate,
  type Ask,
  type Embed,
  type Field,
  fieldOf,
  isAggregate,
  isEmbed,
  type Listing,
  type Sort,
} from "./query.js";
import type { Relation, Relations } from "./relations.js";
import type { Rows } from "./rows.js";
import type { Column, Kind, Schema, Table } from "./schema.js";
import { average, compare, exact, exactOf, isExact, type Row, shown, sum, textOf, type Value } from "./value.js";

export interface World {
  readonly schema: Schema;
  readonly rows: Rows;
  /** Those whose keys are asked for, too, though they are not there. */
  readonly gone?: Rows;
  readonly relations: Relations;
  readonly defaultLimit: number;
  readonly maxLimit: number;
}

export interface Answer {
  readonly status: number;
  /** Where it is a 200. */
  readonly body?: unknown;
  readonly total?: string;
  readonly range?: string;
}

export const tableOf = (world: World, name: string): Table =>
  world.schema.find((table) => table.name === name) as Table;
export const relationOf = (world: World, table: string, name: string): Relation =>
  world.relations.get(table)?.find((relation) => relation.name === name) as Relation;

export function evaluate(world: World, { table, key, steps, list, count }: Ask): Answer {
  let [at, rows] = [table, world.rows[table] ?? []];
  let single = false;
  const narrow = (to: readonly Value[] | undefined) => {
    single = to !== undefined;
    if (to)
      rows = rows.filter((row) =>
        tableOf(world, at).key.every((name, i) => compare(row[name] ?? null, to[i] ?? null) === 0),
      );
  };
  narrow(key);
  for (const step of steps) {
    const [parent] = rows;
    if (parent === undefined) return { status: 404 };
    const relation = relationOf(world, at, step.relation);
    at = relation.to;
    rows = relation.follow(parent, world.rows);
    narrow(step.key);
    single ||= !relation.many;
  }
  if (!single) return listed(world, at, rows, list, count);
  const [item] = itemsOf(world, at, rows, list).items;
  return item === undefined ? { status: 404 } : { status: 200, body: item };
}

function listed(world: World, table: string, rows: readonly Row[], list: Listing, count: boolean): Answer {
  const { total, items } = itemsOf(world, table, rows, list);
  if (!count) return { status: 200, body: items };
  const first = list.offset ?? 0;
  const range = items.length === 0 ? "*" : `${first}-${first + items.length - 1}`;
  return { status: 200, body: items, total: String(total), range: `items ${range}/${total}` };
}

interface Items {
  /** Without limit and offset. */
  readonly total: number;
  readonly items: readonly Record<string, unknown>[];
}

function itemsOf(world: World, table: string, rows: readonly Row[], list: Listing): Items {
  const kept = rows.filter((row) => isKept(world, table, row, list));
  const { select = [] } = list;
  const [total, items] =
    list.distinct || select.some(isAggregate)
      ? groupsOf(world, tableOf(world, table), kept, list)
      : rowsOf(world, tableOf(world, table), kept, list);
  return { total, items: items() };
}

/** By its own filters, and by what relations with `!inner` ask for. */
const isKept = (world: World, table: string, row: Row, { where, select = [] }: Listing): boolean =>
  meets(subjectOf(world, table, row), where) &&
  select.filter(isEmbed).every(({ inner, relation, list }) => {
    const { to, follow } = relationOf(world, table, relation);
    return !inner || follow(row, world.rows).some((other) => isKept(world, to, other, list));
  });

const subjectOf = (world: World, table: string, row: Row): Subject => ({
  value: (name) => row[name] ?? null,
  kind: (name) => columnOf(tableOf(world, table), name).kind,
  related: (name) => {
    const { to, follow } = relationOf(world, table, name);
    return follow(row, world.rows).map((other) => subjectOf(world, to, other));
  },
});

const columnOf = ({ columns }: Table, name: string): Column => columns.find((column) => column.name === name) as Column;

type Shaped = [total: number, items: () => Record<string, unknown>[]];

function rowsOf(world: World, table: Table, rows: readonly Row[], list: Listing): Shaped {
  const byKey = table.key.map((column): Sort => ({ path: [], column, direction: "asc" }));
  const sorted = inOrder(rows, [...list.sort, ...byKey], (row, { path, column }) => {
    let [at, found]: [string, Row | undefined] = [table.name, row];
    for (const name of path) {
      const { to, follow } = relationOf(world, at, name);
      [at, found] = [to, found && follow(found, world.rows)[0]];
    }
    return found?.[column] ?? null;
  });
  return [rows.length, () => slice(world, sorted, list).map((row) => itemOf(world, table, row, list))];
}

/** NULL is the smallest value; `desc` when no direction is said. */
function inOrder<T>(all: readonly T[], sorts: readonly Sort[], valueAt: (one: T, sort: Sort) => Value): T[] {
  return all.toSorted((a, b) => {
    for (const sort of sorts) {
      const [one, other] = [valueAt(a, sort), valueAt(b, sort)];
      const up = sort.direction === "asc" ? 1 : -1;
      const ends = { nullsfirst: -1, nullslast: 1 };
      const nulls = sort.nulls ? ends[sort.nulls] : -up;
      if ((one === null) !== (other === null)) return one === null ? nulls : -nulls;
      const order = one === null ? 0 : compare(one, other) * up;
      if (order !== 0) return order;
    }
    return 0;
  });
}

function slice<T>(
  { defaultLimit, maxLimit }: World,
  all: readonly T[],
  { limit = defaultLimit, offset = 0 }: Listing,
): T[] {
  return all.slice(offset, offset + Math.min(limit, maxLimit));
}

function itemOf(world: World, table: Table, row: Row, { select = ["*"] }: Listing): Record<string, unknown> {
  const item: Record<string, unknown> = {};
  for (const one of select) {
    if (one === "*") for (const { name } of table.columns) item[name] ??= shown(row[name] ?? null);
    else if (isEmbed(one)) item[fieldOf(one)] = embedded(world, table, row, one);
    else if (!isAggregate(one)) item[fieldOf(one)] = shown(row[one.column] ?? null);
  }
  return item;
}

function embedded(world: World, table: Table, row: Row, { relation, list }: Embed): unknown {
  const { to, many, follow } = relationOf(world, table.name, relation);
  const { items } = itemsOf(world, to, follow(row, world.rows), list);
  return many ? items : (items[0] ?? null);
}

interface Group {
  readonly fields: Readonly<Record<string, Value>>;
}

function groupsOf(world: World, table: Table, rows: readonly Row[], list: Listing): Shaped {
  const select = (list.select ?? []).flatMap((item): (Field | Aggregate)[] =>
    item === "*" ? table.columns.map(({ name }) => ({ column: name })) : isEmbed(item) ? [] : [item],
  );
  const plain = select.filter((item): item is Field => !isAggregate(item));
  const of = new Map<string, Row[]>();
  for (const row of rows) {
    const values = JSON.stringify(plain.map(({ column }) => shown(row[column] ?? null)));
    of.set(values, [...(of.get(values) ?? []), row]);
  }
  // Without a column to group by there is one group, also of no rows.
  if (plain.length === 0) of.set("[]", [...rows]);
  const groups = [...of.values()].map((members) => ({
    fields: Object.fromEntries(
      select.map((item) => [
        fieldOf(item),
        isAggregate(item) ? total(table, members, item) : (members[0]?.[item.column] ?? null),
      ]),
    ),
  }));
  const kinds = new Map(select.map((item) => [fieldOf(item), kindOf(table, item)]));
  const kept = groups.filter((group) => meets(fieldsOf(group, kinds), list.having));
  const byPlain = plain.map((item): Sort => ({ path: [], column: fieldOf(item), direction: "asc" }));
  const sorted = inOrder(kept, [...list.sort, ...byPlain], ({ fields }, { column }) => fields[column] ?? null);
  const shape = ({ fields }: Group) =>
    Object.fromEntries(Object.entries(fields).map(([name, it]) => [name, shown(it)]));
  return [kept.length, () => slice(world, sorted, list).map(shape)];
}

const fieldsOf = ({ fields }: Group, kinds: ReadonlyMap<string, Kind>): Subject => ({
  value: (name) => fields[name] ?? null,
  kind: (name) => kinds.get(name) as Kind,
  related: () => [],
});

export function kindOf(table: Table, item: Field | Aggregate): Kind {
  if (isAggregate(item) && item.aggregate === "count") return "integer";
  const { kind } = columnOf(table, item.column as string);
  return isAggregate(item) && item.aggregate === "avg" && kind === "integer" ? "decimal" : kind;
}

function total(table: Table, rows: readonly Row[], { aggregate, column }: Aggregate): Value {
  if (column === undefined) return exact(rows.length);
  const values = rows.map((row) => row[column] ?? null).filter((value) => value !== null);
  if (aggregate === "count") return exact(values.length);
  if (values.length === 0) return null;
  const sorted = values.toSorted(compare);
  if (aggregate === "min") return sorted[0] ?? null;
  if (aggregate === "max") return sorted.at(-1) ?? null;
  const numbers = values.filter(isExact);
  if (aggregate === "sum") return sum(numbers);
  const { kind } = columnOf(table, column);
  if (kind === "float") return exactOf(String(Number(textOf(sum(numbers))) / numbers.length));
  return average(numbers, kind === "decimal" ? 2 : 0);
}
