// GET: what is no argument is asked of the rows that come. What they do not know either, and is nearly an argument, is a slip.
import { nearest } from "../../base/suggest.js";
import { saidArguments, unknownArgument } from "../../plan/call.js";
import { beforeArrows } from "../../request/json-path.js";
import { pairsOf, parameters } from "../../request/query.js";
import type { Callable } from "../../routes/tree.js";
import type { RequestContext } from "../../run/context.js";
import { resultId } from "../../schema/lookup.js";
import type { SaidCall } from "./said.js";

const words: ReadonlySet<string> = new Set([...parameters, "and", "or", "not.and", "not.or"]);

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
  for (const { name } of pairsOf(query))
    if (!words.has(name) && !isOfRows(name) && nearest(name, left) !== undefined)
      throw unknownArgument(
        known.map((names) => ({ known: names })),
        [name],
      );
}
