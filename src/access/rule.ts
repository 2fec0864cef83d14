// A row rule, as the config says it (`owner_id=eq:$user.sub`) → the conditions that it is for one caller.

import { ConfigError } from "../base/config-error.js";
import type { Claims } from "../http/caller.js";
import { HttpError } from "../http/problem.js";
import { likeCondition, literalPattern } from "../plan/comparing.js";
import type { FilterLimits } from "../plan/condition.js";
import { type Names, planFilters } from "../plan/filter.js";
import type { Comparison, Condition, Value } from "../plan/terms.js";
import { Values } from "../plan/values.js";
import type { Filter, FilterNode } from "../request/filter.js";
import { beforeArrows } from "../request/json-path.js";
import { operatorTable } from "../request/operators.js";
import { pairsOf, parameters, parseQuery, type QueryLimits } from "../request/query.js";
import type { TableLookup } from "../schema/lookup.js";
import { type Claim, claimIn, claimOf, claimTexts, isClaim } from "./claim.js";

export interface Rule {
  /** As the config says it. */
  readonly text: string;
  readonly nodes: readonly FilterNode[];
  /** The claims that it depends on. */
  readonly claims: readonly Claim[];
}

type RuleLimits = FilterLimits & QueryLimits;

/** Names are resolved and values typed here once, so that a slip of the hand is an error at the start. Throws `ConfigError`. */
export function ruleOf(text: unknown, entry: TableLookup, names: Names, limits: RuleLimits, place: string): Rule {
  if (typeof text !== "string" || text === "")
    throw new ConfigError(place, 'is filters as a query string has them: "owner_id=eq:$user.sub&archived=is:null".');
  try {
    const other = pairsOf(text).find(({ name }) => (parameters as readonly string[]).includes(name));
    if (other !== undefined) throw new ConfigError(place, `'${other.name}' is no filter: a rule says which rows.`);
    const nodes = parseQuery(text, limits).filters;
    if (nodes.length === 0) throw new ConfigError(place, "says nothing of the rows: leave it out where all are meant.");
    planFilters(nodes.map(withoutClaims), entry, strictly(names), new Values());
    return { text, nodes, claims: nodes.flatMap((node) => claimsIn(node, place)) };
  } catch (error) {
    throw error instanceof HttpError ? new ConfigError(place, error.message) : error;
  }
}

/** A rule means values of its columns' types, and no rows that only look as if they had them. */
const strictly = (names: Names): Names => ({ ...names, held: undefined });

/** Claims stand where any value may, as a whole. */
function claimsIn(node: FilterNode, place: string): Claim[] {
  if (node.type !== "filter") return node.parts.flatMap((part) => claimsIn(part, place));
  const claims = node.values.filter(isClaim).map((text) => claimIn(text, place));
  if (claims.length > 0 && !operatorTable[node.operator].takesClaim)
    throw new ConfigError(
      place,
      `${node.operator}: takes no claim, which could hold wildcards or words of a search: use eq, in, startswith …`,
    );
  return claims;
}

/** The table's own fields that a rule looks at, or those alone that it compares with claims. */
export const columnsNamed = ({ nodes }: Rule, withClaims: boolean): string[] =>
  nodes.flatMap((node) => fieldsIn(node, withClaims));

function fieldsIn(node: FilterNode, withClaims: boolean): string[] {
  if (node.type !== "filter") return node.parts.flatMap((part) => fieldsIn(part, withClaims));
  return withClaims && !node.values.some(isClaim) ? [] : [beforeArrows(node.name)];
}

/** The same filters on the same names, which are to be resolved. */
function withoutClaims(node: FilterNode): FilterNode {
  if (node.type !== "filter") return { ...node, parts: node.parts.map(withoutClaims) };
  return node.values.some(isClaim) ? { ...node, operator: "is", values: ["null"] } : node;
}

/**
 * The rule with a caller's claims in it. A claim that is missing, or that its column cannot hold, is equal to nothing: no row
 * there. Where that would stand below a `not`, and let all rows through, there are none at all.
 */
export function planRule(
  { nodes }: Rule,
  claims: Claims,
  entry: TableLookup,
  names: Names,
  values: Values,
): Condition[] {
  try {
    const filters = nodes.map((node) => filled(node, claims, false));
    return planFilters(filters, entry, strictly(names), values).map((condition) => exact(condition, values));
  } catch (error) {
    if (error instanceof HttpError || error instanceof Unfilled) return [{ type: "never" }];
    throw error;
  }
}

/**
 * In a rule texts are equal to the letter: to many a collation `josé` is `jose` (MariaDB: utf8mb4_general_ci), and each would
 * see the other's rows.
 */
function exact(condition: Condition, values: Values): Condition {
  if ("where" in condition) return { ...condition, where: condition.where.map((part) => exact(part, values)) };
  if (condition.type !== "compare" && condition.type !== "in") return condition;
  const { column } = condition;
  const equal = condition.type === "in" ? condition.values : isEquality(condition) ? [condition.value] : [];
  const texts = equal.map((index) => values.all[-1 - index] as Value).filter(({ type }) => type.kind === "text");
  if (texts.length === 0) return condition;
  const same = texts.map(({ value }) => likeCondition(column, literalPattern(String(value)), true, values));
  const any: Condition = { type: "any", where: same };
  const negated = condition.type === "in" ? condition.negated : condition.operator === "ne";
  // What is equal to the collation is a superset, and an index finds it.
  return negated ? { type: "not", where: [any] } : { type: "all", where: [condition, any] };
}

const isEquality = ({ operator }: { readonly operator: Comparison }): boolean => operator === "eq" || operator === "ne";

class Unfilled extends Error {}

function filled(node: FilterNode, claims: Claims, negated: boolean): FilterNode {
  const below = negated || node.negated;
  if (node.type !== "filter") return { ...node, parts: node.parts.map((part) => filled(part, claims, below)) };
  if (!node.values.some(isClaim)) return node;
  const values = node.values.flatMap((text) => (isClaim(text) ? (claimTexts(claimOf(text), claims) ?? []) : [text]));
  const isList = node.operator === "in" || node.operator === "nin";
  const complete = isList ? values.length > 0 : values.length === node.values.length;
  if (complete) return { ...node, values: isList ? padded(values) : values };
  if (below) throw new Unfilled();
  return nothing(node);
}

/** `in:` of nothing is false. */
const nothing = (filter: Filter): Filter => ({ ...filter, operator: "in", values: [] });

/** To a power of two, by repeating the last: callers with so many groups or so many share their statements. */
const padded = (values: readonly string[]): string[] =>
  Array.from({ length: 2 ** Math.ceil(Math.log2(values.length)) }, (_, i) => values[i] ?? (values.at(-1) as string));
