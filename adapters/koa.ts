// Koa's context → an `ApiRequest`, and the answer back into it. Nests in an @koa/router, whose paths it takes over.
import type { Knex } from "knex";
import type { Context, Middleware, Next } from "koa";
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
import { streamOf } from "../src/http/stream.js";
import { joiningVary } from "../src/http/vary.js";
import { markRounded } from "../src/request/rounded.js";
import { namedParams } from "../src/routes/match.js";

export interface KoaApi extends Mounted {
  /** The middleware: `app.use(api.routes())`, or `router.use("/api", api.routes())` on an @koa/router. Passes on what it does not match. */
  routes(): Middleware;
  /** OPTIONS and 405 are answered by `routes()`; this stands here for those who write both, as with @koa/router. */
  allowedMethods(): Middleware;
}

export interface KoaApiOptions extends ApiOptions {
  /** Who asks, as the app's own authentication knows it: an object with the `role` in it, or nothing for nobody. */
  user?(context: Context, asked: ApiRequest): unknown;
}

/**
 * The routes of a database: a connection string, a knex config or a knex instance. Rejects with a `ConfigError` where it is
 * `undefined` or empty, as an environment variable may be.
 */
export async function makeRoutes(
  db: string | Knex | Knex.Config | undefined,
  options: KoaApiOptions = {},
): Promise<KoaApi> {
  const api = await createApi(db, options);
  const middleware = await nestable((ctx, next) => serve(api, ctx, next));
  return mounted({ routes: () => middleware, allowedMethods: () => (_ctx: Context, next: Next) => next() }, api);
}

async function serve(api: Api, ctx: Context, next: Next): Promise<void> {
  const path = pathBehindMount(ctx);
  const matched = api.match(path) ?? (await api.find(path, ctx.querystring));
  if (matched === undefined) return next();
  const prefix = prefixOf(ctx, path);
  ctx._matchedRoute = prefix + matched.node.pattern;
  nameSpan(mountOf(ctx, prefix), matched.node.pattern);
  const { below: _, ...outer } = ctx.params ?? {};
  ctx.params = { ...outer, ...namedParams(matched) };
  const request = requestFrom(
    {
      method: ctx.method,
      path,
      query: ctx.querystring,
      prefix,
      header: (name) => headerOf(ctx.headers, name),
      body: () => body(ctx, api.limits.bodyLimit),
      user: ctx.state.user,
      id: hostId((ctx.req as { id?: unknown }).id),
      raw: ctx,
    },
    () => leavingOf(ctx.res),
  );
  const response = await api.handle(request, matched);
  if (response === undefined) return next();
  write(ctx, response);
}

/** A parser that ran has emptied the stream; one that did not care for this body has left it full, whatever stands in `body`. */
async function body(ctx: Context, limit: number): Promise<RequestBody> {
  const parsed = (ctx.request as { body?: unknown }).body;
  if (parsed === undefined || !ctx.req.readableEnded) return readBody(ctx.req, limit);
  return { kind: "parsed", value: markRounded(parsed) };
}

function write(ctx: Context, { status, headers, body: text, bytes, pieces }: ApiResponse): void {
  const body = text ?? bytes;
  // Without this, Koa writes the status' own words where there is no body. It sets 204, so the status comes after it.
  if (body === undefined && pieces === undefined && ctx.method !== "HEAD") ctx.body = null;
  ctx.status = status;
  ctx.set(joiningVary(headers, ctx.res.getHeader("vary")) as Record<string, string>);
  if (body !== undefined) ctx.body = body;
  // Koa 2 would leave a connection open whose stream has failed.
  if (pieces !== undefined) ctx.body = streamOf(pieces).once("error", () => ctx.res.destroy());
}

/** An @koa/router that nests this middleware puts its own prefix before one of these: path-to-regexp 8 is behind 14 and 15, 6 behind 12 and 13. */
const nestings = ["{/*below}", "/:below(.*)?"];

const nestingOf = (routerPath: string | undefined): string | undefined =>
  nestings.find((nesting) => routerPath?.endsWith(nesting));

/** The router's captures are raw: those of its prefix, then ours, then those of the alternatives that did not match. */
function pathBehindMount(ctx: Context): string {
  const { captures, routerPath, params } = ctx as Partial<Nested> & Context;
  if (nestingOf(routerPath) === undefined) return ctx.path;
  return params?.below === undefined ? "/" : `/${captures?.findLast((capture) => capture !== undefined)}`;
}

interface Nested {
  readonly captures: readonly (string | undefined)[];
  readonly routerPath: string;
  readonly params: Readonly<Record<string, string>>;
}

function prefixOf(ctx: Context, path: string): string {
  const [whole = ""] = ctx.originalUrl.split("?", 1);
  return whole.endsWith(path) ? whole.slice(0, -path.length) : "";
}

/** A router's own prefix, as it is written. */
function mountOf(ctx: Context, prefix: string): string {
  const { routerPath } = ctx as Partial<Nested> & Context;
  const nesting = nestingOf(routerPath);
  return nesting === undefined ? prefix : (routerPath as string).slice(0, -nesting.length);
}

/** Gives the middleware the `router` by which @koa/router recognizes what it can nest, where that package is installed. */
async function nestable(middleware: Middleware): Promise<Middleware> {
  const module = await import("@koa/router").catch(() => undefined);
  if (module === undefined) return middleware;
  return Object.assign(middleware, { router: routerOn(module.default, middleware) });
}

function routerOn(Router: typeof import("@koa/router").default, middleware: Middleware): object {
  const faults: unknown[] = [];
  for (const nesting of nestings) {
    try {
      return new Router().all(nesting, middleware as never);
    } catch (error) {
      faults.push(error);
    }
  }
  throw faults[0];
}
