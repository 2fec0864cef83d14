// How many related rows there are → a subquery, asked of each row.

import { WHOLE } from "../plan/related-count.js";
import type { CountOf } from "../plan/terms.js";
import { tableOf } from "../schema/lookup.js";
import { joined, joinedRows } from "./joined.js";
import type { Written } from "./operand.js";
import { outermost, type WriteAll } from "./related.js";
import type { Writer } from "./writer.js";

export function relatedCount(writer: Writer, count: CountOf, outer: string, writeAll: WriteAll): Written {
  const { countOf, where = [] } = count;
  const target = tableOf(writer.lookup, countOf);
  const alias = writer.alias();
  const own = `${alias}.`;
  const kept = where.length === 0 ? [] : [writeAll(writer, where, target, own, outermost)];
  const all = [...joined(writer, count, own, outer, writeAll), ...kept];
  const rows = joinedRows(writer, count.join, target, alias, outer);
  const expression = `(SELECT count(*) FROM ${rows}${all.length === 0 ? "" : ` WHERE ${all.join(" AND ")}`})`;
  return { expression, type: WHOLE, nullable: false };
}
