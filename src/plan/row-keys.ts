// The rows of a body that each hold their key → their keys, typed.
import { type FieldError, problem } from "../http/problem.js";
import type { Body } from "../request/body.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { fieldOf } from "../schema/schema.js";
import { MOST_FAULTS, type RowKey, rowKey, withoutKey } from "./keys.js";
import { keyText } from "./value-identity.js";

/** Throws 400 for one without its key, 422 for values that no key can have and for a row that is named twice. */
export function planRowKeys(bodies: readonly Body[], entry: TableLookup): RowKey[] {
  const columns = entry.table.primaryKey.map((name) => columnOf(entry, name));
  const names = columns.map(fieldOf);
  const errors: FieldError[] = [];
  const seen = new Map<string, number>();
  const keys: RowKey[] = [];
  for (const [i, body] of bodies.entries()) {
    const missing = names.find((name) => !Object.hasOwn(body, name));
    if (missing !== undefined) throw withoutKey(i, missing, names);
    const parts = names.map((name) => body[name]);
    const key = rowKey(parts, columns, (message) => errors.push({ field: `[${i}]`, message }));
    const first = seen.get(keyText(key));
    if (key.length === columns.length && first !== undefined) throw namedTwice(i, first);
    seen.set(keyText(key), i);
    keys.push(key);
    if (errors.length >= MOST_FAULTS) break;
  }
  if (errors.length === 0) return keys;
  throw problem("invalid_value", `${errors.map(({ field, message }) => `${field} ${message}`).join("; ")}.`, {
    errors,
  });
}

/** The 422 for a row of a body that is an earlier one's too. */
export function namedTwice(index: number, first: number) {
  const message = `names the same row as [${first}]`;
  return problem("invalid_value", `[${index}] ${message}.`, { index, errors: [{ field: `[${index}]`, message }] });
}
