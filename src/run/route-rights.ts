// Which of the routes at a path a caller may use.
import { problem } from "../http/problem.js";
import { allowedMethods, type Matched, routeFor } from "../routes/match.js";
import type { AnyRoute, RouteNode } from "../routes/tree.js";
import { whereabouts } from "../routes/whereabouts.js";
import type { RequestContext } from "./context.js";
import { forbidden } from "./write-rules.js";

/** The route that takes the method at this path. Throws 403 where the caller may not use it, and 405 where there is none. */
export function routeAt(matched: Matched, method: string, context: RequestContext): AnyRoute {
  const route = routeFor(matched.node, method);
  if (route !== undefined && context.access?.uses(route) === false)
    throw forbidden(context, `${method} ${matched.node.pattern}`);
  if (route !== undefined) return route;
  const allow = methodsAt(matched, context);
  throw problem("method_not_allowed", `${method} is not one of ${allow}.`, { headers: { allow } });
}

/** The methods that the caller may use at this path, as `Allow` lists them. */
export const methodsAt = ({ node }: Matched, context: RequestContext): string => allowedMethods(nodeFor(node, context));

function nodeFor(node: RouteNode, { access }: RequestContext): RouteNode {
  if (access === undefined) return node;
  const routes = Object.entries(node.routes).filter(([, route]) => access.uses(route));
  return { ...node, routes: Object.fromEntries(routes) };
}

export const noRoute = (near = "") =>
  problem("no_route", `There is nothing at this path: it stands below the mount point, as /albums/1.${near}`);

/** With where the path was meant to lead, as far as the caller may see it. */
export function noRouteFound(path: string, { access, snapshot }: RequestContext) {
  const near = whereabouts((access?.shown() ?? snapshot).tree, path);
  return noRoute(near && ` ${near}`);
}
