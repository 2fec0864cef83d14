// Cursors against this schema: a list and its order → the name that its cursors carry; a cursor → the condition on the rows behind it;
// a row → its place.

import { hash } from "node:crypto";
import { isLosslessNumber, stringify } from "lossless-json";
import { type HttpError, problem } from "../http/problem.js";
import { parseText } from "../request/body.js";
import type { Cursor } from "../request/cursor.js";
import type { Query } from "../request/query.js";
import { columnOf, type Lookup, type TableLookup, tableOf } from "../schema/lookup.js";
import { type ColumnType, fieldOf } from "../schema/schema.js";
import { castTypes } from "./casts.js";
import { PART } from "./date-parts.js";
import { MISSING, typeOfForm } from "./json-form.js";
import { ANY } from "./key-value.js";
import type { ListPlan } from "./plan.js";
import { WHOLE } from "./related-count.js";
import { isSpread } from "./spread.js";
import {
  type Condition,
  isCastOf,
  isCountOf,
  isOfRelated,
  isPartOfDate,
  type Operand,
  type Sorting,
  type Value,
} from "./terms.js";
import { fromJson, fromText, type Typed } from "./value.js";
import type { Values } from "./values.js";

/** Those of whole tables in the orders that requests share, which are asked for the most. */
const names = new WeakMap<readonly Sorting[], string>();

/** Long enough to tell a mistake: nothing is protected by it. `scope` says which of the table's rows are listed. */
export function listName(table: string, order: readonly Sorting[], scope: string, values: readonly Value[]): string {
  const known = scope === "" ? names.get(order) : undefined;
  if (known !== undefined) return known;
  // Positions among a request's values say nothing to the next one.
  const said = order.map((sorting) => ({ ...sorting, column: operandName(sorting.column, values) }));
  const name = hash("sha1", JSON.stringify([table, said, scope]), "base64url").slice(0, 8);
  if (scope === "") names.set(order, name);
  return name;
}

/** What a list is asked to leave out, in whichever order that was said; nothing for all of a table. */
export function scopeOf(query: Query, params: readonly string[]): string {
  const filters = filtersOf(query);
  return filters.length + params.length === 0 ? "" : JSON.stringify([params, filters.sort()]);
}

/** Those of relations count: `!inner` makes them the row's own. */
const filtersOf = ({ filters, embedded }: Query): string[] => [
  ...filters.map((filter) => JSON.stringify(filter)),
  ...[...embedded].flatMap(([field, inner]) => filtersOf(inner).map((filter) => `${field}.${filter}`)),
];

const operandName = (operand: Operand, values: readonly Value[]) =>
  typeof operand === "object" && "path" in operand
    ? [operand.column, operand.as, values[operand.path]?.value]
    : operand;

/** The same rows from the other end. */
export const reversed = (order: readonly Sorting[]): Sorting[] =>
  order.map((sorting) => ({ ...sorting, descending: !sorting.descending, nullsFirst: !sorting.nullsFirst }));

/** Does the order tell all rows apart? Groups, and rows without a key, can be equal in all they are sorted by. */
export const hasPlaces = ({ table }: TableLookup, { having }: Pick<ListPlan, "having">): boolean =>
  table.primaryKey.length > 0 && having === undefined;

export function withoutPlaces({ table, label }: TableLookup, list: Pick<ListPlan, "having">): HttpError {
  const what = table.kind === "view" ? "is a view" : "is a table without a primary key";
  const why = list.having === undefined ? `${label} ${what}: its rows` : "Aggregates make groups of the rows: they";
  return problem(
    "malformed_query",
    `${why} have no order in which each has one place, so that no cursor can name one. Use limit and offset.`,
  );
}

/** How the database keeps a value's place in an order: `Dialect.position`. */
interface Positions {
  position(expression: string, type: ColumnType, key?: boolean): { readonly type: ColumnType; readonly shown: boolean };
}

interface PositionedNames {
  readonly lookup: Lookup;
  readonly dialect: Positions;
}

/** Nothing for the list's beginning. `undefined` for a cursor whose values cannot be this order's. */
export function planAfter(
  { at }: Cursor,
  order: readonly Sorting[],
  entry: TableLookup,
  { lookup, dialect }: PositionedNames,
  values: Values,
): Condition[] | undefined {
  if (at === undefined) return [];
  if (Object.keys(at).length !== order.length) return undefined;
  const indexes: (number | null)[] = [];
  for (const [i, sorting] of order.entries()) {
    const { type } = dialect.position("", sortedType(sorting, entry, lookup));
    const typed = keptValue(at[i], type);
    if (!typed.ok) return undefined;
    indexes.push(typed.value === null ? null : values.add({ value: typed.value, type }));
  }
  return [{ type: "after", order, values: indexes }];
}

/** What the row at a place has in a column of the order, which is kept as it is. */
export function valueAt(place: string, name: string, order: readonly Sorting[], dialect: Positions): Value {
  const at = parseText(place) as Record<string, unknown>;
  const i = order.findIndex(({ column, through }) => column === name && through === undefined);
  const { type } = dialect.position("", ANY);
  const typed = keptValue(at[i], type);
  if (!typed.ok) throw new Error(`the place of a row is not understood: its ${name} ${typed.message}`);
  return { value: typed.value, type };
}

function sortedType({ column, through = [], missing }: Sorting, entry: TableLookup, lookup: Lookup): ColumnType {
  if (missing) return MISSING;
  const last = through.at(-1);
  if (typeof column === "string")
    return columnOf(last === undefined ? entry : tableOf(lookup, last.table), column).type;
  if (isCountOf(column)) return WHOLE;
  if (isPartOfDate(column)) return PART;
  if (isCastOf(column)) return castTypes[column.cast];
  if ("aggregate" in column || isOfRelated(column)) throw new Error("groups have no places");
  return typeOfForm[column.as];
}

/** `Dialect.position` keeps numbers as numbers and bytes as base64; all else as text, which is handed back as it came. */
function keptValue(value: unknown, type: ColumnType): Typed {
  if (value === null) return { ok: true, value: null };
  if (value === undefined) return { ok: false, message: "is missing" };
  if (typeof value === "object" && "base64" in value) return fromText(String(value.base64), BYTES);
  // SQLite keeps texts that no client can say: with NUL in them.
  if (type.kind === "any" && typeof value === "string") return { ok: true, value };
  if (sensible.has(type.kind)) return fromJson(value, type);
  if (typeof value === "string") return fromText(value, TEXT);
  const isNumber = typeof value === "number" || isLosslessNumber(value);
  return isNumber ? { ok: true, value: String(value) } : { ok: false, message: "is no value" };
}

const TEXT: ColumnType = { kind: "text", native: "" };
const BYTES: ColumnType = { kind: "binary", native: "" };
const sensible: ReadonlySet<string> = new Set(["integer", "decimal", "float", "boolean", "binary", "any"]);

/** The fields of a row's own JSON that show its place in this order; nothing where they do not. */
export function fieldsOfPlace(
  order: readonly Sorting[],
  { select }: Pick<ListPlan, "select">,
  entry: TableLookup,
  dialect: Positions,
): string[] | undefined {
  const fields: string[] = [];
  for (const { column, through, missing } of order) {
    if (typeof column !== "string" || through !== undefined || missing) return undefined;
    const { type } = columnOf(entry, column);
    if (!dialect.position("", type, entry.table.primaryKey.includes(column)).shown) return undefined;
    const field =
      select === undefined
        ? fieldOf(columnOf(entry, column))
        : select.find((shown) => shown.type === "column" && shown.column === column && !isSpread(shown))?.field;
    if (field === undefined) return undefined;
    fields.push(field);
  }
  return fields;
}

/** A row's first field is mostly its key, and the rest need not be read for it. */
const LEADING = /^\{"([^"\\]+)":(-?\d+|"[^"\\]*")[,}]/;

/** The place that these fields of a row's JSON show. */
export function shownPlace(row: string, fields: readonly string[]): string {
  const [, first, value] = LEADING.exec(row) ?? [];
  if (fields.length === 1 && first === fields[0]) return `{"0":${value}}`;
  const all = parseText(row) as Record<string, unknown>;
  return `{${fields.map((field, i) => `"${i}":${stringify(all[field])}`).join(",")}}`;
}
