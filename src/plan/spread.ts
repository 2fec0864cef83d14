// `...album(title)` → the related row's fields, as fields of the row itself.
import { excerpt } from "../base/suggest.js";
import { type HttpError, problem } from "../http/problem.js";
import type { AnyRelation } from "../routes/tree.js";
import { type Lookup, type TableLookup, tableOf } from "../schema/lookup.js";
import { toOther } from "./has-related.js";
import type { ShownField, SpreadShown } from "./plan.js";
import type { Condition, Hop } from "./terms.js";

/** Each is looked up by itself. */
const MOST_FIELDS = 100;

/** `where` is what must hold of the related row. */
export function spread(
  relation: AnyRelation,
  fields: readonly ShownField[],
  where: readonly Condition[],
): SpreadShown[] {
  const hop = hopTo(relation, where);
  return fields.map((field) => {
    if (field.type === "aggregate") throw new Error(`${field.field} is of groups, and not of one row`);
    return { ...field, through: [hop, ...(field.through ?? [])] };
  });
}

function hopTo(relation: AnyRelation, where: readonly Condition[]): Hop {
  const { name, table, join } = relation;
  if (join.via === "link") throw spreadsMany(relation);
  if (join.via === "call")
    throw refusal(
      name,
      `is what a function answers, and rows of tables are spread. As an object it is ${excerpt(name)}(…)`,
    );
  return { table, ...toOther(join), ...(where.length > 0 && { where }) };
}

export const spreadsMany = ({ name }: AnyRelation): HttpError =>
  refusal(name, `leads to many rows, and one row's fields are spread. As a list it is ${excerpt(name)}(…)`);

const refusal = (name: string, why: string): HttpError =>
  problem("malformed_query", `...${excerpt(name)}: '${excerpt(name)}' ${why}.`);

/** Throws 400 `too_complex`. */
export function requireFewSpread(fields: readonly ShownField[]): void {
  if (fields.filter(isSpread).length <= MOST_FIELDS) return;
  throw problem(
    "too_complex",
    `Relations spread into a row show at most ${MOST_FIELDS} fields together: name those that you need.`,
  );
}

export const isSpread = (field: ShownField): field is SpreadShown =>
  field.type !== "aggregate" && field.through !== undefined;

/** The table whose row has the field. */
export function entryShown(field: ShownField, entry: TableLookup, lookup: Lookup): TableLookup {
  const last = isSpread(field) ? field.through.at(-1) : undefined;
  return last === undefined ? entry : tableOf(lookup, last.table);
}
