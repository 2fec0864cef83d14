// The journey of one request, in order: route → prepare → run → respond → finish. Who asks, and in which context, is known.

import type { AnswerCache } from "../cache/answer-cache.js";
import { retrying } from "../database/retry.js";
import { notModified } from "../http/conditional.js";
import { withDeprecation } from "../http/deprecation.js";
import { finish } from "../http/finish.js";
import { idempotencyKeyOf } from "../http/idempotency-key.js";
import { type ApiRequest, type ApiResponse, requestWith } from "../http/message.js";
import { requireAcceptable } from "../http/negotiate.js";
import { isRehearsal, withApplied, withReturn } from "../http/prefer.js";
import { preferencesOf } from "../http/preference.js";
import { problem } from "../http/problem.js";
import type { Idempotency } from "../idempotency/idempotency.js";
import { callRoutine } from "../operations/call/call-routine.js";
import type { RoutineCall } from "../operations/call/ready-call.js";
import { link, unlink } from "../operations/links/add-link.js";
import { replaceLinks } from "../operations/links/replace-links.js";
import { bytesOf, readingColumn } from "../operations/read/bytes.js";
import { inForm, rowInForm } from "../operations/read/form.js";
import { list } from "../operations/read/list.js";
import { read } from "../operations/read/row.js";
import { batchOf } from "../operations/write/batch.js";
import { deleteMany, unlinkMany } from "../operations/write/list-delete.js";
import { updateMany } from "../operations/write/list-update.js";
import { createNested, replaceNested, updateNested } from "../operations/write/nested.js";
import { restore } from "../operations/write/restore.js";
import { remove } from "../operations/write/row.js";
import { clearBytes, writeBytes } from "../operations/write/write-bytes.js";
import { queryTypes } from "../request/long-query.js";
import { listPatchTypes, patchTypes } from "../request/patch.js";
import { type Matched, matchPath } from "../routes/match.js";
import { renamedAt } from "../routes/renamed.js";
import type { AnyRoute, Route } from "../routes/tree.js";
import type { Call } from "../run/call.js";
import type { RequestContext } from "../run/context.js";
import { formsOf } from "../run/forms.js";
import { withHeldValues } from "../run/held-values.js";
import { inSteps, type OperationSteps, type Perform } from "../run/operation-steps.js";
import { methodsAt, noRouteFound, routeAt } from "../run/route-rights.js";
import { withReadHooks } from "../run/run-hooks.js";
import { dryRun, inOne } from "../run/transaction.js";
import { asGet, listOfQuery, queriedBy } from "./long-query.js";

/** What is kept of answers; what is not heeded is left out. */
export interface Keeping {
  readonly cache?: AnswerCache;
  readonly idempotency?: Idempotency;
}

/** Answers a request whose path was matched. Throws an `HttpError` for `refuse`, or what no client caused: a defect, for the host to report. */
export async function handle(
  request: ApiRequest,
  matched: Matched,
  context: RequestContext,
  keeping: Keeping = {},
): Promise<ApiResponse> {
  return finish(request, await answer(request, matched, context, keeping));
}

function answer(
  request: ApiRequest,
  matched: Matched,
  context: RequestContext,
  { cache, idempotency }: Keeping,
): ApiResponse | Promise<ApiResponse> {
  if (request.method === "OPTIONS") return options(matched, context);
  const call = callOf(request, matched, context);
  if (call.route.method === "GET")
    return withQueryTypes(call, cache === undefined ? get(call, context) : cache.read(call, context, get));
  const within = (inner: RequestContext) => inOne(inner, (one) => perform(call, one));
  const work = (outer: RequestContext) => write(call, outer, within, idempotency);
  return cache === undefined ? work(context) : cache.write(context, work);
}

const get = (call: Call, context: RequestContext): Promise<ApiResponse> =>
  inOne(context, (inner) => perform(call, inner), true);

/** That rows may be asked by QUERY stands with each of their answers. */
async function withQueryTypes({ route }: Call, answered: ApiResponse | Promise<ApiResponse>): Promise<ApiResponse> {
  const response = await answered;
  const isRows = response.status < 300 || response.status === 304;
  if (!isRows || (route.operation !== "list" && route.operation !== "read")) return response;
  return { ...response, headers: { ...response.headers, "accept-query": queryTypes } };
}

/** What may be done here, and in which forms rows are patched (RFC 5789, 3.1) and queries stand in a body. */
function options(matched: Matched, context: RequestContext): ApiResponse {
  const allow = methodsAt(matched, context);
  const methods = allow.split(", ");
  const headers: Record<string, string> = { allow };
  const { PATCH } = matched.node.routes;
  if (methods.includes("PATCH"))
    headers["accept-patch"] = PATCH?.operation === "updateMany" ? listPatchTypes : patchTypes;
  if (methods.includes("QUERY")) headers["accept-query"] = queryTypes;
  return { status: 204, headers };
}

/** The request with the route that takes it. */
function callOf(request: ApiRequest, matched: Matched, context: RequestContext): Call {
  const route = routeAt(matched, request.method, context);
  // What bytes are is known when they are there.
  if (route.operation !== "readBytes") requireAcceptable(request, formsOf(route, context));
  // The routes of a batch and of a routine have no table, and their operations ask for none.
  return { request, route: route as Route, matched, params: matched.params, prefer: preferencesOf(request) };
}

/** What each route does: prepare, run, respond. */
const operations: Record<AnyRoute["operation"], Perform> = {
  list: async (call, context) => inForm(call, await hooked(list)(call, context), context),
  read: async (call, context) => notModified(call.request, rowInForm(call, await hooked(read)(call, context), context)),
  create: inSteps(createNested),
  replace: inSteps(replaceNested),
  update: inSteps(updateNested),
  delete: inSteps(remove),
  restore: inSteps(restore),
  updateMany: inSteps(updateMany),
  deleteMany: inSteps(deleteMany),
  unlinkMany: inSteps(unlinkMany),
  link: inSteps(link),
  unlink: inSteps(unlink),
  relink: inSteps(replaceLinks),
  readBytes: async (call, context) => bytesOf(call, await hooked(read)(readingColumn(call, context), context), context),
  writeBytes: inSteps(writeBytes),
  clearBytes: inSteps(clearBytes),
  call: (call, context) => callRoutine(call as Call & RoutineCall, context),
  batch: inSteps(batchOf(performEntry)),
};

/** A read, with the hooks of its table around it. */
function hooked<Prepared, Result, Response extends ApiResponse>(
  steps: OperationSteps<Prepared, Result, Response>,
): Perform<Response> {
  const perform = inSteps(steps);
  return (call, context) => withReadHooks(call, context, () => perform(call, context));
}

function perform(call: Call, context: RequestContext): Promise<ApiResponse> {
  const { operation }: AnyRoute = call.route as AnyRoute;
  const work = () => operations[operation](call, context);
  // Each entry of a batch is asked by itself.
  return operation === "batch" || operation === "call" ? work() : withHeldValues(call, context, work);
}

/** One entry of a batch. */
async function performEntry(asked: ApiRequest, context: RequestContext): Promise<ApiResponse> {
  const match = (path: string) => matchPath(context.snapshot.tree, path);
  const found = match(asked.path) ?? listOfQuery(asked.path, match);
  if (found === undefined) throw noRouteFound(asked.path, context);
  const queried = queriedBy(asked, found, match);
  const request = queried === undefined ? asked : await asGet(ofJson(asked), queried);
  const call = callOf(request, queried?.found ?? found, context);
  const { operation }: AnyRoute = call.route as AnyRoute;
  if (operation === "batch") throw problem("invalid_body", "A batch cannot hold another one.");
  if (operation === "readBytes" || operation === "writeBytes" || operation === "clearBytes")
    throw problem("invalid_body", "A batch is JSON, which has no place for bytes: the row itself has them as base64.");
  const response = await perform(call, context);
  const renamed = renamedAt(asked.path, context.snapshot.tree.renamed);
  return renamed ? withDeprecation(response, renamed, asked.prefix + renamed.path) : response;
}

/** An entry's body is JSON, unless it says otherwise. */
const ofJson = (request: ApiRequest): ApiRequest =>
  requestWith(request, {
    header: (name) => request.header(name) ?? (name === "content-type" ? "application/json" : undefined),
  });

/** A write as the client prefers it: kept, kept once with its key, or only tried; answered with its row or without. */
async function write(
  { request, prefer }: Call,
  context: RequestContext,
  work: (inner: RequestContext) => Promise<ApiResponse>,
  idempotency: Idempotency | undefined,
): Promise<ApiResponse> {
  const shaped = async (inner: RequestContext) => withReturn(await work(inner), prefer);
  if (isRehearsal(prefer)) return withApplied(await retrying(context, () => dryRun(context, shaped)), "tx=rollback");
  const key = idempotency && keyed.has(request.method) ? idempotencyKeyOf(request) : undefined;
  if (idempotency === undefined || key === undefined) return retrying(context, () => shaped(context));
  return idempotency.once(key, request, context, shaped);
}

/** To send the others twice does no more than to send them once. */
const keyed: ReadonlySet<string> = new Set(["POST", "PATCH"]);
