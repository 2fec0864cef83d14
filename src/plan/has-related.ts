// A relation and conditions → the condition that there is such a related row.
import type { AnyRelation, NamedRelation } from "../routes/tree.js";
import type { Condition } from "./terms.js";

/** There is a related row that meets the conditions. */
export function related({ table, join }: AnyRelation, where: readonly Condition[]): Condition {
  if (join.via === "call")
    return { type: "within", call: join.routine, columns: [], table, select: [], where, exists: true };
  if (join.via !== "link") {
    const { columns, references } = toOther(join);
    return { type: "within", columns, table, select: references, where, exists: true };
  }
  const { near, far } = join;
  const end: Condition = { type: "within", columns: far.columns, table, select: far.references, where, exists: true };
  return {
    type: "within",
    columns: near.references,
    table: join.link,
    select: near.columns,
    where: [end],
    exists: true,
  };
}

/** A foreign key from whichever side: columns here, and those of the other table that equal them. */
export const toOther = ({ via, columns, references }: Exclude<NamedRelation["join"], { via: "link" }>) =>
  via === "child" ? { columns: references, references: columns } : { columns, references };
