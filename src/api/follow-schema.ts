// A request begins in the world of this moment. One that meets a schema which has changed since is run again in the world that
// was read then, as a whole: what it wrote was rolled back.

import type { SessionVariables } from "../access/session-variables.js";
import { withStatements } from "../database/session.js";
import { nobody } from "../http/caller.js";
import { Deadline } from "../http/deadline.js";
import { refuse } from "../http/finish.js";
import { type ApiRequest, type ApiResponse, type Identify, requestWith } from "../http/message.js";
import { HttpError } from "../http/problem.js";
import type { Watch } from "../observe/watch.js";
import type { Matched } from "../routes/match.js";
import { type World, withDatabase } from "../run/context.js";
import { stalenessOf } from "../run/stale.js";
import { handle } from "./answer.js";
import type { Found, SchemaCache } from "./schema-cache.js";

/** What requests go through. */
export interface Journey {
  readonly current: SchemaCache;
  readonly refreshByQuery: boolean;
  readonly watch: Watch | undefined;
  /** Left out where nobody needs to sign in. */
  readonly identify?: Identify;
  /** Left out where the database is told nothing. */
  readonly telling?: Tell;
  /** Milliseconds for a whole request. */
  readonly answerTimeout: number;
}

type Tell = (request: ApiRequest) => SessionVariables;

/** The world that a request runs in, as its watcher has it. */
type Through = (world: World) => World;

const asItIs: Through = (world) => world;

/** Once for each change that it meets, and no more often than this. */
const MOST = 3;
const REFRESH = "refresh=true";

/** Answers a request; `undefined` where no route has its path, or none has it any more. */
export function answer(
  request: ApiRequest,
  matched: Matched | undefined,
  journey: Journey,
): Promise<ApiResponse | undefined> {
  if (asksToRefresh(request.query, journey)) return refreshed(request, journey);
  const { current } = journey;
  const found = current.isBehind ? undefined : (asFound(matched) ?? current.match(request.path));
  return found === undefined ? looking(request, journey) : answerAt(found, request, journey);
}

async function refreshed(request: ApiRequest, journey: Journey): Promise<ApiResponse | undefined> {
  await journey.current.refresh().catch(() => undefined);
  const rest = request.query.split("&").filter((part) => part !== REFRESH);
  return answer(requestWith(keepingBody(request), { query: rest.join("&") }), undefined, journey);
}

/** The schema has changed, or has to be looked at before it is said that no route has the path. */
async function looking(request: ApiRequest, journey: Journey): Promise<ApiResponse | undefined> {
  const { current } = journey;
  await current.look(current.isBehind ? "refused" : "name");
  const found = current.match(request.path);
  return found && answerAt(found, request, journey);
}

function answerAt(found: Found, request: ApiRequest, journey: Journey): Promise<ApiResponse | undefined> {
  const { watch } = journey;
  const run = (through: Through) => inTime(found, request, journey, through);
  return watch === undefined ? run(asItIs) : watch(request, found.node.pattern, run);
}

function inTime(
  found: Found,
  request: ApiRequest,
  journey: Journey,
  through: Through,
): Promise<ApiResponse | undefined> {
  const { identify, telling } = journey;
  const ending = new Deadline(request, journey.answerTimeout);
  const held = (world: World) =>
    through(
      withDatabase(world, withStatements(world.database, world.database.until(ending)), {
        ending,
        telling: world.telling,
      }),
    );
  const kept = request.method === "GET" ? request : keepingBody(request, ending);
  const run = async () => {
    // A transaction does not wait for a client that is slow to send.
    if (telling !== undefined && kept !== request) await kept.body().catch(() => undefined);
    const response = await (identify === undefined
      ? tried(kept, found, journey, held)
      : triedAs(identify, kept, found, journey, held));
    return response?.pieces === undefined ? response : { ...response, pieces: ending.through(response.pieces) };
  };
  return ending.until(run(), (reason) => refuse(request, reason));
}

async function triedAs(
  identify: Identify,
  request: ApiRequest,
  first: Found,
  journey: Journey,
  through: Through,
): Promise<ApiResponse | undefined> {
  const asked = await signedIn(request, identify);
  return asked instanceof HttpError ? refuse(request, asked) : tried(asked, first, journey, through);
}

/** The request as its caller's; what is thrown is an answer too. */
async function signedIn(request: ApiRequest, identify: Identify): Promise<ApiRequest | HttpError> {
  try {
    const caller = (await identify(request)) ?? nobody;
    return requestWith(request, { caller, user: request.user ?? caller.claims });
  } catch (error) {
    if (error instanceof HttpError) return error;
    throw error;
  }
}

async function tried(
  request: ApiRequest,
  first: Found,
  { current, telling }: Journey,
  through: Through,
): Promise<ApiResponse | undefined> {
  let found: Found | undefined = first;
  let told = (error: HttpError): HttpError => error;
  for (let tries = 0; found !== undefined; tries++) {
    try {
      const world = through(worldFor(request, found.world, telling));
      told = (error) => world.ending?.told(error) ?? error;
      return await handle(request, found, world);
    } catch (error) {
      const evidence = stalenessOf(error);
      const moved = tries < MOST && (await current.hasMoved(evidence, found.world));
      // Only the connection knew another table by that name, and has forgotten it.
      if (moved || (evidence === "refused" && tries === 0)) found = current.match(request.path);
      else if (error instanceof HttpError) return refuse(request, told(error));
      else throw error;
    }
  }
  return undefined;
}

/** The world as it is for whoever sent the request. */
function worldFor(request: ApiRequest, world: World, telling: Tell | undefined): World {
  const own = world.admit === undefined ? world : world.admit(request.caller);
  return telling === undefined ? own : { ...own, telling: telling(request) };
}

/** The place of a path that no route has, as far as is known: the database may have it by now. */
export async function findPath(path: string, query: string, journey: Journey): Promise<Found | undefined> {
  const { current } = journey;
  await (asksToRefresh(query, journey) ? current.refresh().catch(() => undefined) : current.look("name"));
  return current.match(path);
}

const asksToRefresh = (query: string, { refreshByQuery }: Journey): boolean =>
  refreshByQuery && query.split("&").includes(REFRESH);

/** What `Current.match` answered belongs to a world; a place in a tree alone does not say which. */
const asFound = (matched: Matched | undefined): Found | undefined =>
  matched !== undefined && "world" in matched ? (matched as Found) : undefined;

/** A stream can be read once only. */
function keepingBody(request: ApiRequest, ending?: Deadline): ApiRequest {
  let body: ReturnType<ApiRequest["body"]> | undefined;
  return requestWith(request, {
    body: () => {
      body ??= ending === undefined ? request.body() : ending.pausing(request.body());
      return body;
    },
  });
}
