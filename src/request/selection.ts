// Which rows of a list PATCH and DELETE are to change: its filters, and nothing else of what a list takes.
import { problem } from "../http/problem.js";
import type { FilterNode } from "./filter.js";
import { pairsOf, parameters, parseQuery, type QueryLimits, requireFewPairs } from "./query.js";

const reading: ReadonlySet<string> = new Set(parameters);

/** Throws 400 where there is no filter: whoever means every row says so, by a field that each has. */
export function parseSelection(text: string, limits: QueryLimits, key: string): readonly FilterNode[] {
  requireFewPairs(text, limits);
  const other = pairsOf(text).find(({ name }) => reading.has(name));
  if (other !== undefined) {
    throw problem(
      "unknown_parameter",
      `'${other.name}' belongs to reading: PATCH and DELETE on a list take filters alone.`,
    );
  }
  const { filters } = parseQuery(text, limits);
  if (filters.length > 0) return filters;
  throw problem(
    "filter_required",
    `PATCH and DELETE on a list are for the rows that its filters select, and here is none. Every row is ?${key}=is:notnull.`,
  );
}
