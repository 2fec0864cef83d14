// Each adapter's makeRoutes against its framework's own types; checked by `npm run check`, against the declarations of the
// packed tarball in test/package.
import type Router from "@koa/router";
import type { Express, Request, RequestHandler } from "express";
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from "fastify";
import type { Knex } from "knex";
import type Koa from "koa";
import type { ApiOptions, RouteTree, Schema } from "sapwood";
import type { ExpressApi, ExpressApiOptions, makeRoutes as forExpress } from "sapwood/express";
import type { FastifyApi, FastifyApiOptions, makeRoutes as forFastify } from "sapwood/fastify";
import type { makeRoutes as forKoa, KoaApi, KoaApiOptions } from "sapwood/koa";
import { expectTypeOf, test } from "vitest";

type MakeRoutes<T, O> = (db: string | Knex | Knex.Config | undefined, options?: O) => Promise<T>;

test("makeRoutes is the same function in each", () => {
  expectTypeOf<typeof forKoa>().toEqualTypeOf<MakeRoutes<KoaApi, KoaApiOptions>>();
  expectTypeOf<typeof forExpress>().toEqualTypeOf<MakeRoutes<ExpressApi, ExpressApiOptions>>();
  expectTypeOf<typeof forFastify>().toEqualTypeOf<MakeRoutes<FastifyApi, FastifyApiOptions>>();
});

test("user is asked with the framework's own", () => {
  type Asked<O extends ApiOptions> = Parameters<NonNullable<O["user"]>>[0];
  expectTypeOf<Asked<KoaApiOptions>>().toEqualTypeOf<Koa.Context>();
  expectTypeOf<Asked<ExpressApiOptions>>().toEqualTypeOf<Request>();
  expectTypeOf<Asked<FastifyApiOptions>>().toEqualTypeOf<FastifyRequest>();
  expectTypeOf<Omit<KoaApiOptions, "user">>().toEqualTypeOf<Omit<ApiOptions, "user">>();
});

test("what it answers with shows the tree and the schema, and closes", () => {
  interface Common {
    readonly tree: RouteTree;
    readonly schema: Schema;
    close(): Promise<void>;
  }
  expectTypeOf<KoaApi>().toExtend<Common>();
  expectTypeOf<ExpressApi>().toExtend<Common>();
  expectTypeOf<FastifyApi>().toExtend<Common>();
});

test("Koa: routes() and allowedMethods() go into an app and into an @koa/router", () => {
  expectTypeOf<ReturnType<KoaApi["routes"]>>().toEqualTypeOf<Koa.Middleware>();
  expectTypeOf<ReturnType<KoaApi["allowedMethods"]>>().toEqualTypeOf<Koa.Middleware>();
  const mount = (app: Koa, router: Router, api: KoaApi) => {
    app.use(api.routes()).use(api.allowedMethods());
    router.use("/api", api.routes(), api.allowedMethods());
    // @ts-expect-error the API itself is no middleware
    app.use(api);
  };
  expectTypeOf(mount).not.toBeAny();
});

test("Express: the API is a request handler", () => {
  expectTypeOf<ExpressApi>().toExtend<RequestHandler>();
  const mount = (app: Express, api: ExpressApi) => {
    app.use(api);
    app.use("/api", api);
    // @ts-expect-error a promise of it is none: `await makeRoutes(db)`
    app.use(Promise.resolve(api));
  };
  expectTypeOf(mount).not.toBeAny();
});

test("Fastify: the API is a plugin that takes a prefix", () => {
  expectTypeOf<FastifyApi>().toExtend<FastifyPluginAsync>();
  const mount = async (app: FastifyInstance, api: FastifyApi) => {
    await app.register(api);
    await app.register(api, { prefix: "/api" });
    // @ts-expect-error a prefix is a text
    await app.register(api, { prefix: 1 });
  };
  expectTypeOf(mount).not.toBeAny();
});

test("user is written without a word on types", () => {
  const express = {
    user: (req) => ({ role: "member", from: req.ip, path: req.originalUrl }),
  } satisfies ExpressApiOptions;
  const koa = { user: (ctx) => ({ role: "member", from: ctx.ip, ...ctx.state.user }) } satisfies KoaApiOptions;
  const fastify = { user: (request) => ({ role: "member", from: request.ip }) } satisfies FastifyApiOptions;
  expectTypeOf(express.user).returns.toExtend<{ from: string | undefined }>();
  expectTypeOf(koa.user).returns.toExtend<{ from: string }>();
  expectTypeOf(fastify.user).returns.toExtend<{ from: string }>();
});

test("a mistake in the call is a compile error", () => {
  const calls = (make: typeof forKoa & typeof forExpress & typeof forFastify, knex: Knex) => {
    make("sqlite:a.db");
    make({ client: "pg", connection: "postgres://localhost/a" }, { depth: 3 });
    make(knex, {});
    make(process.env.DATABASE_URL);
    // @ts-expect-error a database is needed
    make();
    // @ts-expect-error a URL object is no connection string
    make(new URL("postgres://localhost/a"));
    // @ts-expect-error no such option
    make("sqlite:a.db", { deepness: 3 });
  };
  expectTypeOf(calls).not.toBeAny();
});
