// Ids in a body → keys of a table, typed and each once; and many keys as one condition.
import { isLosslessNumber } from "lossless-json";
import { didYouMean, excerpt } from "../base/suggest.js";
import { type FieldError, problem } from "../http/problem.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { type Column, fieldOf } from "../schema/schema.js";
import { looseValue } from "./loose-value.js";
import { equals } from "./path.js";
import type { ShownField } from "./plan.js";
import type { Condition, Value, ValueIndex } from "./terms.js";
import { fromBody, fromJson } from "./value.js";
import { keyText } from "./value-identity.js";

/** A key's values in key order. */
export type RowKey = readonly Value[];

/** How many faults of one request are told at once. */
export const MOST_FAULTS = 10;

/**
 * An id is a number or a text; of a composite key an array, or a text as in a path (`north,A-1`). An object is the row that it
 * names: its key fields count. Throws 400 for what is no list of ids, 422 for values that no key can have.
 */
export function planKeys(body: unknown, entry: TableLookup, most: number): RowKey[] {
  if (!Array.isArray(body)) throw problem("invalid_body", `The body is an array of ids of ${entry.label}: [1, 2, 3].`);
  if (body.length > most) throw problem("too_complex", `At most ${most} ids are taken at once, not ${body.length}.`);
  const columns = entry.table.primaryKey.map((name) => columnOf(entry, name));
  const errors: FieldError[] = [];
  const keys = new Map<string, RowKey>();
  for (const [i, id] of body.entries()) {
    const key = rowKey(partsOf(id, i, columns, entry), columns, (message) => errors.push({ field: `[${i}]`, message }));
    if (key.length === columns.length) keys.set(keyText(key), key);
    if (errors.length >= MOST_FAULTS) break;
  }
  if (errors.length === 0) return [...keys.values()];
  throw problem("invalid_value", `${errors.map(({ field, message }) => `${field} ${message}`).join("; ")}.`, {
    errors,
  });
}

/** The 422 for keys of which there is no row. */
export function noSuchRows(missing: readonly RowKey[], entry: TableLookup) {
  const named = missing.slice(0, MOST_FAULTS).map((key) => excerpt(key.map(({ value }) => String(value)).join(",")));
  const rest = missing.length > named.length ? ` and ${missing.length - named.length} more` : "";
  return problem("invalid_value", `There are no such rows of ${entry.label}: ${named.join("; ")}${rest}.`, {
    errors: named.map((field) => ({ field, message: "is no row" })),
  });
}

function partsOf(id: unknown, at: number, columns: readonly Column[], entry: TableLookup): readonly unknown[] {
  const names = columns.map(fieldOf);
  if (typeof id === "string" && columns.length > 1) return sized(id.split(",").map(decoded), at, names);
  if (["string", "number", "bigint", "boolean"].includes(typeof id) || isLosslessNumber(id)) {
    return sized([id], at, names);
  }
  if (Array.isArray(id)) return sized(id, at, names);
  if (typeof id !== "object" || id === null) throw problem("invalid_body", `[${at}] is an id, not ${String(id)}.`);
  const unknown = Object.keys(id).find((field) => !entry.readable.has(field));
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, entry.readable.keys());
    throw problem("unknown_column", `[${at}]: '${excerpt(unknown)}' is no column of ${entry.label}.${hint}`);
  }
  const missing = names.find((name) => !Object.hasOwn(id, name));
  if (missing === undefined) return names.map((name) => (id as Readonly<Record<string, unknown>>)[name]);
  throw withoutKey(at, missing, names);
}

export const withoutKey = (index: number, missing: string, names: readonly string[]) =>
  problem("invalid_body", `[${index}] has no ${missing}: a row is named by ${names.join(", ")}.`, { index });

function sized(parts: readonly unknown[], at: number, names: readonly string[]): readonly unknown[] {
  if (parts.length === names.length) return parts;
  const what = names.length === 1 ? "one value" : `${names.length} values in this order`;
  throw problem("invalid_body", `[${at}] has ${parts.length} values; an id has ${what}: ${names.join(",")}.`);
}

/** A value for each of the key's columns; `fault` is told of those that none can have. */
export function rowKey(
  parts: readonly unknown[],
  columns: readonly Column[],
  fault: (message: string) => void,
): Value[] {
  return parts.flatMap((part, i) => {
    const column = columns[i] as Column;
    // Whatever it is: whether a row has it, only the database knows.
    if (column.type.loose && part !== null) return [looseValue(part, column.type)];
    // A key names a row, which may hold what cannot be written.
    const read = column.type.heldOnly || column.type.holdsEmpty ? fromJson : fromBody;
    const isNull = part === null && (column.type.kind !== "json" || column.nullable);
    const typed = isNull ? { ok: false as const, message: "cannot be null" } : read(part, column.type);
    if (typed.ok) return [{ value: typed.value, type: column.type }];
    fault(columns.length === 1 ? typed.message : `${fieldOf(column)} ${typed.message}`);
    return [];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const keyColumns = (entry: TableLookup): ShownField[] =>
  entry.table.primaryKey.map((column) => ({ type: "column", field: fieldOf(columnOf(entry, column)), column }));

/** The most values of one statement's keys, after `anyKey` has filled them up to a power of two. */
const MOST_VALUES = 1024;

/** As many keys as one statement takes. */
export function inKeyPieces(keys: readonly RowKey[], valuesEach: number): RowKey[][] {
  const length = Math.max(1, 2 ** Math.floor(Math.log2(MOST_VALUES / valuesEach)));
  return Array.from({ length: Math.ceil(keys.length / length) }, (_, i) => keys.slice(i * length, (i + 1) * length));
}

/** How many conditions stand beside each other: SQLite counts how deep an expression is, and a chain is as deep as it is long. */
const BESIDE = 64;

/**
 * One of these keys, at least one. The last is repeated up to a power of two, so that the statements for any number of keys are
 * of few shapes, and remembered.
 */
export function anyKey(columns: readonly string[], keys: readonly (readonly ValueIndex[])[]): Condition {
  const length = 2 ** Math.ceil(Math.log2(keys.length));
  const padded = Array.from({ length }, (_, i) => keys[Math.min(i, keys.length - 1)] as readonly ValueIndex[]);
  const [column] = columns;
  if (column !== undefined && columns.length === 1)
    return { type: "in", column, values: padded.flat(), negated: false, key: true };
  const all = padded.map((key): Condition => ({ type: "all", where: equals(columns, key) }));
  const groups = Array.from({ length: Math.ceil(length / BESIDE) }, (_, i): Condition => {
    return { type: "any", where: all.slice(i * BESIDE, (i + 1) * BESIDE) };
  });
  return groups.length === 1 ? (groups[0] as Condition) : { type: "any", where: groups };
}
