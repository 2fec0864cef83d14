// A request runs in the snapshot of this moment. One that meets a schema which has changed since is run again, as a whole, in the
// snapshot that is read then: what it wrote was rolled back.

import type { SessionVariables } from "../access/session-variables.js";
import { Outdated } from "../database/refusals.js";
import { type Claims, nobody } from "../http/caller.js";
import { Deadline } from "../http/deadline.js";
import { refuse } from "../http/finish.js";
import { type ApiRequest, type ApiResponse, type Identify, requestWith } from "../http/message.js";
import { HttpError } from "../http/problem.js";
import { requestIdOf } from "../http/request-id.js";
import { tellRefusal } from "../observe/refusals.js";
import type { Watch } from "../observe/watch.js";
import type { AskedContext, RequestContext } from "../run/context.js";
import { stalenessOf } from "../run/stale.js";
import { handle, type Keeping } from "./answer.js";
import { asGet, type Queried, queriedBy } from "./long-query.js";
import type { RouteMatch } from "./match.js";
import type { Positions } from "./positions.js";
import type { SchemaCache } from "./schema-cache.js";

/** What requests go through. */
export interface Journey extends Keeping {
  readonly current: SchemaCache;
  readonly refreshByQuery: boolean;
  readonly watch: Watch | undefined;
  /** Left out where nobody needs to sign in. */
  readonly identify?: Identify;
  /** Left out where the database is told nothing. */
  readonly telling?: Tell;
  /** Left out where there are no replicas. */
  readonly positions?: Positions;
  /** Milliseconds for a whole request. */
  readonly answerTimeout: number;
}

type Tell = (request: ApiRequest) => SessionVariables;

/** The context of a request, as its watcher has it. */
type Through = (context: RequestContext) => RequestContext;

const asItIs: Through = (context) => context;

/** Once for each change that it meets, and no more often than this. */
const MOST = 3;
const REFRESH = "refresh=true";

/** Answers a request; `undefined` where no route has its path, or none has it any more. */
export function answer(
  request: ApiRequest,
  matched: RouteMatch | undefined,
  journey: Journey,
): Promise<ApiResponse | undefined> {
  if (asksToRefresh(request.query, journey)) return refreshed(request, journey);
  const { current } = journey;
  const found = current.isBehind ? undefined : (matched ?? current.match(request.path));
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

async function answerAt(found: RouteMatch, request: ApiRequest, journey: Journey): Promise<ApiResponse | undefined> {
  const { watch, current } = journey;
  const queried = queriedBy(request, found, (path) => current.match(path));
  if (queried === undefined && found.byQuery) return undefined;
  const run = (through: Through) => inTime(queried ?? { found }, request, journey, through);
  return watch === undefined ? run(asItIs) : watch(request, (queried?.found ?? found).pattern, run);
}

function inTime(
  asked: Queried<RouteMatch> | Pick<Queried<RouteMatch>, "found">,
  request: ApiRequest,
  journey: Journey,
  through: Through,
): Promise<ApiResponse | undefined> {
  const { identify, telling } = journey;
  // What stands in a body may be a read as well.
  const timed = "path" in asked ? requestWith(request, { method: "GET" }) : request;
  const deadline = new Deadline(timed, journey.answerTimeout);
  const kept = request.method === "GET" ? request : keepingBody(request, deadline);
  const isKnown = identify === undefined && telling === undefined;
  const answered = (meant: ApiRequest) =>
    isKnown
      ? tried(meant, asked.found, journey, deadline, through)
      : identified(meant, journey).then((by) =>
          by instanceof HttpError ? refuse(kept, by) : tried(by, asked.found, journey, deadline, through),
        );
  const work =
    "path" in asked
      ? asGet(kept, asked).then(answered, (error) => {
          if (error instanceof HttpError) return refuse(kept, error);
          throw error;
        })
      : answered(kept);
  return deadline.until(work, (reason) => refuse(request, reason));
}

/** As its caller's; what is thrown is an answer too. */
async function identified(request: ApiRequest, { identify, telling }: Journey): Promise<ApiRequest | HttpError> {
  // A transaction does not wait for a client that is slow to send.
  if (telling !== undefined && request.method !== "GET") await request.body().catch(() => undefined);
  return identify === undefined ? request : signedIn(request, identify);
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
  first: RouteMatch,
  journey: Journey,
  deadline: Deadline,
  through: Through,
): Promise<ApiResponse | undefined> {
  const { current } = journey;
  let found: RouteMatch | undefined = first;
  for (let tries = 0; found !== undefined; tries++) {
    try {
      const context = contextFor(request, found, deadline, journey);
      const { servers } = context.session;
      const response = await handle(request, found, through(context), journey);
      if (response.pieces === undefined && servers === undefined) return response;
      const pieces = response.pieces && deadline.through(response.pieces);
      return { ...response, ...(pieces && { pieces }), ...(servers && { servers }) };
    } catch (error) {
      const evidence = stalenessOf(error);
      const moved = tries < MOST && (await current.hasMoved(evidence, found.snapshot));
      if (moved || tries < furtherTries(error)) found = current.match(request.path);
      else if (error instanceof HttpError) {
        const meant = error instanceof Outdated && current.isKnown ? (error.otherwise ?? error) : error;
        const id = requestIdOf(request.id, request.header("x-request-id"));
        tellRefusal(meant, request, id, found.snapshot.logger);
        return refuse(request, deadline.told(meant), id);
      } else throw error;
    }
  }
  return undefined;
}

/**
 * How often a request is tried again in the same schema. Once where only the connection may have known another table by that name,
 * and has forgotten it. More often where the table changed under the statement, as it may do so again, or be what it was.
 */
function furtherTries(error: unknown): number {
  if (!(error instanceof Outdated)) return 0;
  return error.otherwise === undefined ? MOST : 1;
}

/** What the request runs in: its caller's view of the snapshot, and statements that end with the request. */
function contextFor(
  request: ApiRequest,
  { snapshot, node }: RouteMatch,
  deadline: Deadline,
  { telling, positions, cache }: Pick<Journey, "telling" | "positions" | "cache">,
): RequestContext {
  const reads = positions?.readsAfter(request);
  // A replica that is behind would have others see for long what only one of them may see for a while.
  const isKept = node.routes.GET !== undefined && cache?.takes(node.routes.GET);
  const view = snapshot.roles?.viewFor(request.caller);
  // Each field by name: a spread of what may be one of two objects takes longer than a short statement.
  return {
    snapshot: view === undefined ? snapshot : view.snapshot,
    access: view === undefined ? undefined : view.access,
    session: snapshot.database.until(deadline, isKept ? undefined : reads),
    deadline,
    sessionVariables: telling === undefined ? undefined : telling(request),
    revocable: undefined,
    size: undefined,
    asked: snapshot.stamps.size === 0 ? undefined : askedBy(request),
    touched: undefined,
  };
}

/** Without `auth` it is whom the host's own authentication has found. */
function askedBy({ caller, user }: ApiRequest): AskedContext {
  const known = typeof user === "object" && user !== null ? (user as Claims) : { sub: user };
  return { claims: caller?.claims ?? known, at: new Date() };
}

/** The place of a path that no route has, as far as is known: the database may have it by now. */
export async function findPath(path: string, query: string, journey: Journey): Promise<RouteMatch | undefined> {
  const { current } = journey;
  await (asksToRefresh(query, journey) ? current.refresh().catch(() => undefined) : current.look("name"));
  return current.match(path);
}

const asksToRefresh = (query: string, { refreshByQuery }: Journey): boolean =>
  refreshByQuery && query.split("&").includes(REFRESH);

/** A stream can be read once only. */
function keepingBody(request: ApiRequest, ending?: Deadline): ApiRequest {
  let kept: ReturnType<ApiRequest["body"]> | undefined;
  const body = () => {
    kept ??= ending === undefined ? request.body() : ending.pausing(request.body());
    return kept;
  };
  return requestWith(request, { body });
}
