// The query string of a call that answers a procedure's results → whether all of them are asked for.
import { didYouMean, excerpt } from "../../base/suggest.js";
import { problem } from "../../http/problem.js";
import { pairsOf } from "../../request/query.js";

/** The only parameter that results take. */
export const RESULTS = "results";

/** Throws 400 for all else: nobody knows the columns before the call. */
export function asksForAll(query: string): boolean {
  const pairs = pairsOf(query);
  const other = pairs.find(({ name }) => name !== RESULTS);
  if (other !== undefined)
    throw problem(
      "unknown_parameter",
      `There is no parameter '${excerpt(other.name)}' here.${didYouMean(other.name, [RESULTS])} The results of a procedure take results=all, and neither filters, order nor slices: give it arguments for that.`,
    );
  const wrong = pairs.find(({ value }) => value !== "all");
  if (wrong !== undefined)
    throw problem("malformed_query", `results=${excerpt(wrong.value)} is unknown. Say results=all, or leave it out.`);
  return pairs.length > 0;
}
