// Keys that a body says → as the rows that show them keep them, where columns may hold values of any type (SQLite): a UUID in capitals,
// bytes that are shown as a text, a moment in another spelling.
import { combinations } from "../base/combinations.js";
import { valueAt } from "../plan/cursor.js";
import { heldAs } from "../plan/held-texts.js";
import { inPieces } from "../plan/insert.js";
import { foundBy, isDateAndTime } from "../plan/kept-value.js";
import { anyKey, type RowKey } from "../plan/keys.js";
import type { ListPlan } from "../plan/plan.js";
import { unquoted } from "../plan/row-segment.js";
import type { Value } from "../plan/terms.js";
import { keyText } from "../plan/value-identity.js";
import { Values } from "../plan/values.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { type Column, fieldOf } from "../schema/schema.js";
import type { RequestContext } from "./context.js";
import { foundList } from "./found-rows.js";
import { valuesOf } from "./row-address.js";

/** A key that no row shows stays what it is; so does one of several columns beyond `MOST_TRIED` ways to keep it. */
export async function heldKeys(
  columns: readonly string[],
  keys: readonly RowKey[],
  entry: TableLookup,
  context: RequestContext,
): Promise<readonly RowKey[]> {
  if (!columns.some((name) => columnOf(entry, name).type.loose)) return keys;
  const ways = keys.map((key) => waysToKeep(key, columns, entry));
  const odd = keys.flatMap((_, i) => ((ways[i] as RowKey[]).length > 1 ? [i] : []));
  const held = [...keys];
  for (const piece of inPieces(odd, columns.length * MOST_TRIED)) {
    const found = await keptKeys(
      piece.flatMap((i) => ways[i] as RowKey[]),
      columns,
      entry,
      context,
    );
    for (const i of piece) {
      const said = keys[i] as RowKey;
      const kept = (found.get(keyText(said)) ?? []).map((key) =>
        key.map((value, n) => foundBy(value, said[n] as Value, columnOf(entry, columns[n] as string).type)),
      );
      const [first, ...others] = kept;
      // Where both are there, it is the one that was said.
      if (first !== undefined && !others.some((key) => isExactly(key, said)))
        held[i] = isExactly(first, said) ? said : first;
    }
  }
  return held;
}

const MOST_TRIED = 8;

const isExactly = (one: RowKey, other: RowKey): boolean => one.every(({ value }, i) => value === other[i]?.value);

/** What a row may hold that shows the same, first what was said. */
function waysToKeep(key: RowKey, columns: readonly string[], entry: TableLookup): RowKey[] {
  const each = key.map((value, i): Value[] => {
    const { type } = columnOf(entry, columns[i] as string);
    const text = shownText(value);
    if (!type.loose || typeof text !== "string") return [value];
    if (isDateAndTime(type) && value.type.kind === type.kind) return [value];
    return [value, ...heldAs(text, type, value).filter((other) => other.value !== value.value)];
  });
  return combinations(each, MOST_TRIED);
}

/** As a row shows it; a text that is no JSON is a string of JSON. */
function shownText({ value, type }: Value): Value["value"] {
  if (Buffer.isBuffer(value)) return value.toString("base64");
  return type.kind === "json" && typeof value === "string" ? (unquoted(value) ?? value) : value;
}

const isMomentText = ({ type }: Column): boolean =>
  type.loose === true && isDateAndTime(type) && type.held === undefined;

/** May one of these columns keep what is shown in several ways: a moment's spelling, a geometry's reference system? */
export const mayBeSpelt = (columns: readonly string[], entry: TableLookup): boolean =>
  columns.some((name) => isMomentText(columnOf(entry, name)) || columnOf(entry, name).type.geometry !== undefined);

/**
 * Moments in keys that rows keep in another spelling than new ones are written in: `undefined` for a row that is not there, or has
 * that spelling. A new row would stand beside it.
 */
export async function otherSpellings(
  columns: readonly string[],
  keys: readonly RowKey[],
  entry: TableLookup,
  context: RequestContext,
): Promise<readonly (string | undefined)[]> {
  const at = columns.findIndex((name) => isMomentText(columnOf(entry, name)));
  const spellings: (string | undefined)[] = keys.map(() => undefined);
  if (at === -1) return spellings;
  for (const piece of inPieces(
    keys.map((_, i) => i),
    columns.length,
  )) {
    const found = await keptKeys(
      piece.map((i) => keys[i] as RowKey),
      columns,
      entry,
      context,
    );
    for (const i of piece) {
      const plain = String(keys[i]?.[at]?.value).replace("T", " ").replace(/Z$/, "");
      const kept = (found.get(keyText(keys[i] as RowKey)) ?? []).map((key) => String(key[at]?.value));
      if (kept.length > 0 && !kept.includes(plain)) spellings[i] = kept[0];
    }
  }
  return spellings;
}

/** By what they show. */
async function keptKeys(
  keys: readonly RowKey[],
  columns: readonly string[],
  entry: TableLookup,
  context: RequestContext,
): Promise<Map<string, RowKey[]>> {
  const values = new Values();
  const at = keys.map((key) => key.map((value) => values.add(value)));
  const order = columns.map((column) => ({ column, descending: false, nullsFirst: false }));
  const plan: ListPlan = {
    ...{ kind: "list", table: entry.table.id, order, positions: true, where: [anyKey(columns, at)] },
    select: columns.map((column) => ({ type: "column", field: fieldOf(columnOf(entry, column)), column })),
  };
  const { items, positions = [] } = await foundList({ plan, values: values.all }, keys.length, context);
  const found = new Map<string, RowKey[]>();
  for (const [i, row] of items.entries()) {
    const shown = keyText(valuesOf(row, columns, entry));
    const kept = columns.map((name) => valueAt(positions[i] as string, name, order, context.snapshot.dialect));
    found.set(shown, [...(found.get(shown) ?? []), kept]);
  }
  return found;
}
