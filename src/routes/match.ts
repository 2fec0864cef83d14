// Method and path → the route and its raw parameters. Costs the path's depth, whatever the number of tables.

import type { Method } from "../http/message.js";
import { renamedAt } from "./renamed.js";
import type { AnyRoute, RouteNode, RouteTree } from "./tree.js";

export interface Matched {
  readonly node: RouteNode;
  /** Parameter values in path order, still percent-encoded: a composite key's comma is told from one in a value. */
  readonly params: readonly string[];
}

/** The node a path leads to, `undefined` when there is none. One slash at the end is overlooked. An old name leads where the new one does. */
export function matchPath(tree: RouteTree, path: string): Matched | undefined {
  return matchNow(tree, renamedAt(path, tree.renamed)?.path ?? path);
}

function matchNow(tree: RouteTree, path: string): Matched | undefined {
  const params: string[] = [];
  let node: RouteNode | undefined = tree.root;
  const end = path.length > 1 && path.endsWith("/") ? path.length - 1 : path.length;
  let from = 1;
  while (from <= end) {
    const slash = path.indexOf("/", from);
    const to = slash === -1 || slash > end ? end : slash;
    const segment = path.slice(from, to);
    if (segment === "") return undefined;
    const next: RouteNode | undefined = node.literals[segment] ?? node.literals[decoded(segment)];
    if (next === undefined && node.param !== undefined) {
      params.push(segment);
      node = node.param.node;
    } else if (next === undefined) {
      return undefined;
    } else {
      node = next;
    }
    from = to + 1;
  }
  return Object.keys(node.routes).length > 0 ? { node, params } : undefined;
}

/** The methods a node answers to, as `Allow` lists them. */
export function allowedMethods(node: RouteNode): string {
  const methods = Object.keys(node.routes) as Method[];
  const reading = takesQuery(node) ? ["GET", "HEAD", "QUERY"] : ["GET", "HEAD"];
  return [...methods.flatMap((method) => (method === "GET" ? reading : [method])), "OPTIONS"].join(", ");
}

/** Lists and rows take their query in a body too. */
export const takesQuery = ({ routes }: RouteNode): boolean =>
  routes.GET?.operation === "list" || routes.GET?.operation === "read";

export function routeFor(node: RouteNode, method: string): AnyRoute | undefined {
  const own = (method === "HEAD" ? "GET" : method) as Method;
  return Object.hasOwn(node.routes, own) ? node.routes[own] : undefined;
}

/** What a segment says; itself where its encoding is broken. */
export function decoded(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** A match's parameters by their names, decoded: what frameworks call `params`. */
export function namedParams({ node, params }: Matched): Record<string, string> {
  const named: Record<string, string> = {};
  for (const [i, name] of namesAt(node).entries()) named[name] = decoded(params[i] as string);
  return named;
}

const names = new WeakMap<RouteNode, readonly string[]>();

function namesAt(node: RouteNode): readonly string[] {
  let found = names.get(node);
  if (found === undefined) {
    const [route] = Object.values(node.routes);
    found = route?.steps.flatMap(({ param }) => param ?? []) ?? [];
    names.set(node, found);
  }
  return found;
}
