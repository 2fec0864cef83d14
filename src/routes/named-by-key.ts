// A column called as another table's key is: `emp_no`, `hostid`, `manager_emp_no`, `shiptoaddressid`.
import { wordsOf } from "../base/naming.js";
import type { Column, Table } from "../schema/schema.js";
import { isOfElsewhere } from "./column-reading.js";
import { isSure, type KeyNamed, numbersKey } from "./key-names.js";
import type { Lead } from "./lead.js";
import type { TableNouns } from "./table-nouns.js";

/** The whole name, where the key says which table it is of, or the table numbers it itself: no other name is surer. */
export function bySureKey(column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  const named = nouns.byKey(column.name, table);
  if (named === undefined || named.table === table || (named.rank ?? 9) >= 3) return undefined;
  return isSure(named) || numbersKey(named.table) ? calledAsKeyOf(named) : undefined;
}

/** The whole name, or its end behind a role. */
export function byKeyName(column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  const exact = nouns.byKey(column.name, table);
  if (exact !== undefined && exact.table !== table) return calledAsKeyOf(exact);
  const words = wordsOf(column.name);
  for (let cut = 1; cut < words.length; cut++) {
    const named = nouns.byKey(words.slice(cut).join("_"), table);
    const owner = nouns.find(words.slice(cut, -1), table);
    // `answer_id`, the key of `answer_ranks`, where there are `answers`.
    if (owner !== undefined && owner !== named?.table) return undefined;
    if (named !== undefined && isOwnKey(named)) return endsAsKeyOf(named.table);
  }
  const glued = isOfElsewhere(words) ? undefined : nouns.byKeyBehind(words.at(-1) ?? "", table);
  return glued === undefined ? undefined : endsAsKeyOf(glued);
}

/** `product_id` of `rule_hit_products`, which does not number it, is likelier another table's. */
const isOwnKey = (named: KeyNamed): boolean => isSure(named) || (named.rank ?? 3) >= 3 || numbersKey(named.table);

const calledAsKeyOf = (named: KeyNamed): Lead => ({
  parent: named.table,
  how: `is called as the key of ${named.table.id} is`,
  whole: true,
  ...(!isSure(named) && { like: true }),
});

const endsAsKeyOf = (parent: Table): Lead => ({
  parent,
  how: `ends as the key of ${parent.id} is called`,
  whole: false,
});
