// One request and one response, without a framework in them. Adapters translate into and out of these.
import type { Caller } from "./caller.js";
import type { Target } from "./target.js";

/** The methods that routes have: HEAD and OPTIONS are answered where these are. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface ApiRequest {
  readonly method: string;
  /** The path behind the mount point, still percent-encoded: `/albums/1/tracks`. */
  readonly path: string;
  /** The query string without `?`, still encoded; empty when there is none. */
  readonly query: string;
  /** What links in the answer lead to, where that is not `path` and `query`: a query may have come in a body. */
  readonly linked?: Target;
  /** What stands before `path` in the URL, still encoded and without a slash at its end: `/api`. For `Location` and `Link`. */
  readonly prefix: string;
  /** A header's value by its lower-case name. */
  header(name: string): string | undefined;
  /** The body: bytes as they came, what a parser before us made of them, or nothing. Read only by routes that take one. */
  body(): Promise<RequestBody>;
  /** Who asks, as the host's authentication left it: Koa's `ctx.state.user`, Express' and Fastify's `request.user`. */
  readonly user?: unknown;
  /** Who asks, as far as sapwood's own rights go; set by the API itself, never by a host. */
  readonly caller?: Caller;
  /** What the host calls this request in its logs, if it does. */
  readonly id?: string;
  /**
   * Aborted when the client has left: what the request has begun is then broken off and rolled back. For hooks, also when the
   * time for the whole request is over (`answerTimeout`).
   */
  readonly signal?: AbortSignal;
  /** The framework's own request or context, for hooks. */
  readonly raw: unknown;
}

/** What hosts say of a request at once; its signal they make when it is first looked at. */
type SaidAtOnce = Omit<ApiRequest, "signal">;

/** Fields and a getter of one class: an object literal with a getter has a shape of its own each time, which is ten times as slow. */
class LazySignalRequest implements ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly linked: Target | undefined;
  readonly prefix: string;
  readonly header: ApiRequest["header"];
  readonly body: ApiRequest["body"];
  readonly user: unknown;
  readonly caller: Caller | undefined;
  readonly id: string | undefined;
  readonly raw: unknown;
  readonly #signal: () => AbortSignal | undefined;

  constructor(said: SaidAtOnce, signal: () => AbortSignal | undefined) {
    this.method = said.method;
    this.path = said.path;
    this.query = said.query;
    this.linked = said.linked;
    this.prefix = said.prefix;
    this.header = said.header;
    this.body = said.body;
    this.user = said.user;
    this.caller = said.caller;
    this.id = said.id;
    this.raw = said.raw;
    this.#signal = signal;
  }

  get signal(): AbortSignal | undefined {
    return this.#signal();
  }
}

/** A request whose signal is made when it is first looked at. */
export const requestFrom = (said: SaidAtOnce, signal: () => AbortSignal | undefined): ApiRequest =>
  new LazySignalRequest(said, signal);

/** The same request but for what is said. A plain copy: objects that inherit from a request make every look at one slow. */
export function requestWith(request: ApiRequest, said: Partial<SaidAtOnce>): ApiRequest {
  const { method, path, query, linked, prefix, user, caller, id, raw } = request;
  const { header = (name) => request.header(name), body = () => request.body() } = said;
  const copied = { method, path, query, linked, prefix, user, caller, id, raw, header, body };
  const copy = requestFrom(copied, () => request.signal);
  return Object.assign(copy, said);
}

/** Who sent this request; nobody where it carries no credentials. Throws 401 for credentials that are not valid. */
export type Identify = (request: ApiRequest) => Promise<Caller | undefined>;

export type RequestBody =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "parsed"; readonly value: unknown }
  /** The body is larger than the limit; nothing more of it was read. */
  | { readonly kind: "too-large"; readonly limit: number };

export interface ApiResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The text to write as it is; left out where the status has no body, and for HEAD. */
  readonly body?: string;
  /** Instead of `body`, where they are kept so. */
  readonly bytes?: Buffer;
  /** Instead of `body`, where it is too long to be held: texts to write one after the other as the client takes them. */
  readonly pieces?: AsyncIterable<string>;
  /** The servers that were asked, by their names, where there are replicas: for the log. */
  readonly servers?: ReadonlySet<string>;
  /** What became of a GET where answers are kept, in a word: for `Server-Timing`. */
  readonly outcome?: string;
}
