// What POST is to do with rows that stand already: `on-conflict=merge&conflict-columns=email`.

import { didYouMean, excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import { splitList } from "./filter.js";
import { pairsOf } from "./query.js";

export interface OnConflict {
  readonly action: "merge" | "ignore";
  /** Field names as written; the primary key's when left out. */
  readonly columns?: readonly string[];
}

const parameters = ["on-conflict", "conflict-columns"];
/** No database has a key of as many. */
const MOST_COLUMNS = 100;
const actions = ["merge", "ignore"];

/** Throws 400. A new row takes no other parameter: what is overlooked today would be a surprise tomorrow. */
export function parseOnConflict(query: string): OnConflict | undefined {
  if (query === "") return undefined;
  const said = new Map<string, string>();
  // A third pair is wrong, whatever it says.
  for (const { name, value } of pairsOf(query, parameters.length + 1)) {
    if (!parameters.includes(name)) {
      throw problem(
        "unknown_parameter",
        `'${excerpt(name)}' would have no effect here.${didYouMean(name, parameters)} POST takes ${parameters.join(" and ")}; filters, sorting and limits belong to lists.`,
      );
    }
    if (said.has(name)) throw problem("malformed_query", `${name} stands twice.`);
    said.set(name, value);
  }
  const action = said.get("on-conflict");
  const columns = said.get("conflict-columns");
  if (action === undefined) {
    throw problem("malformed_query", "conflict-columns belongs to on-conflict=merge or on-conflict=ignore.");
  }
  if (action !== "merge" && action !== "ignore") {
    throw problem(
      "malformed_query",
      `on-conflict is merge or ignore, not '${excerpt(action)}'.${didYouMean(action, actions)}`,
    );
  }
  return columns === undefined ? { action } : { action, columns: splitList(columns, MOST_COLUMNS) };
}
