// Where a row's JSON comes with gaps, the lists for them are asked for level by level: one statement for all rows of a level.
import type { LevelPlan, Planned, Value } from "../plan/plan.js";
import { Values } from "../plan/values.js";
import { type Lookup, tableOf } from "../schema/lookup.js";
import type { EmbedSlot, RowShape } from "../sql/embed.js";
import { valuesOf } from "./row-address.js";

/** Runs the statement for one gap: rows of the key they belong to, and the pieces that `shape` names. */
export type AskLevel = (planned: Planned<LevelPlan>) => Promise<{ rows: Rows; shape: RowShape }>;

type Rows = readonly (readonly unknown[])[];

/** One statement takes this many keys. */
const MOST = 1024;

/** The rows' JSON texts, whole. */
export async function fillEmbeds(
  rows: Rows,
  shape: RowShape,
  values: readonly Value[],
  lookup: Lookup,
  ask: AskLevel,
): Promise<string[]> {
  const lists = new Map<EmbedSlot, ReadonlyMap<string, readonly string[]>>();
  for (const part of shape) {
    if (typeof part === "number") continue;
    const keys = new Set(rows.map((row) => row[part.column] as string));
    lists.set(part, await listsFor(part, [...keys], values, lookup, ask));
  }
  const field = (gap: EmbedSlot, row: readonly unknown[]) => {
    const found = lists.get(gap)?.get(row[gap.column] as string) ?? [];
    return `${JSON.stringify(gap.embed.field)}:${gap.embed.many ? `[${found.join(",")}]` : (found[0] ?? "null")}`;
  };
  return rows.map((row) => {
    const parts = shape.map((part) =>
      typeof part === "number" ? (row[part] as string).slice(1, -1) : field(part, row),
    );
    return `{${parts.join(",")}}`;
  });
}

async function listsFor(
  { embed, table, key }: EmbedSlot,
  keys: readonly string[],
  values: readonly Value[],
  lookup: Lookup,
  ask: AskLevel,
): Promise<Map<string, string[]>> {
  const entry = tableOf(lookup, table);
  const lists = new Map<string, string[]>();
  for (let at = 0; at < keys.length; at += MOST) {
    const all = new Values(values);
    const positions = padded(keys.slice(at, at + MOST)).map((text) =>
      valuesOf(text, key, entry).map((value) => all.add(value)),
    );
    const found = await ask({ plan: { kind: "level", table, key, keys: positions, embed }, values: all.all });
    const texts = await fillEmbeds(found.rows, found.shape, values, lookup, ask);
    for (const [i, row] of found.rows.entries()) {
      const list = lists.get(row[0] as string);
      if (list === undefined) lists.set(row[0] as string, [texts[i] as string]);
      else list.push(texts[i] as string);
    }
  }
  return lists;
}

/** To the next power of two, by repeating the last: a few shapes of statement serve any number of rows. */
function padded(keys: readonly string[]): string[] {
  const length = 2 ** Math.ceil(Math.log2(keys.length));
  return Array.from({ length }, (_, i) => keys[Math.min(i, keys.length - 1)] as string);
}
