// Koa's context → a host's request, and its answer back into the context. Nests in an @koa/router, whose paths it takes over.
import type { Knex } from "knex";
import type { Context, Middleware, Next } from "koa";
import {
  type ApiOptions,
  type ApiRequest,
  fromNode,
  type Host,
  type HostResponse,
  type Mounted,
  nodeBody,
  openHost,
  streamOf,
} from "../src/host.js";

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
  const host = await openHost(db, options);
  const middleware = await nestable((ctx, next) => serve(host, ctx, next));
  return host.mounted({ routes: () => middleware, allowedMethods: () => (_ctx: Context, next: Next) => next() });
}

async function serve(host: Host, ctx: Context, next: Next): Promise<void> {
  const path = pathBehindMount(ctx);
  const prefix = prefixOf(ctx, path);
  const answer = await host.handle({
    ...fromNode(ctx.req, ctx.res),
    path,
    query: ctx.querystring,
    prefix,
    mount: mountOf(ctx, prefix),
    body: (limit) => nodeBody(ctx.req, (ctx.request as { body?: unknown }).body, limit),
    user: ctx.state.user,
    raw: ctx,
    matched: (pattern, params) => {
      ctx._matchedRoute = prefix + pattern;
      const { below: _, ...outer } = ctx.params ?? {};
      ctx.params = { ...outer, ...params };
    },
  });
  if (answer === undefined) return next();
  write(ctx, answer);
}

function write(ctx: Context, { status, headers, body, pieces }: HostResponse): void {
  // Without this, Koa writes the status' own words where there is no body. It sets 204, so the status comes after it.
  if (body === undefined && pieces === undefined && ctx.method !== "HEAD") ctx.body = null;
  ctx.status = status;
  ctx.set(headers);
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
