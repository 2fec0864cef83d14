// Many rows, each set to values of its own → one UPDATE.
import { anyKey } from "../plan/keys.js";
import type { UpdateEachPlan } from "../plan/write-plan.js";
import type { TableLookup } from "../schema/lookup.js";
import { allConditions, whereOf } from "./expression.js";
import { changedExpression } from "./write.js";
import type { Writer } from "./writer.js";

export function updateEachText(writer: Writer, { set, rows, where }: UpdateEachPlan, entry: TableLookup): string {
  const { primaryKey } = entry.table;
  const width = primaryKey.length + set.length;
  const keys = Array.from({ length: rows }, (_, row) => primaryKey.map((_, i) => row * width + i));
  const isRow = (key: readonly number[]) =>
    allConditions(writer, [anyKey(primaryKey, [key])], entry, writer.qualifier(entry.table));
  const assignments = set.map(({ column, increment }, i) => {
    const name = writer.dialect.quote(column);
    const cases = keys.map((key, row) => {
      const value = row * width + primaryKey.length + i;
      return `WHEN ${isRow(key)} THEN ${changedExpression(writer, { column, value, ...(increment && { increment }) }, entry)}`;
    });
    // The column itself gives CASE its type, which bare placeholders take over (PostgreSQL's manual, «UNION, CASE, and Related Constructs»).
    return `${name} = CASE ${cases.join(" ")} ELSE ${name} END`;
  });
  const head = `UPDATE ${writer.name(entry.table)} SET ${assignments.join(", ")}`;
  return `${head}${whereOf(writer, [anyKey(primaryKey, keys), ...where], entry)}`;
}
