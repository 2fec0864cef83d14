// Links whose two foreign keys share a column (a tenant's): it is written once, and two rows that differ in it cannot be linked.
import { problem } from "../../http/problem.js";
import type { RequestContext } from "../../run/context.js";
import { columnOf, tableOf } from "../../schema/lookup.js";
import { fieldOf } from "../../schema/schema.js";
import type { LinkJoin } from "./role-columns.js";

export const sharedColumns = ({ near, far }: Pick<LinkJoin, "near" | "far">): readonly string[] =>
  near.columns.filter((name) => far.columns.includes(name));

/** 409 for ends that do not agree. */
export function differingEnds(join: LinkJoin, { snapshot: { lookup } }: RequestContext) {
  const link = tableOf(lookup, join.link);
  const fields = sharedColumns(join).map((name) => fieldOf(columnOf(link, name)));
  return problem(
    "foreign_key_violation",
    `A link holds one ${fields.join(", ")} for both of its rows, and these differ in it: they cannot be linked.`,
    { errors: fields.map((field) => ({ field, message: "is not the same in both rows" })) },
  );
}
