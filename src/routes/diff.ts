// Two schemas and the trees made of them → what has changed for the API's clients, and how badly. Pure.
import { lookupOf, tableOf } from "../schema/lookup.js";
import type { Schema } from "../schema/schema.js";
import { change, type RouteChange, type Severity, type ShownResource, severities } from "./change.js";
import { columnChanges } from "./diff-columns.js";
import { routineChanges } from "./diff-routines.js";
import { type AnyRelation, type AnyRoute, type RouteTree, routesOf } from "./tree.js";

export interface Side {
  readonly schema: Schema;
  readonly tree: RouteTree;
}

/** The worst first, and in the order of the paths. */
export function apiChanges(before: Side, after: Side): RouteChange[] {
  const [old, now] = [resourcesOf(before), resourcesOf(after)];
  const both = [...old].flatMap(([name, was]) => {
    const is = now.get(name);
    return is === undefined ? [] : [[was, is] as const];
  });
  const changes = [
    ...routeChanges(before.tree, after.tree, both),
    ...routineChanges(before.tree, after.tree),
    ...both.flatMap(([was, is]) => [...keyChanges(was, is), ...columnChanges(was, is), ...relationChanges(was, is)]),
  ];
  const rank = ({ severity }: RouteChange) => severities.indexOf(severity);
  return changes.sort((a, b) => rank(a) - rank(b));
}

/** How bad the worst of them is; nothing where there are none. */
export const worst = (changes: readonly RouteChange[]): Severity | undefined =>
  severities.find((severity) => changes.some((change) => change.severity === severity));

function resourcesOf({ schema, tree }: Side): Map<string, ShownResource> {
  const lookup = lookupOf(schema, new Map(tree.resources.map((resource) => [resource.table, resource])));
  const paths = new Map(tree.resources.map(({ table, name }) => [table, `/${name}`]));
  return new Map(
    tree.resources.map((resource) => {
      const path = `/${resource.name}`;
      return [path, { path, resource, entry: tableOf(lookup, resource.table), paths }];
    }),
  );
}

/** One change a path, with its methods. A pattern whose rows are of another resource is another route. */
function routeChanges(
  before: RouteTree,
  after: RouteTree,
  both: readonly (readonly [ShownResource, ShownResource])[],
): RouteChange[] {
  const now = new Map(both.map(([was, is]) => [was.resource.table, is.resource.table]));
  const [old, new_] = [routesOf(before.root), routesOf(after.root)];
  const kept = new Set(new_.map(({ id }) => id));
  const known = new Set(old.map(({ id }) => id));
  const told = new Map(new_.map((route) => [route.id, route]));
  const isOther = (route: AnyRoute) => {
    const other = told.get(route.id);
    return route.table !== null && other !== undefined && now.get(route.table) !== other.table;
  };
  return [
    ...byPattern(old.filter(({ id }) => !kept.has(id))).map((at) => change("breaking", at, "is gone")),
    ...byPattern(old.filter(isOther)).map((at) => change("breaking", at, "answers with rows of another table")),
    ...byPattern(new_.filter(({ id }) => !known.has(id))).map((at) => change("new", at, "is new")),
  ];
}

function byPattern(routes: readonly AnyRoute[]): string[] {
  const methods = new Map<string, string[]>();
  for (const { pattern, method } of routes) methods.set(pattern, [...(methods.get(pattern) ?? []), method]);
  return [...methods].map(([pattern, list]) => `${list.join(" ")} ${pattern}`);
}

/** What stands for a row in paths, `Location` and `$0.id`. */
function keyChanges(was: ShownResource, is: ShownResource): RouteChange[] {
  const [before, after] = [was, is].map(({ entry }) => entry.table.primaryKey.join(", "));
  if (before === after || before === "" || after === "") return [];
  return [change("breaking", `${was.path}/:id`, `the key was (${before}) and is (${after}): paths name other rows`)];
}

function relationChanges(was: ShownResource, is: ShownResource): RouteChange[] {
  const now = new Map(embedded(is).map((relation) => [relation.name, relation]));
  const known = new Set(embedded(was).map(({ name }) => name));
  return [
    ...embedded(was).flatMap((relation) => {
      const at = `${was.path} ${relation.name}(…)`;
      const other = now.get(relation.name);
      if (other === undefined) return [change("breaking", at, "can be neither embedded nor filtered by any more")];
      const [led, leads] = [was.paths.get(relation.table), is.paths.get(other.table)];
      if (led !== leads) return [change("breaking", at, `leads to ${leads}, and led to ${led}`)];
      if (relation.many !== other.many)
        return [change("breaking", at, `is ${form(other)} where embedded, and was ${form(relation)}`)];
      return [];
    }),
    ...embedded(is)
      .filter(({ name }) => !known.has(name))
      .map(({ name }) => change("new", `${is.path} ${name}(…)`, "can be embedded and filtered by")),
  ];
}

const embedded = ({ resource }: ShownResource): AnyRelation[] => [...resource.relations, ...(resource.called ?? [])];

const form = ({ many }: AnyRelation): string => (many ? "an array" : "one object");
