// The row that a routine belongs to: it must be there, and be the caller's. It is locked for what may write.
import { keyColumns } from "../../plan/keys.js";
import { pathConditions, planPath } from "../../plan/path.js";
import type { Condition, ValueIndex } from "../../plan/terms.js";
import type { Values } from "../../plan/values.js";
import type { Route } from "../../routes/tree.js";
import type { RequestContext } from "../../run/context.js";
import { foundTexts } from "../../run/found-rows.js";
import { tableOf } from "../../schema/lookup.js";
import type { Routine } from "../../schema/routine.js";
import { notThere } from "../read/row.js";
import type { RoutineCall } from "./ready-call.js";

interface OwnRow {
  readonly table: string;
  readonly where: readonly Condition[];
  /** The key's first value. */
  readonly key: ValueIndex;
}

export async function ownRow(
  { route, params }: RoutineCall,
  { reads }: Routine,
  values: Values,
  context: RequestContext,
): Promise<OwnRow> {
  const { lookup } = context.snapshot;
  const [step] = route.steps;
  const table = step?.table ?? "";
  const place: Route = { ...route, method: "GET", operation: "read", relation: "root", table };
  const path = planPath(place, params, context.snapshot, values);
  const where = pathConditions(place, path, lookup);
  const select = keyColumns(tableOf(lookup, table));
  const plan = { kind: "read", table, select, where, ...(reads ? {} : { lock: true }) } as const;
  const [row] = await foundTexts({ plan, values: values.all }, context);
  if (row === undefined) throw await notThere(place, path, values.all, context);
  return { table, where, key: path.keys[0]?.[0] ?? 0 };
}
