// Fastify's request → an `ApiRequest`, and the answer into its reply: a plugin that stays in its own encapsulation.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Knex } from "knex";
import type { Api } from "../src/api/api.js";
import { createApi } from "../src/api/create.js";
import { type Mounted, mounted } from "../src/api/mounted.js";
import type { ApiOptions } from "../src/api/options.js";
import { leavingOf } from "../src/http/client-left.js";
import { headerOf } from "../src/http/header.js";
import { codingsOf, inflated } from "../src/http/inflate.js";
import { type ApiRequest, type ApiResponse, type RequestBody, requestFrom } from "../src/http/message.js";
import { bodyTooLarge, type HttpError, problem, problemResponse } from "../src/http/problem.js";
import { nameSpan } from "../src/http/span.js";
import { streamOf } from "../src/http/stream.js";
import { joiningVary } from "../src/http/vary.js";

export interface FastifyApi extends Mounted {
  /** The plugin: `app.register(api, { prefix: "/api" })`. Closing the app closes what was opened here. */
  (fastify: FastifyInstance): Promise<void>;
}

export interface FastifyApiOptions extends ApiOptions {
  /** Who asks, as the app's own authentication knows it: an object with the `role` in it, or nothing for nobody. */
  user?(request: FastifyRequest, asked: ApiRequest): unknown;
}

/**
 * The routes of a database: a connection string, a knex config or a knex instance. Rejects with a `ConfigError` where it is
 * `undefined` or empty, as an environment variable may be.
 */
export async function makeRoutes(
  db: string | Knex | Knex.Config | undefined,
  options: FastifyApiOptions = {},
): Promise<FastifyApi> {
  const api = await createApi(db, options);
  return mounted((fastify: FastifyInstance) => register(api, fastify), api);
}

async function register(api: Api, fastify: FastifyInstance): Promise<void> {
  // Bodies arrive as bytes, by Fastify's own reading and limits: its JSON parser would round 64-bit numbers.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: api.limits.bodyLimit }, (_request, bytes, done) =>
    done(null, bytes),
  );
  // Another stream than the request's own has been decoded by the app already, as @fastify/compress does.
  const decoded = new WeakSet<FastifyRequest>();
  fastify.addHook("preParsing", (request, _reply, payload, done) => {
    if (payload !== request.raw) decoded.add(request);
    done(null, payload);
  });
  const { errorHandler } = fastify;
  fastify.setErrorHandler((error: FastifyError, request, reply) => {
    const refused = refusals[error.code]?.(api.limits);
    if (refused !== undefined) return write(reply, problemResponse(refused));
    if (errorHandler.name !== FASTIFYS_OWN || (error.statusCode ?? 500) < 500) throw error;
    request.log.error({ req: request, res: reply, err: error }, error.message);
    return write(reply, problemResponse(problem("internal_error", "The server's log says more."), request.id));
  });
  fastify.addHook("onClose", () => api.close());
  const body = async (request: FastifyRequest) => {
    const codings = decoded.has(request) ? [] : codingsOf(request.headers["content-encoding"]);
    return inflated(bytesOf(request), codings, api.limits.bodyLimit);
  };
  const mount = { pattern: fastify.prefix.replace(/\/$/, ""), segments: segments(fastify.prefix), body };
  fastify.all("/*", (request, reply) => serve(api, request, reply, mount));
}

/** The error handler of an app that has set none: it would show the client the error's message, be it SQL. */
const FASTIFYS_OWN = "defaultErrorHandler";

/** What Fastify refuses before a handler sees the request, in the API's words. */
const refusals: Readonly<Record<string, (limits: Api["limits"]) => HttpError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ({ bodyLimit }) => bodyTooLarge(bodyLimit),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    problem("unsupported_media_type", "Send JSON with Content-Type: application/json."),
};

interface Mount {
  readonly pattern: string;
  readonly segments: number;
  body(request: FastifyRequest): Promise<RequestBody>;
}

async function serve(api: Api, request: FastifyRequest, reply: FastifyReply, mount: Mount): Promise<unknown> {
  const [whole = "", ...rest] = (request.raw.url ?? "/").split("?");
  const path = whole.slice(nthSlash(whole, mount.segments + 1));
  const matched = api.match(path) ?? (await api.find(path, rest.join("?")));
  if (matched === undefined) return reply.callNotFound();
  nameSpan(mount.pattern, matched.node.pattern);
  const translated = requestFrom(
    {
      method: request.method,
      path,
      query: rest.join("?"),
      prefix: whole.slice(0, whole.length - path.length),
      header: (name) => headerOf(request.headers, name),
      body: () => mount.body(request),
      user: (request as { user?: unknown }).user,
      id: request.id,
      raw: request,
    },
    () => leavingOf(reply.raw),
  );
  const response = await api.handle(translated, matched);
  return response === undefined ? reply.callNotFound() : write(reply, response);
}

const bytesOf = ({ body }: FastifyRequest): RequestBody => ({
  kind: "bytes",
  bytes: (body as Buffer | undefined) ?? Buffer.alloc(0),
});

function write(reply: FastifyReply, { status, headers, body, bytes, pieces }: ApiResponse): FastifyReply {
  return reply
    .code(status)
    .headers(joiningVary(headers, reply.getHeader("vary")))
    .send(pieces === undefined ? (body ?? bytes) : streamOf(pieces));
}

/** A prefix may hold parameters: only its number of segments is certain. */
const segments = (prefix: string): number => prefix.split("/").filter((part) => part !== "").length;

function nthSlash(path: string, n: number): number {
  let at = -1;
  for (let i = 0; i < n; i++) at = path.indexOf("/", at + 1);
  return at === -1 ? path.length : at;
}
