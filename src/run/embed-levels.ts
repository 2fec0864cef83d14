// Where a row's JSON comes with gaps, the lists for them are asked for level by level: one statement for all rows of a level. What
// stands in many places is made once: the answer's size is counted before it is put together.
import type { LevelPlan, Planned } from "../plan/plan.js";
import type { Value } from "../plan/terms.js";
import { Values } from "../plan/values.js";
import { type Lookup, tableOf } from "../schema/lookup.js";
import type { EmbedSlot, RowShape } from "../sql/embed.js";
import type { AnswerSize } from "./answer-size.js";
import { valuesOf } from "./row-address.js";

/** Rows of a statement, and the pieces of each that `shape` names. */
export interface Level {
  readonly rows: readonly (readonly unknown[])[];
  readonly shape: RowShape;
}

/** What the rows of all levels have in common. */
export interface Filling {
  readonly values: readonly Value[];
  readonly lookup: Lookup;
  readonly size: AnswerSize;
  /** Runs the statement for one gap: the key that each row belongs to, and the row's pieces. */
  ask(planned: Planned<LevelPlan>): Promise<Level>;
}

/** JSON of a row or of a list, and how many rows are in it, on all levels. */
interface Made {
  readonly text: string;
  readonly rows: number;
}

/** One statement takes this many keys. */
const MOST = 1024;

/** The rows' JSON, whole. What was found is part of the answer once or more often: it is refused here where it is too much. */
export async function fillEmbeds({ rows, shape }: Level, filling: Filling): Promise<Made[]> {
  const lists = new Map<EmbedSlot, ReadonlyMap<string, Made>>();
  for (const part of shape) {
    if (typeof part === "number") continue;
    const keys = new Set(rows.map((row) => row[part.column]).filter((key): key is string => typeof key === "string"));
    lists.set(part, await listsFor(part, [...keys], filling));
  }
  const total = { rows: 0, length: 0 };
  return rows.map((row) => {
    const made = filled(row, shape, lists);
    total.rows += made.rows;
    total.length += made.text.length;
    filling.size.require(total.rows, total.length);
    return made;
  });
}

/** Texts are not copied here, as they are by `join`: the same one may stand in any number of rows. */
function filled(
  row: readonly unknown[],
  shape: RowShape,
  lists: ReadonlyMap<EmbedSlot, ReadonlyMap<string, Made>>,
): Made {
  let text = "";
  let rows = 1;
  for (const part of shape) {
    text += text === "" ? "{" : ",";
    if (typeof part === "number") text += (row[part] as string).slice(1, -1);
    else {
      const list = lists.get(part)?.get(row[part.column] as string);
      rows += list?.rows ?? 0;
      text += `${JSON.stringify(part.embed.field)}:${list?.text ?? (part.embed.many ? "[]" : "null")}`;
    }
  }
  return { text: `${text}}`, rows };
}

async function listsFor(gap: EmbedSlot, keys: readonly string[], filling: Filling): Promise<Map<string, Made>> {
  const { embed, table, key } = gap;
  const entry = tableOf(filling.lookup, table);
  const lists = new Map<string, Made[]>();
  let count = 0;
  for (let at = 0; at < keys.length; at += MOST) {
    const values = new Values(filling.values);
    const positions = padded(keys.slice(at, at + MOST)).map((text) =>
      valuesOf(text, key, entry).map((value) => values.add(value)),
    );
    const found = await filling.ask({
      plan: { kind: "level", table, key, keys: positions, embed },
      values: values.all,
    });
    count += found.rows.length;
    filling.size.require(count, 0);
    const made = await fillEmbeds(found, filling);
    for (const [i, row] of found.rows.entries()) {
      const list = lists.get(row[0] as string);
      if (list === undefined) lists.set(row[0] as string, [made[i] as Made]);
      else list.push(made[i] as Made);
    }
  }
  return new Map([...lists].map(([of, list]) => [of, listed(list, gap)]));
}

const listed = (list: readonly Made[], { embed }: EmbedSlot): Made =>
  embed.many
    ? { text: `[${list.map(({ text }) => text).join(",")}]`, rows: list.reduce((sum, { rows }) => sum + rows, 0) }
    : (list[0] as Made);

/** To the next power of two, by repeating the last: a few shapes of statement serve any number of rows. */
function padded(keys: readonly string[]): string[] {
  const length = 2 ** Math.ceil(Math.log2(keys.length));
  return Array.from({ length }, (_, i) => keys[Math.min(i, keys.length - 1)] as string);
}
