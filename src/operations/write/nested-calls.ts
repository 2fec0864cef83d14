// Calls of the API's own to the routes of related rows: with the id, the caller and the raw request of the one that they are a
// part of, and none of its headers. Routes, hooks and refusals are so the same as for a client.
import { requestWith } from "../../http/message.js";
import { collectionOf } from "../../plan/related.js";
import type { Matched } from "../../routes/match.js";
import type { Route, RouteNode } from "../../routes/tree.js";
import type { Call } from "../../run/call.js";
import type { RequestContext } from "../../run/context.js";
import { noRoute, routeAt } from "../../run/route-rights.js";
import type { TableLookup } from "../../schema/lookup.js";

/** A place in the route tree, and its path. */
export interface RoutePlace extends Matched {
  readonly path: string;
}

export function collectionAt(entry: TableLookup, { snapshot }: RequestContext): RoutePlace {
  return placeOf(snapshot.tree.root.literals[entry.label], [], collectionOf(entry));
}

/** `segment` is the row's key as a path holds it. */
export const rowIn = ({ node, params, path }: RoutePlace, segment: string | undefined): RoutePlace =>
  placeOf(segment === undefined ? undefined : node.param?.node, [...params, segment ?? ""], `${path}/${segment}`);

export const placeBelow = ({ node, params, path }: RoutePlace, name: string): RoutePlace =>
  placeOf(node.literals[name], params, `${path}/${encodeURIComponent(name)}`);

function placeOf(node: RouteNode | undefined, params: readonly string[], path: string): RoutePlace {
  if (node === undefined) throw noRoute();
  return { node, params, path };
}

export function callAt(place: RoutePlace, method: string, body: unknown, whole: Call, context: RequestContext): Call {
  const { node, params, path } = place;
  if (Object.keys(node.routes).length === 0) throw noRoute();
  const route = routeAt(place, method, context) as Route;
  const request = requestWith(whole.request, {
    method,
    path,
    query: "",
    header: () => undefined,
    body: async () => ({ kind: "parsed", value: body }),
  });
  return { request, route, matched: { node, params }, params, prefer: new Map() };
}

/** The same call with a body that was read already. */
export const withBody = (call: Call, value: unknown): Call => ({
  ...call,
  request: requestWith(call.request, { body: async () => ({ kind: "parsed", value }) }),
});
