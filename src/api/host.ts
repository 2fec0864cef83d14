// One request of a framework → one answer for it, or nothing where the path is not the API's. Every adapter is written on this.
import type { Knex } from "knex";
import { type ApiRequest, type ApiResponse, type RequestBody, requestFrom } from "../http/message.js";
import { hostId } from "../http/request-id.js";
import { nameSpan } from "../http/span.js";
import { inSlices } from "../http/stream.js";
import { joiningVary } from "../http/vary.js";
import { namedParams } from "../routes/match.js";
import type { Api } from "./api.js";
import { createApi } from "./create.js";
import type { Match } from "./match.js";
import { type Mounted, mounted } from "./mounted.js";
import type { ApiOptions } from "./options.js";

/** A request as a framework has it. */
export interface HostRequest {
  readonly method: string;
  /** The path behind the mount point, still percent-encoded: `/albums/1/tracks`. */
  readonly path: string;
  /** The query string without `?`, still encoded; empty when there is none. */
  readonly query: string;
  /** What stands before `path` in the URL, still encoded and without a slash at its end: `/api`. For `Location` and `Link`. */
  readonly prefix: string;
  /** The prefix as the app wrote it, for OpenTelemetry's `http.route`; a function gets what is set there already. Default: `prefix`. */
  readonly mount?: string | ((known: string | undefined) => string);
  /** A header's value by its lower-case name. */
  header(name: string): string | undefined;
  /** The body, of at most `limit` bytes; called once at most, and only by routes that take one. */
  body(limit: number): Promise<RequestBody>;
  /** Aborted when the client has left. Called when it is first needed. */
  signal?(): AbortSignal | undefined;
  /** What stands in the answer's `Vary` already. */
  vary?(): number | string | readonly string[] | undefined;
  /** Who asks, as the app's own authentication left it. */
  readonly user?: unknown;
  /** What the app calls this request in its logs. Anything but a text or a number is passed over. */
  readonly id?: unknown;
  /** The framework's own request or context, for hooks. */
  readonly raw: unknown;
  /** Called once the path was found, before anything else is done: `/albums/:id/tracks`, `{ id: "1" }`. */
  matched?(pattern: string, params: Readonly<Record<string, string>>): void;
}

/** What the framework is to write. */
export interface HostResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Left out where the status has no body, and for HEAD. */
  readonly body?: string | Buffer;
  /** Instead of `body`, where it is too long to be held: texts to write one after the other as the client takes them. */
  readonly pieces?: AsyncIterable<string>;
}

export interface Host {
  readonly api: Api;
  /** `undefined` where no route has the path, so that the framework may pass the request on. */
  handle(request: HostRequest): Promise<HostResponse | undefined>;
  /** Gives the value that is mounted the members of the API: `tree`, `schema`, `refresh()`, `close()` … */
  mounted<T extends object>(value: T): T & Mounted;
}

/**
 * Opens the API of a database for a framework: a connection string, a knex config or a knex instance. Rejects with a `ConfigError`
 * for a mistake in the options, and where `db` is `undefined` or empty, as an environment variable may be.
 */
export async function openHost(db: string | Knex | Knex.Config | undefined, options: ApiOptions = {}): Promise<Host> {
  const api = await createApi(db, options);
  return { api, handle: (request) => handle(api, request), mounted: (value) => mounted(value, api) };
}

async function handle(api: Api, request: HostRequest): Promise<HostResponse | undefined> {
  const { path, query, prefix } = request;
  const match = api.match(path, request) ?? (await api.find(path, query, request));
  if (match === undefined) return undefined;
  request.matched?.(match.pattern, paramsOf(match));
  nameSpan(request.mount ?? prefix, match.pattern);
  const response = await api.handle(toApiRequest(request, api.limits.bodyLimit), match);
  return response && toHostResponse(await inSlices(response), request);
}

const none: Readonly<Record<string, string>> = {};

const paramsOf = (match: Match) => (match.type === "page" ? none : namedParams(match));

const toApiRequest = (request: HostRequest, bodyLimit: number): ApiRequest =>
  requestFrom(
    {
      method: request.method,
      path: request.path,
      query: request.query,
      prefix: request.prefix,
      header: (name) => request.header(name),
      body: () => request.body(bodyLimit),
      user: request.user,
      id: hostId(request.id),
      raw: request.raw,
    },
    () => request.signal?.(),
  );

function toHostResponse(
  { status, headers, body: text, bytes, pieces }: ApiResponse,
  request: HostRequest,
): HostResponse {
  return { status, headers: joiningVary(headers, request.vary?.()), body: text ?? bytes, pieces };
}
