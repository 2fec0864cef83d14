// `search=text` → the condition that a column of text holds it. Only columns that may be read are looked at.
import { problem } from "../http/problem.js";
import type { Filter } from "../request/filter.js";
import type { TableLookup } from "../schema/lookup.js";
import { type FilterPlace, planFilter } from "./condition.js";
import type { Condition } from "./terms.js";
import type { Values } from "./values.js";

/** Each column is a condition of its own. */
const MOST_COLUMNS = 30;

/** Throws 400. */
export function planSearchBox({ anywhere: _, ...filter }: Filter, place: FilterPlace, values: Values): Condition {
  const columns = textColumns(place.entry);
  return { type: "any", where: columns.flatMap((column) => planFilter(filter, { column }, place, values)) };
}

function textColumns({ readable, label }: TableLookup) {
  const columns = [...readable.values()].filter(({ type, computed }) => type.kind === "text" && computed === undefined);
  if (columns.length === 0)
    throw problem("invalid_filter", `${label} has no column of text that search could look in: filter by its columns.`);
  if (columns.length <= MOST_COLUMNS) return columns;
  throw problem(
    "too_complex",
    `search looks in at most ${MOST_COLUMNS} columns, and ${label} has ${columns.length} of text: name some, as in or=(a=icontains:x,b=icontains:x).`,
  );
}
