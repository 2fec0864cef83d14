// How many rows a list has, its slice aside.
import type { ListPlan, Value } from "../plan/plan.js";
import type { Page, Turned } from "./page.js";
import { run, type World } from "./world.js";

/** The page itself tells where it is the list's last one. */
export async function totalOf(
  list: ListPlan,
  { start, offset, limit }: Page,
  { items, more }: Turned,
  values: readonly Value[],
  world: World,
): Promise<string> {
  const counted = start === undefined && !more && (items.length > 0 || (offset === 0 && limit > 0));
  return counted ? String(offset + items.length) : count(list, values, world);
}

async function count(
  { table, where, select = [], having }: ListPlan,
  values: readonly Value[],
  world: World,
): Promise<string> {
  const groups = having === undefined ? {} : { groups: { select, having } };
  const { rows } = await run({ plan: { kind: "count", table, where, ...groups }, values }, world);
  return String(rows[0]?.[0]);
}
