// How many related rows may be made for one row within its own SELECT, which cannot be broken off there. In: what the row shows.
// Out: how many rows each list in it has at the most, where they would be too many together.
import type { ListPlan, ShownField } from "../plan/plan.js";
import { isOneGroup } from "./group.js";

/** What a list without a limit is taken for. */
export const UNLIMITED = 1_000;

/** Nothing where the lists' own limits are enough. */
export function mostOfEachList(select: readonly ShownField[] = [], most: number): number | undefined {
  if (rowsWithin(select, UNLIMITED * UNLIMITED) <= most) return undefined;
  let each = 512;
  while (each > 1 && rowsWithin(select, each) > most) each /= 2;
  return each;
}

const rowsWithin = (select: readonly ShownField[], each: number): number =>
  select.reduce((sum, shown) => (shown.type === "embed" ? sum + rowsOf(shown.many, shown.list, each) : sum), 0);

function rowsOf(many: boolean, list: ListPlan, each: number): number {
  const rows = many && !isOneGroup(list) ? Math.min(list.limit ?? UNLIMITED, each) : 1;
  return rows * (1 + rowsWithin(list.select ?? [], each));
}
