// The three frameworks as an app would use them: the API below a prefix, somebody logged in, and an error handling of the app's own.
import Router from "@koa/router";
import express, { type ErrorRequestHandler } from "express";
import Fastify from "fastify";
import type { Knex } from "knex";
import Koa from "koa";
import { makeRoutes as expressRoutes } from "../../adapters/express.js";
import { makeRoutes as fastifyRoutes } from "../../adapters/fastify.js";
import { makeRoutes as koaRoutes } from "../../adapters/koa.js";
import type { Mounted } from "../../src/api/mounted.js";
import type { ApiOptions } from "../../src/api/options.js";
import { type Answer, listen, type RequestParts, request } from "./http.js";

export interface App {
  /** `ask("GET /members?age=36")`: the first two words are sent, below the prefix; the rest of the line is for the reader. */
  ask(line: string, parts?: RequestParts): Promise<Answer>;
  readonly base: string;
  readonly prefix: string;
  /** What `makeRoutes` answered, but for the framework's own side of it. */
  readonly api: Mounted;
  /** What reached the framework's own error handling. */
  readonly errors: unknown[];
  close(): Promise<void>;
}

export interface Framework {
  readonly name: "koa" | "express" | "fastify";
  start(db: string | Knex | Knex.Config, options?: ApiOptions, prefix?: string): Promise<App>;
}

/** What the apps take for a log-in: the header's text is the user. */
const user = "x-user";

const koa: Framework = {
  name: "koa",
  async start(db, options, prefix = "/api") {
    const api = await koaRoutes(db, options);
    const app = new Koa();
    const errors: unknown[] = [];
    app.on("error", (error) => errors.push(error));
    app.use((ctx, next) => {
      ctx.state.user = ctx.get(user) || undefined;
      return next();
    });
    app.use(prefix === "" ? api.routes() : new Router().use(prefix, api.routes() as never).routes());
    const { base, close } = await listen(app.callback());
    return appAt(base, prefix, api, errors, () => close().then(() => api.close()));
  },
};

const onExpress: Framework = {
  name: "express",
  async start(db, options, prefix = "/api") {
    const api = await expressRoutes(db, options);
    const app = express();
    const errors: unknown[] = [];
    const failed: ErrorRequestHandler = (error, _request, response, _next) => {
      errors.push(error);
      response.status(500).end("the app's own");
    };
    app.use((request, _response, next) => {
      Object.assign(request, { user: request.get(user) });
      next();
    });
    app.use(prefix, api).use(failed);
    const { base, close } = await listen(app);
    return appAt(base, prefix, api, errors, () => close().then(() => api.close()));
  },
};

const onFastify: Framework = {
  name: "fastify",
  async start(db, options, prefix = "/api") {
    const app = Fastify();
    const errors: unknown[] = [];
    app.setErrorHandler((error, _request, reply) => {
      errors.push(error);
      return reply.code(500).send("the app's own");
    });
    app.addHook("onRequest", async (request) => {
      Object.assign(request, { user: request.headers[user] });
    });
    const api = await fastifyRoutes(db, options);
    app.register(api, { prefix });
    const base = await app.listen({ port: 0, host: "127.0.0.1" });
    const close = async () => {
      app.server.closeAllConnections();
      await app.close();
    };
    return appAt(base, prefix, api, errors, close);
  },
};

export const frameworks: readonly Framework[] = [koa, onExpress, onFastify];

/** Where the framework does not matter. */
export const anyFramework = koa;

function appAt(base: string, prefix: string, api: Mounted, errors: unknown[], close: () => Promise<void>): App {
  const ask = (line: string, parts?: RequestParts) => {
    const [method = "", path = ""] = line.split(" ");
    return request(base, method, prefix + path, parts);
  };
  return { ask, base, prefix, api, errors, close };
}
