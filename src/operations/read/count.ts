// How many rows a list has, its slice aside.
import type { CountPlan, ListPlan, Planned } from "../../plan/plan.js";
import { type Condition, isCountOf, type Value } from "../../plan/terms.js";
import type { Query } from "../../request/query.js";
import type { RequestContext } from "../../run/context.js";
import { run } from "../../run/execute.js";
import { type Lookup, tableOf } from "../../schema/lookup.js";
import type { Page, PageRows } from "./page.js";

interface CountedPage {
  readonly query: Pick<Query, "count">;
  /** The whole list. */
  readonly plan: ListPlan;
  readonly page: Page;
  readonly values: readonly Value[];
}

/** The page itself tells where it is the list's last one. */
export async function totalOf(
  { query: { count }, plan: list, page: { start, offset, limit }, values }: CountedPage,
  { items, more }: PageRows,
  context: RequestContext,
): Promise<number> {
  const all = start === undefined && !more && limit > 0;
  if (all && (items.length > 0 || offset === 0)) return offset + items.length;
  if (count === "exact" || list.having !== undefined) return withTotal(list, values, context);
  const total = await estimated(list, values, context);
  // What the page shows is certain: rows up to its last, or none behind its beginning.
  if (items.length > 0) return Math.max(total, offset + items.length);
  return all ? Math.min(total, offset) : total;
}

export function withTotal(
  { table, from, where, deleted, select = [], having }: ListPlan,
  values: readonly Value[],
  context: RequestContext,
) {
  const groups = having === undefined ? {} : { groups: { select, having } };
  const plan: CountPlan = {
    kind: "count",
    table,
    ...(deleted && { deleted }),
    ...(from && { from }),
    where,
    ...groups,
  };
  return numberOf({ plan, values }, context);
}

/** Few rows are counted; of more the statistics tell, where the database has such. */
async function estimated(list: ListPlan, values: readonly Value[], context: RequestContext): Promise<number> {
  const { table, where, deleted } = list;
  const { estimate } = context.snapshot.dialect;
  const entry = tableOf(context.snapshot.lookup, table);
  const { name, kind } = entry.table;
  const all = where.length === 0 && entry.deleted === undefined;
  const counts = { table, ...(deleted && { deleted }), where };
  // Statistics are of all rows, also of those that are not there for whoever asks.
  const known =
    list.from === undefined &&
    !isRuled(list, context) &&
    estimate !== undefined &&
    (estimate.filtered || all) &&
    (estimate.views || kind === "table");
  if (!known) return withTotal(list, values, context);
  const few = context.snapshot.limits.maxLimit;
  const count = await numberOf({ plan: { kind: "count", ...counts, most: few + 1 }, values }, context);
  if (count <= few) return count;
  const { rows } = await run({ plan: { kind: "estimate", ...counts }, values }, context);
  const told = estimate.rows(rows, name);
  return told === undefined ? withTotal(list, values, context) : Math.max(told, count);
}

/** Has the table a rule, or one that its conditions lead to? */
const isRuled = (
  { table, where }: Pick<ListPlan, "table" | "where">,
  { snapshot: { lookup } }: RequestContext,
): boolean => tableOf(lookup, table).hasPolicy || where.some((condition) => leadsToRuled(condition, lookup));

const leadsToRuled = (condition: Condition, lookup: Lookup): boolean =>
  tablesOf(condition).some((table) => tableOf(lookup, table).hasPolicy) ||
  ("where" in condition && condition.where.some((inner) => leadsToRuled(inner, lookup)));

/** Those that it leads to by itself. */
function tablesOf(condition: Condition): string[] {
  if (condition.type === "within") return [condition.table];
  if (!("column" in condition) || !isCountOf(condition.column)) return [];
  const { countOf, join } = condition.column;
  return join.via === "link" ? [countOf, join.link] : [countOf];
}

async function numberOf(planned: Planned<CountPlan>, context: RequestContext): Promise<number> {
  const { rows } = await run(planned, context);
  return Number(rows[0]?.[0]);
}
