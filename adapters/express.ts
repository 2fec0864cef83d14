/// <reference path="./express-lacking.d.ts" preserve="true" />
// Express' request → a host's, and its answer onto Express' response. A middleware: it needs no package of Express itself.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Request } from "express-serve-static-core";
import type { Knex } from "knex";
import {
  type ApiOptions,
  type ApiRequest,
  fromNode,
  type Mounted,
  nodeBody,
  openHost,
  splitUrl,
  writeToNode,
} from "../src/host.js";

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
  const host = await openHost(db, options);
  const serve = async (request: ExpressRequest, response: ServerResponse, next: (error?: unknown) => void) => {
    const { baseUrl = "", user } = request;
    const answer = await host.handle({
      ...fromNode(request, response),
      ...splitUrl(request.url),
      prefix: baseUrl,
      mount: (known = baseUrl) => known,
      body: (limit) => nodeBody(request, request.body, limit),
      user,
      raw: request,
      matched: (pattern, params) => {
        // What watches Express reads the route's pattern here.
        request.route = { path: pattern };
        request.params = { ...(request.params as object), ...params };
      },
    });
    if (answer === undefined) next();
    else writeToNode(response, answer, next);
  };
  return host.mounted((...[request, response, next]: Parameters<ExpressApi>) => {
    serve(request, response, next).catch(next);
  });
}
