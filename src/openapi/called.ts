// The routes of a tree → what their operations are called, and which of them list a table: for pages that show a part of the tree.
import type { AnyRoute, Route, RouteNode } from "../routes/tree.js";
import type { OperationNaming } from "./names.js";
import { nodesWithin } from "./path-items.js";

/** The names that the whole document gives: they are given in the order of the tree. */
export function namesWithin(root: RouteNode, tables: number, naming: OperationNaming): OperationNaming {
  const named = new Map<AnyRoute, string>();
  for (const { routes, param } of nodesWithin(root, tables))
    for (const route of Object.values<AnyRoute>(routes)) named.set(route, naming.nameOf(route, param?.name));
  return { nameOf: (route) => named.get(route) as string };
}

/** By table, the first operation that lists it: its tag and its name. */
export function listsWithin(
  root: RouteNode,
  tables: number,
  naming: OperationNaming,
): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>();
  for (const { routes, param } of nodesWithin(root, tables)) {
    const { GET: route } = routes as { readonly GET?: Route };
    if (route?.operation !== "list") continue;
    const join = route.steps.at(-1)?.join;
    const table = join?.via === "link" ? join.link : route.table;
    if (!lists.has(table)) lists.set(table, [route.pattern.split("/")[1] as string, naming.nameOf(route, param?.name)]);
  }
  return lists;
}
