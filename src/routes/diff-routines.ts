// Functions and procedures on two sides → what has changed for those who call them. Pure.
import { argumentName, inputsOf, type RoutineArgument } from "../schema/routine.js";
import { change, type RouteChange } from "./change.js";
import type { RouteTree, RoutineResource } from "./tree.js";

type Inputs = ReadonlyMap<string, RoutineArgument>;

/** Those at one path on both sides, overloads taken together: what no overload takes any more breaks its callers. */
export function routineChanges(before: RouteTree, after: RouteTree): RouteChange[] {
  const [old, now] = [inputsByPath(before), inputsByPath(after)];
  return [...old].flatMap(([path, was]) => {
    const is = now.get(path);
    if (is === undefined) return [];
    const gone = [...was.keys()].filter((name) => !is.has(name));
    const added = [...is].filter(([name]) => !was.has(name));
    const other = [...was].filter(([name, { type }]) => (is.get(name) ?? { type }).type.kind !== type.kind);
    return [
      ...gone.map((name) => change("breaking", `${path} ${name}`, "is no argument any more")),
      ...added.map(([name, { default: value, mode }]) =>
        value === undefined && mode !== "variadic"
          ? change("breaking", `${path} ${name}`, "is a new argument that cannot be left out")
          : change("new", `${path} ${name}`, "is a new argument"),
      ),
      ...other.map(([name, { type }]) =>
        change("may break", `${path} ${name}`, `was ${type.kind} and is ${is.get(name)?.type.kind}`),
      ),
    ];
  });
}

function inputsByPath({ routines = [] }: RouteTree): Map<string, Inputs> {
  const paths = new Map<string, Map<string, RoutineArgument>>();
  for (const { routine, path, belongsTo } of routines as readonly RoutineResource[]) {
    const at = path ?? belongsTo?.path ?? "";
    const known = paths.get(at) ?? new Map<string, RoutineArgument>();
    for (const argument of inputsOf(routine))
      known.set(argumentName(argument, routine.arguments.indexOf(argument)), argument);
    paths.set(at, known);
  }
  return paths;
}
