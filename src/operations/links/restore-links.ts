// Links that are marked as deleted and asked for again: they are there once more, with what is said of them now.

import type { Value } from "../../plan/terms.js";
import type { UpdatePlan } from "../../plan/write-plan.js";
import type { RequestContext } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { notDeleted } from "../../run/stamps.js";
import { tableOf } from "../../schema/lookup.js";

/** Was there such a link? */
export async function restoreLinks(
  { table, where, set }: Pick<UpdatePlan, "table" | "where" | "set">,
  values: readonly Value[],
  context: RequestContext,
): Promise<boolean> {
  const { deleted } = tableOf(context.snapshot.lookup, table);
  if (deleted === undefined) return false;
  const undone = { column: deleted.name, value: values.length };
  const of = { table, where, deleted: "only", unanswered: true } as const;
  const plan: UpdatePlan = { kind: "update", ...of, set: [...set, undone] };
  const { affected } = await run({ plan, values: [...values, notDeleted(deleted)] }, context);
  return affected > 0;
}
