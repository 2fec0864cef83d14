// The related rows that groups are made by → joins. No database groups by subqueries as it groups by columns. Each leads to one row at most.
import type { ShownField } from "../plan/plan.js";
import { isSpread } from "../plan/spread.js";
import type { TableLookup } from "../schema/lookup.js";
import { allConditions } from "./expression.js";
import { reached } from "./reached.js";
import type { Writer } from "./writer.js";

/** ` LEFT JOIN …`, or nothing; from then on the writer knows the rows that the relations lead to. */
export function groupJoins(
  writer: Writer,
  select: readonly ShownField[] | undefined,
  entry: TableLookup,
  qualifier: string,
): string {
  let text = "";
  for (const { through } of (select ?? []).filter(isSpread))
    for (let steps = 1; steps <= through.length; steps++) {
      const hops = through.slice(0, steps);
      if (writer.joinedRow(qualifier, hops) !== undefined) continue;
      const before = writer.joinedRow(qualifier, hops.slice(0, -1)) ?? { entry, qualifier };
      const row = reached(writer, hops.slice(-1), before, allConditions);
      writer.joinRow(qualifier, hops, row);
      text += ` LEFT JOIN ${row.tables.join("")} ON ${row.where.join(" AND ")}`;
    }
  return text;
}
