// How many other tables a statement's filters and sorting columns lead to. In: plans. Out: a 400 where they are too many: each of
// them may cost as much as reading the whole table.
import { problem } from "../http/problem.js";
import type { ShownField } from "./plan.js";
import { isSpread } from "./spread.js";
import { type Condition, isCountOf, type Operand, type Sorting } from "./terms.js";

interface Joining {
  readonly select?: readonly ShownField[];
  readonly where: readonly Condition[];
  readonly order?: readonly Sorting[];
}

/** Throws 400. `where` is what was asked for: a path's own steps are not counted. */
export function requireFewJoins(plan: Joining, most: number): void {
  const joins = joinsOf(plan);
  if (joins <= most) return;
  throw problem(
    "too_complex",
    `Filters and sorting columns lead to at most ${most} other tables in one request, and these lead to ${joins}: each relation in a name is one, and an N-to-N two. ` +
      "Ask for less: fewer filters on relations, or an in: in the place of several.",
  );
}

function joinsOf({ select = [], where, order = [] }: Joining): number {
  const shown = select.reduce((sum, one) => sum + shownJoins(one), 0);
  return shown + conditionJoins(where) + sortingJoins(order);
}

/** What a row shows of others is counted by `maxEmbeds`: here it is their filters alone. */
function shownJoins(shown: ShownField): number {
  const listed = shown.type === "embed" ? joinsOf(shown.list) : 0;
  const hops = isSpread(shown) ? shown.through : [];
  return listed + hops.reduce((sum, { where = [] }) => sum + conditionJoins(where), 0);
}

const conditionJoins = (conditions: readonly Condition[]): number =>
  conditions.reduce((sum, condition) => {
    if (!("where" in condition)) return sum + ("column" in condition ? countJoins(condition.column) : 0);
    const own = condition.type === "within" && condition.exists ? 1 : 0;
    return sum + own + conditionJoins(condition.where);
  }, 0);

/** Each column is looked up by itself. */
const sortingJoins = (order: readonly Sorting[]): number =>
  order.reduce((sum, { column, through = [] }) => sum + through.length + countJoins(column), 0);

function countJoins(operand: Operand): number {
  if (!isCountOf(operand)) return 0;
  return operand.join.via === "link" ? 2 : 1;
}
