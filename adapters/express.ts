/// <reference path="./express-lacking.d.ts" preserve="true" />
// Express' request → an `ApiRequest`, and the answer onto its response. A middleware: it needs no package of Express itself.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Request } from "express-serve-static-core";
import type { Knex } from "knex";
import type { Api } from "../src/api/api.js";
import { createApi } from "../src/api/create.js";
import { type Mounted, mounted } from "../src/api/mounted.js";
import type { ApiOptions } from "../src/api/options.js";
import { readBody } from "../src/http/body-stream.js";
import { leavingOf } from "../src/http/client-left.js";
import { headerOf } from "../src/http/header.js";
import { type ApiRequest, type ApiResponse, type RequestBody, requestFrom } from "../src/http/message.js";
import { hostId } from "../src/http/request-id.js";
import { nameSpan } from "../src/http/span.js";
import { writePieces } from "../src/http/stream.js";
import { joiningVary } from "../src/http/vary.js";
import { markRounded } from "../src/request/rounded.js";
import { namedParams } from "../src/routes/match.js";

/** What is used of Express' request, the same in Express 4 and 5. */
export interface ExpressRequest extends IncomingMessage {
  readonly baseUrl?: string;
  body?: unknown;
  user?: unknown;
  /** As pino-http and the like name requests. */
  id?: unknown;
  params?: unknown;
  route?: unknown;
}

export interface ExpressApi extends Mounted {
  /** The middleware: `app.use("/api", api)`. Passes on what it does not match, and errors that are not its own. */
  (request: ExpressRequest, response: ServerResponse, next: (error?: unknown) => void): void;
}

export interface ExpressApiOptions extends ApiOptions {
  /** Who asks, as the app's own authentication knows it: an object with the `role` in it, or nothing for nobody. */
  user?(request: Request, asked: ApiRequest): unknown;
}

/**
 * The routes of a database: a connection string, a knex config or a knex instance. Rejects with a `ConfigError` where it is
 * `undefined` or empty, as an environment variable may be.
 */
export async function makeRoutes(
  db: string | Knex | Knex.Config | undefined,
  options: ExpressApiOptions = {},
): Promise<ExpressApi> {
  const api = await createApi(db, options);
  const middleware = (request: ExpressRequest, response: ServerResponse, next: (error?: unknown) => void): void => {
    serve(api, request, response, next).catch(next);
  };
  return mounted(middleware, api);
}

async function serve(
  api: Api,
  request: ExpressRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
): Promise<void> {
  const url = request.url ?? "/";
  const mark = url.indexOf("?");
  const path = mark === -1 ? url : url.slice(0, mark);
  const matched = api.match(path) ?? (await api.find(path, url.slice(path.length + 1)));
  if (matched === undefined) return next();
  // What watches Express reads the route's pattern here.
  request.route = { path: matched.node.pattern };
  nameSpan((mount = request.baseUrl ?? "") => mount, matched.node.pattern);
  request.params = { ...(request.params as object), ...namedParams(matched) };
  const translated = requestFrom(
    {
      method: request.method ?? "GET",
      path,
      query: mark === -1 ? "" : url.slice(mark + 1),
      prefix: request.baseUrl ?? "",
      header: (name) => headerOf(request.headers, name),
      body: () => body(request, api.limits.bodyLimit),
      user: request.user,
      id: hostId(request.id),
      raw: request,
    },
    () => leavingOf(response),
  );
  const answer = await api.handle(translated, matched);
  if (answer === undefined) return next();
  write(response, answer, next);
}

/** A parser that ran has emptied the stream; one that did not care for this body has left it full, whatever stands in `body`. */
async function body(request: ExpressRequest, limit: number): Promise<RequestBody> {
  if (request.body === undefined || !request.readableEnded) return readBody(request, limit);
  // `express.raw()` and `express.text()` read a body without parsing it.
  if (Buffer.isBuffer(request.body)) return { kind: "bytes", bytes: request.body };
  if (typeof request.body === "string") return { kind: "bytes", bytes: Buffer.from(request.body) };
  return { kind: "parsed", value: markRounded(request.body) };
}

function write(
  response: ServerResponse,
  { status, headers, body: text, bytes, pieces }: ApiResponse,
  failed: (error: unknown) => void,
): void {
  const body = text ?? bytes;
  const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { ...joiningVary(headers, response.getHeader("vary")), ...length });
  if (pieces === undefined) response.end(body);
  else writePieces(response, pieces, failed);
}
