// A body and a route → what is written: fields resolved, values typed, the path's own values filled in.

import { didYouMean, excerpt } from "../base/suggest.js";
import { type FieldError, problem } from "../http/problem.js";
import type { Body } from "../request/body.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { columnNamed } from "./column-names.js";
import { incrementIn, incrementType, typedIncrement } from "./increment.js";
import { RowFaults } from "./row-faults.js";
import type { Value, ValueIndex } from "./terms.js";
import { fromBody, type Typed } from "./value.js";
import { isSame } from "./value-identity.js";
import type { Values } from "./values.js";
import type { Assignment } from "./write-plan.js";

/** Columns whose value the path has said already: database name → position of the value. */
export type PathColumns = ReadonlyMap<string, ValueIndex>;

/** POST: the body's columns, and the path's where the body leaves them out. */
export function planInsert(body: Body, entry: TableLookup, fixed: PathColumns, values: Values): Assignment[] {
  const set = assignments(body, entry, values, { right: "insert", skipsNull: (column) => column.identity });
  agree(set, fixed, entry, values.all);
  const all = [...set, ...missing(set, fixed)];
  requireDenied(all, entry);
  return all;
}

/** A default that the connection has no right to use: the database would refuse the row that leaves the column out. */
function requireDenied(set: readonly Assignment[], { table, readable, writable }: TableLookup): void {
  const needed = table.columns
    .filter(({ name, denied }) => denied?.includes("default") && !set.some(({ column }) => column === name))
    .map(fieldOf)
    .filter((field) => readable.has(field) || writable.has(field));
  if (needed.length > 0)
    refuse(
      needed.map((field) => ({ field, message: "cannot be left out" })),
      "not_null_violation",
    );
}

/** Where the database would let NULL into a key that is left out. A link's key comes from its two rows. */
function requireKey(set: readonly Assignment[], { table }: TableLookup): void {
  const absent = table.columns.filter(
    ({ name, showsNull, default: value }) =>
      showsNull && value === null && table.primaryKey.includes(name) && !set.some(({ column }) => column === name),
  );
  if (absent.length > 0) refuse(absent.map((column) => ({ field: fieldOf(column), message: "cannot be null" })));
}

/** A row to be written: its values by the names of their columns. */
export type NewRow = ReadonlyMap<string, Value>;

/** POST of an array: a row each, but for what is not there. All that is wrong is told at once, by `[3].email`. */
export function planRows(
  bodies: readonly (Body | undefined)[],
  entry: TableLookup,
  fixed: PathColumns,
  values: Values,
): NewRow[] {
  const rows: NewRow[] = [];
  const faults = new RowFaults();
  for (const [i, body] of bodies.entries()) {
    if (faults.isFull) break;
    if (body === undefined) continue;
    try {
      rows.push(planRow(body, entry, fixed, values));
    } catch (error) {
      faults.add(i, error);
    }
  }
  faults.throwAny();
  return rows;
}

export function planRow(body: Body, entry: TableLookup, fixed: PathColumns, values: Values): NewRow {
  const set = planInsert(body, entry, fixed, values);
  requireKey(set, entry);
  return new Map(set.map(({ column, value }) => [column, values.all[value as number] as Value]));
}

/** PATCH: what the body names. A key that is the address's own is not written again: identity columns refuse even that. */
export function planUpdate(body: Body, entry: TableLookup, key: PathColumns, values: Values): Assignment[] {
  return assignments(withoutOwnKey(body, entry, key, values.all), entry, values, { right: "update", increments: true });
}

/**
 * PUT: every column. What the body leaves out falls back to its default or NULL. The key stays, and so do the `kept` columns:
 * those by which the path found the row.
 */
export function planReplace(
  body: Body,
  entry: TableLookup,
  key: PathColumns,
  kept: ReadonlySet<string>,
  values: Values,
): Assignment[] {
  const inKey = new Set(entry.table.primaryKey);
  const set = assignments(withoutOwnKey(body, entry, key, values.all), entry, values, { right: "update" });
  agree(set, key, entry, values.all);
  // The key itself stays, but for the spelling of a text.
  const rest = set.filter(({ column }) => !inKey.has(column) || isSpelt(columnOf(entry, column)));
  const settled = new Set([...inKey, ...kept, ...rest.map(({ column }) => column)]);
  const others = [...entry.writable.values()].filter(
    (column) =>
      !settled.has(column.name) &&
      !column.generated &&
      !column.identity &&
      column.stamp === undefined &&
      !column.denied?.some((right) => right !== "insert"),
  );
  return [...rest, ...others.map(({ name }): Assignment => ({ column: name }))];
}

/** A text's collation may take several spellings for the same. */
export const isSpelt = ({ type: { kind } }: Column): boolean => kind === "text" || kind === "other" || kind === "any";

/** What says no more than the address does is not written: identity columns refuse even that. */
function withoutOwnKey(body: Body, entry: TableLookup, key: PathColumns, values: readonly Value[]): Body {
  const says = (field: string, value: unknown): boolean => {
    const column = entry.all.get(field);
    const held = column && key.get(column.name);
    if (column === undefined || held === undefined || (isSpelt(column) && !column.generated)) return false;
    const typed = fromBody(value ?? null, column.type);
    return typed.ok && isSame({ value: typed.value, type: column.type }, values[held] as Value);
  };
  if (key.size === 0) return body;
  return Object.fromEntries(Object.entries(body).filter(([field, value]) => !says(field, value)));
}

interface Assigning {
  readonly right: "insert" | "update";
  /** Columns of which NULL says nothing. */
  readonly skipsNull?: (column: Column) => boolean;
  readonly increments?: boolean;
}

function assignments(
  body: Body,
  entry: TableLookup,
  values: Values,
  { right, skipsNull = () => false, increments = false }: Assigning,
): Assignment[] {
  const errors: FieldError[] = [];
  const set: Assignment[] = [];
  for (const [field, value] of Object.entries(body)) {
    const column = entry.all.get(field) ?? entry.readable.get(field);
    if (column === undefined) throw unknownField(field, entry);
    if (column.generated) throw readOnly(field, "is computed by the database");
    if (column.denied?.includes(right))
      throw readOnly(field, "is not to be written: the database does not let this API");
    if (value === null && skipsNull(column)) continue;
    const change = increments ? incrementIn(value, column) : undefined;
    const typed = change === undefined ? typedValue(value, column) : typedIncrement(change.by, column, entry);
    if (!typed.ok) {
      errors.push({ field, message: typed.message });
      continue;
    }
    const type = change === undefined ? column.type : incrementType(column.type);
    const at = values.add({ value: typed.value, type });
    set.push({ column: column.name, value: at, ...(change === undefined ? {} : { increment: true }) });
  }
  if (errors.length > 0) refuse(errors);
  return set;
}

function typedValue(value: unknown, { type, nullable }: Column): Typed {
  if (value !== null && value !== undefined) return fromBody(value, type);
  return nullable ? { ok: true, value: null } : { ok: false, message: "cannot be null" };
}

function refuse(errors: readonly FieldError[], said?: "not_null_violation"): never {
  const isNull = errors.every(({ message }) => message === "cannot be null");
  const code = said ?? (isNull ? "not_null_violation" : "invalid_value");
  throw problem(code, `${errors.map(({ field, message }) => `${field} ${message}`).join("; ")}.`, { errors });
}

const readOnly = (field: string, message: string) =>
  problem("read_only_column", `${field} ${message}. Leave it out.`, { errors: [{ field, message }] });

/** The column of a field that a client writes. */
export function writtenColumn(field: string, entry: TableLookup): Column {
  return (
    entry.writable.get(field) ??
    entry.readable.get(field) ??
    columnNamed(field, { ...entry, readable: entry.writable }, [])
  );
}

export function unknownField(field: string, entry: TableLookup) {
  const message = `is no column of ${entry.label}.${didYouMean(field, entry.writable.keys())}`;
  return problem("unknown_column", `'${excerpt(field)}' ${message}`, { errors: [{ field: excerpt(field), message }] });
}

/** A value that stands in the path and in the body is the same in both. */
function agree(set: readonly Assignment[], fixed: PathColumns, entry: TableLookup, values: readonly Value[]): void {
  for (const { column, value } of set) {
    const inPath = fixed.get(column);
    if (inPath === undefined || value === undefined) continue;
    const [said, held] = [values[value] as Value, values[inPath] as Value];
    if (isSame(said, held)) continue;
    const field = fieldOf(columnOf(entry, column));
    const message = `is ${excerpt(String(held.value))} in the address and ${excerpt(String(said.value))} in the body`;
    throw problem("invalid_value", `${field} ${message}: leave it out of the body.`, { errors: [{ field, message }] });
  }
}

function missing(set: readonly Assignment[], fixed: PathColumns): Assignment[] {
  const named = new Set(set.map(({ column }) => column));
  return [...fixed].flatMap(([column, value]) => (named.has(column) ? [] : [{ column, value }]));
}
