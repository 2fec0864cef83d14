// `select=-body` → every other column. In: what is selected. Out: the same, where each column that is left stands by its name.
import { excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import type { SelectItem } from "../request/select.js";
import type { TableLookup } from "../schema/lookup.js";
import { fieldOf } from "../schema/schema.js";
import { columnNamed } from "./column-names.js";

/** Throws 400. `others` are words that may have been meant as well. */
export function withColumnsLeft(
  items: readonly SelectItem[],
  entry: TableLookup,
  others: Iterable<string>,
): readonly SelectItem[] {
  const left = namesLeftOut(items, entry, others);
  if (left.size === 0) return items;
  requireUnsaid(items, left);
  const columns = entry.defaultFields.map(fieldOf).filter((name) => !left.has(name));
  if (columns.length === 0)
    throw problem("malformed_query", `select leaves out every column of ${entry.label}: name what it shows instead.`);
  const first = items.findIndex(isMany);
  return items.flatMap((item, at): readonly SelectItem[] => {
    if (!isMany(item)) return [item];
    return at === first ? columns.map((name) => ({ type: "column", name })) : [];
  });
}

function namesLeftOut(items: readonly SelectItem[], entry: TableLookup, others: Iterable<string>): Set<string> {
  const names = items.flatMap((item) => (item.type === "without" ? [item.name] : []));
  return new Set(names.map((name) => fieldOf(columnNamed(name, entry, others))));
}

/** It stands for several columns. */
const isMany = ({ type }: SelectItem): boolean => type === "all" || type === "without";

function requireUnsaid(items: readonly SelectItem[], left: ReadonlySet<string>): void {
  const both = items.find((item) => item.type === "column" && item.alias === undefined && left.has(item.name));
  if (both?.type !== "column") return;
  const name = excerpt(both.name);
  throw problem("malformed_query", `select names '${name}' and leaves it out: take '${name}' or '-${name}' away.`);
}
