// GET: what is no argument is asked of the rows that come. What they do not know either is a slip where it is nearly an argument, or
// where no rows come.
import { nearest } from "../../base/suggest.js";
import { saidArguments, unknownArgument } from "../../plan/call.js";
import { beforeArrows } from "../../request/json-path.js";
import { pairsOf, parameters } from "../../request/query.js";
import type { Callable } from "../../routes/tree.js";
import type { RequestContext } from "../../run/context.js";
import { resultId } from "../../schema/lookup.js";
import type { RoutineReturns } from "../../schema/routine.js";
import { RESULTS } from "./results-asked.js";
import type { SaidCall } from "./said.js";

const words: ReadonlySet<string> = new Set([...parameters, "and", "or", "not.and", "not.or"]);

const isMany = (returns: RoutineReturns): boolean => "many" in returns && returns.many;

/** Throws 400. */
export function requireNoMisspelt(
  { given, query }: SaidCall,
  callables: readonly Callable[],
  { snapshot }: RequestContext,
): void {
  if (query === "") return;
  const known = callables.map(saidArguments);
  const left = known.flatMap((names) => [...names.keys()]).filter((name) => !Object.hasOwn(given, name));
  const isOfRows = (name: string) =>
    callables.some(({ routine }) => {
      const table = routine.returns.type === "rows" ? routine.returns.table : resultId(routine);
      const [first = ""] = beforeArrows(name).split(".");
      const { readable } = snapshot.lookup.get(table) ?? {};
      return readable?.has(name) || readable?.has(first) || snapshot.relations.get(table)?.has(first);
    });
  const takesRows = callables.some(
    ({ routine: { returns } }) => /^(rows|columns)$/.test(returns.type) || isMany(returns),
  );
  const isOfResults = (name: string) =>
    callables.some(({ routine: { returns } }) => returns.type === "results") && nearest(name, [RESULTS]) !== undefined;
  for (const { name } of pairsOf(query))
    if (!words.has(name) && !isOfResults(name) && !isOfRows(name) && (!takesRows || nearest(name, left) !== undefined))
      throw unknownArgument(
        known.map((names) => ({ known: names })),
        [name],
      );
}
