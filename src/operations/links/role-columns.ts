// What a role sets in a link table. Of a link's two ends the address says which rows they are: what is set there is a condition.

import { equals } from "../../plan/path.js";
import type { Condition } from "../../plan/terms.js";
import { fromBody } from "../../plan/value.js";
import type { Values } from "../../plan/values.js";
import type { LinkEndPlan } from "../../plan/write-plan.js";
import type { Body } from "../../request/body.js";
import type { Join } from "../../routes/tree.js";
import type { RequestContext } from "../../run/context.js";
import { columnOf, tableOf } from "../../schema/lookup.js";
import { type ColumnType, fieldOf } from "../../schema/schema.js";

export type LinkJoin = Extract<Join, { via: "link" }>;
export type Ends = readonly [LinkEndPlan, LinkEndPlan];

/** `body` holds what is set already. The same ends where nothing is set of them. */
export function settledEnds(
  body: Body,
  ends: Ends,
  join: LinkJoin,
  values: Values,
  context: RequestContext,
): { readonly further: Body; readonly ends: Ends } {
  const set = context.access?.settings(join.link);
  if (set === undefined) return { further: body, ends };
  const link = tableOf(context.snapshot.lookup, join.link);
  const further: Record<string, unknown> = { ...body };
  const settled = ends.map((end, i): LinkEndPlan => {
    const target = tableOf(context.snapshot.lookup, end.table);
    const { columns, references } = i === 0 ? join.near : join.far;
    const where = columns.flatMap((name, at): Condition[] => {
      const field = fieldOf(columnOf(link, name));
      if (!Object.hasOwn(set, field)) return [];
      delete further[field];
      const column = columnOf(target, references[at] as string);
      return sameAs(set[field], column.name, column.type, values);
    });
    return where.length === 0 ? end : { ...end, where: [...end.where, ...where] };
  });
  const [one, other] = settled as unknown as Ends;
  return { further, ends: one === ends[0] && other === ends[1] ? ends : [one, other] };
}

function sameAs(value: unknown, column: string, type: ColumnType, values: Values): Condition[] {
  const typed = fromBody(value, type);
  return typed.ok ? equals([column], [values.add({ value: typed.value, type })]) : [{ type: "never" }];
}
