// Conditions on the same related rows → one of them. In: conditions that all hold, or of which any does. Out: the same in fewer joins.
import { type Lookup, tableOf } from "../schema/lookup.js";
import type { Condition } from "./terms.js";

type Within = Extract<Condition, { type: "within" }>;

/** All hold: where the relation leads to one row, that row meets all of them. Of several rows each may be met by another. */
export const mergeAll = (conditions: readonly Condition[], lookup: Lookup): Condition[] =>
  merged(
    conditions,
    (one) => leadsToOne(one, lookup),
    (groups) => mergeAll(groups.flat(), lookup),
  );

/** Any holds: there is a row that meets one of them. */
export const mergeAny = (conditions: readonly Condition[]): Condition[] =>
  merged(
    conditions,
    () => true,
    (groups) => {
      const where = mergeAny(
        groups.map((group) => (group.length === 1 ? (group[0] as Condition) : { type: "all", where: group })),
      );
      return where.length === 1 ? where : [{ type: "any", where }];
    },
  );

/** The first of those that are merged stands for all of them. */
function merged(
  conditions: readonly Condition[],
  mergeable: (one: Within) => boolean,
  together: (groups: readonly (readonly Condition[])[]) => readonly Condition[],
): Condition[] {
  if (conditions.length < 2) return [...conditions];
  const groups = new Map<string | Condition, Within[]>();
  const kept = new Map<string | Condition, Condition>();
  for (const one of conditions) {
    const relation = one.type === "within" && one.exists && mergeable(one) ? relationOf(one) : one;
    kept.set(relation, kept.get(relation) ?? one);
    if (typeof relation === "string") groups.set(relation, [...(groups.get(relation) ?? []), one as Within]);
  }
  return [...kept].map(([relation, first]) => {
    const same = groups.get(relation) ?? [];
    return same.length < 2 ? first : { ...(first as Within), where: together(same.map(({ where }) => where)) };
  });
}

const relationOf = ({ table, columns, select, call }: Within): string => JSON.stringify([table, columns, select, call]);

function leadsToOne({ table, select }: Within, lookup: Lookup): boolean {
  const { primaryKey, uniqueKeys } = tableOf(lookup, table).table;
  return [primaryKey, ...uniqueKeys.map(({ columns }) => columns)].some(
    (key) => key.length > 0 && key.every((column) => select.includes(column)),
  );
}
