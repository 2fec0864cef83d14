// The journey of one request, in order: match → parse → plan → compile → run → respond.
import { preferencesOf } from "../request/prefer.js";
import { allowedMethods, type Matched, routeFor } from "../routes/match.js";
import type { Operation } from "../routes/tree.js";
import { requireJsonAccepted } from "./accept.js";
import { reading } from "./around.js";
import type { Call } from "./call.js";
import { unlessKnown } from "./etag.js";
import { create } from "./insert.js";
import { link, unlink } from "./link.js";
import { list } from "./list.js";
import type { ApiRequest, ApiResponse } from "./message.js";
import { isRehearsal, withApplied, withReturn } from "./prefer.js";
import { HttpError, problem, problemResponse } from "./problem.js";
import { read } from "./read.js";
import { retrying } from "./retry.js";
import { rehearse, type World } from "./world.js";
import { remove, replace, update } from "./write.js";

type Perform = (call: Call, world: World) => Promise<ApiResponse>;

const operations: Record<Operation, Perform> = {
  list: (call, world) => reading(call, world, () => list(call, world)),
  read: async (call, world) => unlessKnown(call.request, await reading(call, world, () => read(call, world))),
  create: writing(create),
  replace: writing(replace),
  update: writing(update),
  delete: writing(remove),
  link: writing(link),
  unlink: writing(unlink),
};

/** Answers a request whose path was matched. Throws only what no client caused: a defect, for the host to report. */
export async function handle(request: ApiRequest, matched: Matched, world: World): Promise<ApiResponse> {
  try {
    return finish(request, await answer(request, matched, world));
  } catch (error) {
    if (error instanceof HttpError) return finish(request, problemResponse(error));
    throw error;
  }
}

async function answer(request: ApiRequest, matched: Matched, world: World): Promise<ApiResponse> {
  const { node, params } = matched;
  const allow = allowedMethods(node);
  if (request.method === "OPTIONS") return { status: 204, headers: { allow } };
  const route = routeFor(node, request.method);
  if (route === undefined) {
    throw problem("method_not_allowed", `${request.method} is not one of ${allow}.`, { headers: { allow } });
  }
  requireJsonAccepted(request);
  return operations[route.operation]({ request, route, matched, params }, world);
}

/** A write as the client prefers it: kept or only tried, answered with its row or without. */
function writing(write: Perform): Perform {
  return async (call, world) => {
    const prefer = preferencesOf(call.request);
    if (!isRehearsal(prefer)) return withReturn(await retrying(world, () => write(call, world)), prefer);
    const response = await retrying(world, () => rehearse(world, (inner) => write(call, inner)));
    return withApplied(withReturn(response, prefer), "tx=rollback");
  };
}

/** HEAD is GET without the body, but with its length (RFC 9110, 9.3.2). */
function finish(request: ApiRequest, response: ApiResponse): ApiResponse {
  if (request.method !== "HEAD" || response.body === undefined) return response;
  const { body, status, headers } = response;
  return { status, headers: { ...headers, "content-length": String(Buffer.byteLength(body)) } };
}
