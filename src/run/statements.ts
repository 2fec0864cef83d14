// Statements remembered by the shape of the request that made them. The shape is the plan's own JSON: complete by construction.

import { BoundedCache } from "../base/bounded-cache.js";
import type { Dialect } from "../dialect/dialect.js";
import type { Plan } from "../plan/plan.js";
import { type RowPolicies, withRowPolicies } from "../plan/rules.js";
import { tablesOfPlan } from "../plan/tables-in.js";
import type { Lookup } from "../schema/lookup.js";
import { type CompiledStatement, compile } from "../sql/compile.js";

/** As many shapes as a busy API has; a client that keeps making new ones pushes out others, and memory stays. */
const MOST = 1_000;
/** Of shapes and texts, together: 4 MiB as long as none has a letter beyond Latin-1, which takes two bytes. */
const MOST_CHARACTERS = 4_194_304;
/** The shape and text of one that is remembered. A thousand values of one `in:` are 12,000 characters, or 40,000 with casts. */
const LONGEST = 65_536;

/** `careful` asks for the statement in another way of its dialect, which is not remembered. */
export type StatementCache = (plan: Plan, careful?: Dialect) => CompiledStatement;

/** `rules` are part of each statement, and not of its shape: they are the same for all of them. */
export function statementCache(
  lookup: Lookup,
  dialect: Dialect,
  mostRows?: number,
  rules?: RowPolicies,
): StatementCache {
  const statements = new BoundedCache<CompiledStatement>(MOST, MOST_CHARACTERS);
  const make = (plan: Plan, dialect: Dialect) => {
    const ruled = rules ? withRowPolicies(plan, rules) : plan;
    return { ...compile(ruled, lookup, dialect, mostRows), tables: tablesOfPlan(ruled, lookup) };
  };
  return (plan, careful) => {
    if (careful !== undefined) return make(plan, careful);
    const shape = JSON.stringify(plan);
    const known = statements.get(shape);
    if (known !== undefined) return known;
    const statement = make(plan, dialect);
    const length = shape.length + statement.text.length;
    if (length <= LONGEST) statements.set(shape, statement, length);
    return statement;
  };
}
