// What became of a row where triggers, rules and policies may step over it, beside what a statement said of it.
// One answer everywhere: a row that stands as it was, though something else was asked, is a 403 and everything is rolled back.
import { type HttpError, problem } from "../http/problem.js";
import type { Change } from "../plan/change.js";
import type { Value } from "../plan/terms.js";
import { isSame } from "../plan/value-identity.js";
import { columnOf, type TableLookup } from "../schema/lookup.js";
import { fieldOf } from "../schema/schema.js";
import { valuesOf } from "./row-address.js";

/** 403: the row is there and may not be written, as far as the database is concerned. */
export const keptByDatabase = ({ label }: TableLookup): HttpError =>
  problem(
    "write_refused",
    `The database keeps this as it is: a trigger, a rule or a policy of ${label} steps over it. Nothing was changed.`,
  );

/** 403: what was written is not to be found. */
export const lostByDatabase = ({ label }: TableLookup): HttpError =>
  problem(
    "write_refused",
    `The row is not in ${label} once it is written: a trigger or a rule keeps it out, or stores it elsewhere. Nothing was changed.`,
  );

/** Is the row as it was before, and not as it was asked to be? */
export const isKept = (before: string, after: string, change: Change, entry: TableLookup): boolean =>
  before === after && !agrees(after, change, entry);

/** Defaults are the database's own. */
function agrees(row: string, { set, values }: Change, entry: TableLookup): boolean {
  return set.every(({ column, value, increment }) => {
    // What is not shown tells nothing.
    if (value === undefined || !entry.readable.has(fieldOf(columnOf(entry, column)))) return true;
    const asked = values[value] as Value;
    if (increment) return asked.value === 0 || asked.value === "0";
    const [held] = valuesOf(row, [column], entry);
    return held !== undefined && isSame(held, asked);
  });
}
