// The journey of one request, in order: match → parse → plan → compile → run → respond.

import { retrying } from "../database/retry.js";
import { notModified } from "../http/conditional.js";
import { finish } from "../http/finish.js";
import type { ApiRequest, ApiResponse } from "../http/message.js";
import { requireAcceptable } from "../http/negotiate.js";
import { isRehearsal, withApplied, withReturn } from "../http/prefer.js";
import { preferencesOf } from "../http/preference.js";
import { problem } from "../http/problem.js";
import { callRoutine } from "../operations/call/call-routine.js";
import { csvToRows, toRequestedFormat } from "../operations/csv.js";
import { link, unlink } from "../operations/links/add-link.js";
import { replaceLinks } from "../operations/links/replace-links.js";
import { list } from "../operations/read/list.js";
import { read } from "../operations/read/row.js";
import { batch } from "../operations/write/batch.js";
import { create } from "../operations/write/create.js";
import { deleteMany, unlinkMany } from "../operations/write/list-delete.js";
import { updateMany } from "../operations/write/list-update.js";
import { nesting } from "../operations/write/nested.js";
import { remove, replace, update } from "../operations/write/row.js";
import { allowedMethods, type Matched, matchPath, routeFor } from "../routes/match.js";
import type { AnyRoute, Operation, RouteNode } from "../routes/tree.js";
import type { Call } from "../run/call.js";
import type { RequestContext } from "../run/context.js";
import { inSteps, type OperationSteps, type Perform } from "../run/operation-steps.js";
import { withReadHooks } from "../run/run-hooks.js";
import { dryRun, inOne } from "../run/transaction.js";
import { forbidden } from "../run/write-rules.js";

const operations: Record<Operation, (call: Call, context: RequestContext) => Promise<ApiResponse>> = {
  list: async (call, context) => toRequestedFormat(call, await hooked(list)(call, context), context),
  read: async (call, context) => notModified(call.request, await hooked(read)(call, context)),
  create: async (call, context) => {
    const rows = await csvToRows(call, context);
    return rows === undefined ? nesting(call, context, create, performEntry) : create(rows, context);
  },
  replace: (call, context) => nesting(call, context, replace, performEntry),
  update: (call, context) => nesting(call, context, update, performEntry),
  delete: remove,
  updateMany,
  deleteMany,
  unlinkMany,
  link,
  unlink,
  relink: replaceLinks,
};

/** A read, with the hooks of its table around it. */
function hooked<Prepared, Result, Response extends ApiResponse>(
  steps: OperationSteps<Prepared, Result, Response>,
): Perform<Response> {
  const perform = inSteps(steps);
  return (call, context) => withReadHooks(call, context, () => perform(call, context));
}

/** Answers a request whose path was matched. Throws an `HttpError` for `refuse`, or what no client caused: a defect, for the host to report. */
export async function handle(request: ApiRequest, matched: Matched, context: RequestContext): Promise<ApiResponse> {
  return finish(request, await answer(request, matched, context));
}

function answer(request: ApiRequest, matched: Matched, context: RequestContext): ApiResponse | Promise<ApiResponse> {
  if (request.method === "OPTIONS")
    return { status: 204, headers: { allow: allowedMethods(placeFor(matched, context)) } };
  const call = callOf(request, routeOf(request, matched, context), matched);
  if (call.route.method === "GET") return inOne(context, (inner) => perform(call, inner), true);
  return write(call, context, (inner) => inOne(inner, (one) => perform(call, one)));
}

/** The route that takes the request, and that whoever sent it may use. */
function routeOf(request: ApiRequest, matched: Matched, context: RequestContext): AnyRoute {
  const route = routeFor(matched.node, request.method);
  if (route !== undefined && context.access?.uses(route) === false)
    throw forbidden(context, `${request.method} ${matched.node.pattern}`);
  if (route === undefined) {
    const allow = allowedMethods(placeFor(matched, context));
    throw problem("method_not_allowed", `${request.method} is not one of ${allow}.`, { headers: { allow } });
  }
  requireAcceptable(request, route.operation === "list" || route.operation === "call");
  return route;
}

/** The place with those of its routes that whoever asks may use. */
function placeFor({ node }: Matched, { access }: RequestContext): RouteNode {
  if (access === undefined) return node;
  return {
    ...node,
    routes: Object.fromEntries(Object.entries(node.routes).filter(([, route]) => access.uses(route))),
  };
}

/** A call, of which it is not yet known whether it is a batch. */
type AnyCall = Omit<Call, "route"> & { readonly route: AnyRoute };

const callOf = (request: ApiRequest, route: AnyRoute, matched: Matched): AnyCall => ({
  request,
  route,
  matched,
  params: matched.params,
  prefer: preferencesOf(request),
});

function perform(call: AnyCall, context: RequestContext): Promise<ApiResponse> {
  if (call.route.operation === "batch") return batch(call.request, context, performEntry);
  if (call.route.operation === "call") return callRoutine({ ...call, route: call.route }, context);
  return operations[call.route.operation](call as Call, context);
}

function performEntry(request: ApiRequest, context: RequestContext): Promise<ApiResponse> {
  const matched = matchPath(context.snapshot.tree, request.path);
  if (matched === undefined)
    throw problem("no_route", "There is nothing at this path: it stands below the mount point, as /albums/1.");
  const route = routeOf(request, matched, context);
  if (route.operation === "batch") throw problem("invalid_body", "A batch cannot hold another one.");
  return perform(callOf(request, route, matched), context);
}

/** A write as the client prefers it: kept or only tried, answered with its row or without. */
async function write(
  { prefer }: AnyCall,
  context: RequestContext,
  work: (inner: RequestContext) => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const tried = isRehearsal(prefer);
  const response = await retrying(context, () => (tried ? dryRun(context, work) : work(context)));
  const shaped = withReturn(response, prefer);
  return tried ? withApplied(shaped, "tx=rollback") : shaped;
}
