// Fastify's request → a host's, and its answer into the reply: a plugin that stays in its own encapsulation.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Knex } from "knex";
import {
  type ApiOptions,
  type ApiRequest,
  bodyTooLarge,
  bytesBody,
  fromNode,
  type Host,
  type HostResponse,
  type HttpError,
  type Mounted,
  openHost,
  problem,
  problemResponse,
  splitUrl,
  streamOf,
} from "../src/host.js";

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
  const host = await openHost(db, options);
  return host.mounted((fastify: FastifyInstance) => register(host, fastify));
}

async function register(host: Host, fastify: FastifyInstance): Promise<void> {
  const { bodyLimit } = host.api.limits;
  // Bodies arrive as bytes, by Fastify's own reading and limits: its JSON parser would round 64-bit numbers.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser("*", { parseAs: "buffer", bodyLimit }, (_request, bytes, done) => done(null, bytes));
  // Another stream than the request's own has been decoded by the app already, as @fastify/compress does.
  const decoded = new WeakSet<FastifyRequest>();
  fastify.addHook("preParsing", (request, _reply, payload, done) => {
    if (payload !== request.raw) decoded.add(request);
    done(null, payload);
  });
  const { errorHandler } = fastify;
  fastify.setErrorHandler((error: FastifyError, request, reply) => {
    const refused = refusals[error.code]?.(bodyLimit);
    if (refused !== undefined) return write(reply, problemResponse(refused));
    if (errorHandler.name !== FASTIFYS_OWN || (error.statusCode ?? 500) < 500) throw error;
    request.log.error({ req: request, res: reply, err: error }, error.message);
    return write(reply, problemResponse(problem("internal_error", "The server's log says more."), request.id));
  });
  fastify.addHook("onClose", () => host.api.close());
  const mount = fastify.prefix.replace(/\/$/, "");
  const before = mountedAt(mount);
  const body = (request: FastifyRequest, limit: number) =>
    bytesBody(request.body as Buffer, decoded.has(request) ? undefined : request.headers["content-encoding"], limit);
  // A method of its own since Fastify 5, with a body; earlier ones do not know it.
  if (!fastify.supportedMethods?.includes("QUERY")) fastify.addHttpMethod?.("QUERY", { hasBody: true });
  fastify.all("/*", async (request, reply) => {
    const { path: whole, query } = splitUrl(request.raw.url);
    const path = whole.replace(before, "");
    const answer = await host.handle({
      ...fromNode(request.raw, reply.raw),
      path,
      query,
      prefix: whole.slice(0, whole.length - path.length),
      mount,
      vary: () => reply.getHeader("vary"),
      body: (limit) => body(request, limit),
      user: (request as { user?: unknown }).user,
      id: request.id,
      raw: request,
    });
    return answer === undefined ? reply.callNotFound() : write(reply, answer);
  });
}

/** The error handler of an app that has set none: it would show the client the error's message, be it SQL. */
const FASTIFYS_OWN = "defaultErrorHandler";

/** What Fastify refuses before a handler sees the request, in the API's words. */
const refusals: Readonly<Record<string, (bodyLimit: number) => HttpError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: bodyTooLarge,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    problem("unsupported_media_type", "Send JSON with Content-Type: application/json."),
};

const write = (reply: FastifyReply, { status, headers, body, pieces }: HostResponse): FastifyReply =>
  reply
    .code(status)
    .headers(headers)
    .send(pieces === undefined ? body : streamOf(pieces));

/** What stands before the path below the mount point. A prefix may hold parameters: only its number of segments is certain. */
const mountedAt = (prefix: string): RegExp => new RegExp(`^(?:/[^/]*){${prefix.split("/").length - 1}}`);
