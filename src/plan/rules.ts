// A plan → the same for whoever asks: wherever it looks at rows of a table, only those that are there for them: not deleted, and such
// that the role's rule of that table holds.
// Every statement passes here, and each kind of plan has its line.
import type { Deleted } from "./deleted.js";
import type { Embed, ListPlan, Plan, ShownField } from "./plan.js";
import { isSpread } from "./spread.js";
import { type Condition, type CountOf, type Hop, isCountOf, type Sorting } from "./terms.js";
import type { LinkPlan } from "./write-plan.js";

/** What must hold of a table's rows; nothing for tables without a rule. */
export interface RowPolicies {
  /** Those that are there at all. `deleted`: of those that are marked as deleted, too. */
  seen(table: string, deleted?: Deleted): readonly Condition[];
  /** Those of them that may be changed. */
  changed(table: string): readonly Condition[];
}

export function withRowPolicies(plan: Plan, rules: RowPolicies): Plan {
  switch (plan.kind) {
    case "list":
      return ruledList(plan, rules);
    case "read": {
      const where = whereOf(plan, rules);
      return plan.select === undefined ? { ...plan, where } : { ...plan, where, select: shownBy(plan.select, rules) };
    }
    case "level":
      return { ...plan, embed: ruledEmbed(plan.embed, rules) };
    case "count": {
      const counted = { ...plan, where: whereOf(plan, rules) };
      const { groups } = plan;
      return groups === undefined
        ? counted
        : { ...counted, groups: { ...groups, select: shownBy(groups.select, rules) } };
    }
    case "estimate":
    case "exists":
      return { ...plan, where: whereOf(plan, rules) };
    case "update":
    case "update-each":
    case "delete":
      return { ...plan, where: whereOf({ ...plan, changing: true }, rules) };
    case "link":
      return ruledLink(plan, rules);
    // They look at no row: what they write is looked at afterwards.
    case "insert":
    case "default":
    case "number-step":
    case "last-number":
    // The row that it belongs to is looked for before.
    case "call":
      return plan;
  }
}

interface Looking {
  readonly table: string;
  readonly where: readonly Condition[];
  readonly changing?: boolean;
  readonly deleted?: Deleted;
}

const whereOf = ({ table, where, changing, deleted }: Looking, rules: RowPolicies): readonly Condition[] => [
  ...where.map((condition) => ruledCondition(condition, rules)),
  ...rules.seen(table, deleted),
  ...(changing ? rules.changed(table) : []),
];

function ruledList(plan: ListPlan, rules: RowPolicies): ListPlan {
  const { select, order } = plan;
  const where = whereOf(plan, rules);
  const list = { ...plan, where, order: order.map((sorting) => ruledSorting(sorting, rules)) };
  return select === undefined ? list : { ...list, select: shownBy(select, rules) };
}

const shownBy = (select: readonly ShownField[], rules: RowPolicies): ShownField[] =>
  select.map((shown) => ruledShown(shown.type === "embed" ? ruledEmbed(shown, rules) : shown, rules));

const ruledShown = (shown: ShownField, rules: RowPolicies): ShownField =>
  isSpread(shown) ? { ...shown, through: shown.through.map((hop) => ruledHop(hop, rules)) } : shown;

function ruledEmbed(embed: Embed, rules: RowPolicies): Embed {
  const list = ruledList(embed.list, rules);
  if (embed.join.via !== "link") return { ...embed, list };
  const links = rules.seen(embed.join.link);
  return links.length === 0 ? { ...embed, list } : { ...embed, list, links };
}

/** Rows that are looked at inside of it. */
export function ruledCondition(condition: Condition, rules: RowPolicies): Condition {
  switch (condition.type) {
    case "all":
    case "any":
    case "not":
      return { ...condition, where: condition.where.map((part) => ruledCondition(part, rules)) };
    case "within":
      return { ...condition, where: whereOf({ table: condition.table, where: condition.where }, rules) };
    case "after":
      return { ...condition, order: condition.order.map((sorting) => ruledSorting(sorting, rules)) };
    default:
      return onRuledCount(condition, rules);
  }
}

function onRuledCount<T extends Condition | Sorting>(one: T, rules: RowPolicies): T {
  if (!("column" in one) || !isCountOf(one.column)) return one;
  return { ...one, column: ruledCount(one.column, rules) };
}

/** Rows that are not there are not counted. */
function ruledCount(count: CountOf, rules: RowPolicies): CountOf {
  const where = rules.seen(count.countOf);
  const links = count.join.via === "link" ? rules.seen(count.join.link) : [];
  return { ...count, ...(where.length > 0 && { where }), ...(links.length > 0 && { links }) };
}

/** A row that is not there has nothing to sort by. */
function ruledSorting(whole: Sorting, rules: RowPolicies): Sorting {
  const sorting = onRuledCount(whole, rules);
  if (sorting.through === undefined) return sorting;
  return { ...sorting, through: sorting.through.map((hop) => ruledHop(hop, rules)) };
}

function ruledHop(hop: Hop, rules: RowPolicies): Hop {
  const where = whereOf({ table: hop.table, where: hop.where ?? [] }, rules);
  return where.length === 0 ? hop : { ...hop, where };
}

/** A link joins two rows that are both there. */
function ruledLink(plan: LinkPlan, rules: RowPolicies): LinkPlan {
  const [one, other] = plan.ends;
  return {
    ...plan,
    ends: [
      { ...one, where: whereOf(one, rules) },
      { ...other, where: whereOf(other, rules) },
    ],
  };
}
