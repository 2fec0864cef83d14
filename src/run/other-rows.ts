// An address of which there is no row → the row that shows this key all the same, where the key's columns may hold values of any type
// (SQLite): bytes in a column of text, a text in a column of dates.

import { combinations } from "../base/combinations.js";
import { heldAs } from "../plan/held-texts.js";
import { fromKeyText } from "../plan/key-value.js";
import { equals } from "../plan/path.js";
import { fromSegment, unquoted } from "../plan/row-segment.js";
import type { Value } from "../plan/terms.js";
import { Values } from "../plan/values.js";
import type { Step } from "../routes/tree.js";
import { columnOf, type TableLookup, tableOf } from "../schema/lookup.js";
import type { Call } from "./call.js";
import type { RequestContext } from "./context.js";
import { run } from "./execute.js";

export type AskedPath = Pick<Call, "params"> & { readonly route: { readonly steps: readonly Step[] } };

/** As many keys are tried of one address: each is a question to the database, by the key's index. */
const MOST_TRIED = 16;

/** Remembers what it found, so that the same request finds it. Where the text itself is a row's key, that is the row. */
export async function findOtherRows({ route, params }: AskedPath, context: RequestContext): Promise<boolean> {
  const { lookup, held } = context.snapshot;
  const named = route.steps.filter(({ param }) => param !== undefined);
  let isNew = false;
  for (const [i, { table }] of named.entries()) {
    const entry = tableOf(lookup, table);
    const segment = params[i] as string;
    const keys = keysOf(segment, entry);
    if (keys.length < 2 || held === undefined) continue;
    const known = held.rowOf(entry.table.id, segment) ?? keys[0];
    const found = await firstOf(keys, entry, context);
    if (found === undefined || isEqual(found, known as Key)) continue;
    held.addRow(entry.table.id, segment, found === keys[0] ? undefined : found);
    isNew = true;
  }
  return isNew;
}

type Key = readonly Value[];

const isEqual = (one: Key, other: Key): boolean =>
  one.every(
    ({ value }, i) =>
      value === other[i]?.value ||
      (String(value) === String(other[i]?.value) && typeof value === typeof other[i]?.value),
  );

/** The most likely first. */
function keysOf(segment: string, entry: TableLookup): Key[] {
  const columns = entry.table.primaryKey.map((name) => columnOf(entry, name).type);
  if (!columns.some(({ loose }) => loose)) return [];
  const parts = fromSegment(segment, columns.length);
  if (parts.length !== columns.length) return [];
  const each = parts.map((part, i): Value[] => {
    const column = columns[i] as (typeof columns)[number];
    const { typed, type } = fromKeyText(part, column);
    const value = typed.ok ? { value: typed.value, type } : undefined;
    if (!column.loose) return value === undefined ? [] : [value];
    const others = heldAs(part, column, typed.ok && type.kind === column.kind ? value : undefined);
    // A text that is no JSON is shown as a string of JSON.
    const string = column.kind === "json" ? unquoted(part) : undefined;
    const all = string === undefined ? others : [...others, ...heldAs(string, column)];
    return value === undefined ? all : [value, ...all];
  });
  return combinations(each, MOST_TRIED);
}

async function firstOf(keys: readonly Key[], entry: TableLookup, context: RequestContext): Promise<Key | undefined> {
  for (const key of keys) {
    const values = new Values();
    const where = equals(
      entry.table.primaryKey,
      key.map((value) => values.add(value)),
    );
    const { rows } = await run({ plan: { kind: "exists", table: entry.table.id, where }, values: values.all }, context);
    if (rows.length > 0) return key;
  }
  return undefined;
}
