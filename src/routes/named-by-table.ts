// Columns whose name says only how a row is referred to, and whose table's name says what it refers to.
import { wordsOf } from "../base/naming.js";
import type { Table } from "../schema/schema.js";
import type { TableNouns } from "./table-nouns.js";

/** Words of a table that links rows of another one among themselves. */
const linking: ReadonlySet<string> = new Set(
  "link links relation relations relationship relationships connection connections dependency dependencies edge edges".split(
    " ",
  ),
);

export const isLinking = (word: string): boolean => linking.has(word);

/** The two ends, each with its other one. */
const otherEnd: ReadonlyMap<string, string> = new Map(
  ["source target", "from to", "origin destination", "predecessor successor", "subject object", "parent child"].flatMap(
    (pair) => {
      const [one = "", other = ""] = pair.split(" ");
      return [
        [one, other],
        [other, one],
      ] as const;
    },
  ),
);

/**
 * `issue_links(source_id, target_id)`: both are issues. `node__body.entity_id`: what stands before two underscores. Nothing where another
 * table is called so, which is asked before.
 */
export function namedByTable(stem: readonly string[], table: Table, nouns: TableNouns): Table | undefined {
  const [word = ""] = stem;
  if (stem.length !== 1) return undefined;
  if (word === "entity") {
    const [owner = "", ...more] = table.name.split("__");
    return more.length === 0 || owner === "" ? undefined : found(wordsOf(owner), table, nouns);
  }
  const core = nouns.coreOf(table);
  const other = otherEnd.get(word);
  if (other === undefined || core.length < 2 || !linking.has(core.at(-1) as string)) return undefined;
  const isBothEnds = table.columns.some(({ name }) => wordsOf(name).join("_") === `${other}_id`);
  return isBothEnds ? found(core.slice(0, -1), table, nouns) : undefined;
}

function found(noun: readonly string[], table: Table, nouns: TableNouns): Table | undefined {
  const parent = nouns.find(noun, table) ?? nouns.findLike(noun, table);
  return parent === table ? undefined : parent;
}
