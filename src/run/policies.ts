// What of each table's rows is there for whoever asks: those that are not deleted, and those for which a role's rule holds.
import { thereAre } from "../plan/deleted.js";
import { type RowPolicies, ruledCondition } from "../plan/rules.js";
import type { Condition } from "../plan/terms.js";
import type { Lookup } from "../schema/lookup.js";

/** A role's rules as conditions, by table. */
export type RulesByTable = ReadonlyMap<
  string,
  { readonly seen: readonly Condition[]; readonly changed: readonly Condition[] }
>;

const NONE: RulesByTable = new Map();

export const deletesSoftly = (lookup: Lookup): boolean =>
  [...lookup.values()].some(({ deleted }) => deleted !== undefined);

/** Nothing where every row is there for everybody. */
export function policiesOf(lookup: Lookup, rules = NONE): RowPolicies | undefined {
  if (rules.size === 0 && !deletesSoftly(lookup)) return undefined;
  return {
    seen: (table, deleted) => [...thereAre(lookup.get(table)?.deleted, deleted), ...(rules.get(table)?.seen ?? [])],
    changed: (table) => rules.get(table)?.changed ?? [],
  };
}

/** A rule that leads through other tables finds no deleted rows there: a membership that is taken away gives no right any more. */
export function withoutDeleted(conditions: readonly Condition[], lookup: Lookup): readonly Condition[] {
  const policies = policiesOf(lookup);
  return policies === undefined ? conditions : conditions.map((condition) => ruledCondition(condition, policies));
}
