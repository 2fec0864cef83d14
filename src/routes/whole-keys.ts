// A column that leads to a table whose key has several columns → the columns that hold the whole key: `(tenant_id, order_id)`, `(way_id, version)`.
import { wordsOf } from "../base/naming.js";
import type { Column, Table } from "../schema/schema.js";
import { disagreement } from "./agreement.js";
import { readingOf } from "./column-reading.js";
import { nounIn } from "./lead.js";
import type { TableNouns } from "./table-nouns.js";

/**
 * In the key's order; nothing where one of them is missing. The others are called as in the key, and `id` is the column that leads there. One that
 * is no key itself (`version`) is the parent's only in what is called after it: `way_nodes.version` is the way's, not the node's.
 */
export function wholeKeyIn(
  table: Table,
  column: Column,
  parent: Table,
  nouns: TableNouns,
): readonly string[] | undefined {
  if (parent === table || parent.primaryKey.length < 2) return undefined;
  const own = parent.primaryKey.find((name) => name === column.name) ?? parent.primaryKey.find(isPlain);
  if (own === undefined) return undefined;
  const isPart = startsWith(nounIn(table, nouns), nounIn(parent, nouns));
  if (!isPart && parent.primaryKey.some((name) => name !== own && readingOf(name)?.form !== "id")) return undefined;
  const found = parent.primaryKey.map((name) => {
    const holder = name === own ? column : table.columns.find((one) => one.name === name);
    const key = parent.columns.find((one) => one.name === name);
    return holder && key && !holder.elsewhere && disagreement(holder, key) === undefined ? holder.name : undefined;
  });
  const columns = found.filter((name) => name !== undefined);
  return columns.length === found.length ? columns : undefined;
}

const startsWith = (words: readonly string[], start: readonly string[]): boolean =>
  start.every((word, i) => word === words[i]);

const isPlain = (name: string): boolean => wordsOf(name).join("_") === "id";
