// A body and a route → what is written: fields resolved, values typed, the path's own values filled in.
import { type FieldError, problem } from "../api/problem.js";
import { perhaps, shown } from "../request/nearest.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { type Column, fieldOf } from "../schema/schema.js";
import type { Assignment, Value, ValueIndex } from "./plan.js";
import { type Canonical, fromJson } from "./value.js";

/** Columns whose value the path has said already: database name → position of the value. */
export type Fixed = ReadonlyMap<string, ValueIndex>;

export type Body = Readonly<Record<string, unknown>>;

/** POST: the body's columns, and the path's where the body leaves them out. */
export function planInsert(body: Body, entry: TableLookup, fixed: Fixed, values: Value[]): Assignment[] {
  const set = assignments(body, entry, values, (column) => column.identity);
  agree(set, fixed, entry, values);
  return [...set, ...missing(set, fixed)];
}

/** PATCH: what the body names. A key that is the address's own is not written again: identity columns refuse even that. */
export function planUpdate(body: Body, entry: TableLookup, key: Fixed, values: Value[]): Assignment[] {
  return assignments(body, entry, values, () => false).filter(({ column, value }) => {
    const held = key.get(column);
    if (held === undefined || value === undefined) return true;
    return !isSame(values[value]?.value, values[held]?.value, columnOf(entry, column));
  });
}

/**
 * PUT: every column. What the body leaves out falls back to its default or NULL. The key stays, and so do the `kept` columns:
 * those by which the path found the row.
 */
export function planReplace(
  body: Body,
  entry: TableLookup,
  key: Fixed,
  kept: ReadonlySet<string>,
  values: Value[],
): Assignment[] {
  const inKey = new Set(entry.table.primaryKey);
  const set = assignments(body, entry, values, () => false);
  agree(set, key, entry, values);
  const rest = set.filter(({ column }) => !inKey.has(column));
  const settled = new Set([...inKey, ...kept, ...rest.map(({ column }) => column)]);
  const others = entry.table.columns.filter(
    (column) => !settled.has(column.name) && !column.generated && !column.identity,
  );
  return [...rest, ...others.map(({ name }): Assignment => ({ column: name }))];
}

function assignments(
  body: Body,
  entry: TableLookup,
  values: Value[],
  skipsNull: (column: Column) => boolean,
): Assignment[] {
  const errors: FieldError[] = [];
  const set: Assignment[] = [];
  for (const [field, value] of Object.entries(body)) {
    const column = entry.fields.get(field);
    if (column === undefined) throw unknownField(field, entry);
    if (column.generated) throw readOnly(field);
    if (value === null && skipsNull(column)) continue;
    const typed = value === null || value === undefined ? nullFor(column) : fromJson(value, column.type);
    if (typed.ok) set.push({ column: column.name, value: values.push({ value: typed.value, type: column.type }) - 1 });
    else errors.push({ field, message: typed.message });
  }
  if (errors.length > 0) refuse(errors);
  return set;
}

const nullFor = (column: Column) =>
  column.nullable ? { ok: true as const, value: null } : { ok: false as const, message: "cannot be null" };

function refuse(errors: readonly FieldError[]): never {
  const code = errors.every(({ message }) => message === "cannot be null") ? "not_null_violation" : "invalid_value";
  throw problem(code, `${errors.map(({ field, message }) => `${field} ${message}`).join("; ")}.`, { errors });
}

const readOnly = (field: string) =>
  problem("read_only_column", `${field} is computed by the database: leave it out.`, {
    errors: [{ field, message: "is computed by the database" }],
  });

function unknownField(field: string, entry: TableLookup) {
  const message = `is no column of ${entry.label}.${perhaps(field, entry.fields.keys())}`;
  return problem("unknown_column", `'${shown(field)}' ${message}`, { errors: [{ field: shown(field), message }] });
}

/** A value that stands in the path and in the body is the same in both. */
function agree(set: readonly Assignment[], fixed: Fixed, entry: TableLookup, values: readonly Value[]): void {
  for (const { column, value } of set) {
    const inPath = fixed.get(column);
    if (inPath === undefined || value === undefined) continue;
    const [said, held] = [values[value]?.value, values[inPath]?.value];
    if (isSame(said, held, columnOf(entry, column))) continue;
    const field = fieldOf(columnOf(entry, column));
    const message = `is ${shown(String(held))} in the address and ${shown(String(said))} in the body`;
    throw problem("invalid_value", `${field} ${message}: leave it out of the body.`, { errors: [{ field, message }] });
  }
}

function missing(set: readonly Assignment[], fixed: Fixed): Assignment[] {
  const named = new Set(set.map(({ column }) => column));
  return [...fixed].flatMap(([column, value]) => (named.has(column) ? [] : [{ column, value }]));
}

/** Equal as the column's values: `1` and `1.0` are one decimal, bytes are equal byte by byte. */
function isSame(one: Canonical | undefined, other: Canonical | undefined, { type }: Column): boolean {
  if (Buffer.isBuffer(one) && Buffer.isBuffer(other)) return one.equals(other);
  if (one === other || String(one) === String(other)) return true;
  return (type.kind === "decimal" || type.kind === "float") && Number(one) === Number(other);
}
