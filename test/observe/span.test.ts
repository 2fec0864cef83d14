// OpenTelemetry: the HTTP instrumentation's span gets the route's name, by the keys of the real API package.
import { AsyncLocalStorage } from "node:async_hooks";
import Router from "@koa/router";
import { type Context, context, createContextKey, ROOT_CONTEXT } from "@opentelemetry/api";
import express from "express";
import Fastify from "fastify";
import Koa from "koa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeRoutes as expressRoutes } from "../../adapters/express.js";
import { makeRoutes as fastifyRoutes } from "../../adapters/fastify.js";
import { makeRoutes as koaRoutes } from "../../adapters/koa.js";
import { type Created, sqlite } from "../support/databases.js";
import { type Listening, listen, request } from "../support/http.js";
import { shop } from "./shop.js";

const storage = new AsyncLocalStorage<Context>();
/** As @opentelemetry/core calls it. */
const key = createContextKey("OpenTelemetry SDK Context Key RPC_METADATA");
const { create } = sqlite;
let database: Created;

beforeAll(async () => {
  database = await create(shop.sqlite);
  context.setGlobalContextManager({
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, work, self, ...args) => storage.run(active, () => work.apply(self as never, args)),
    bind: (_active, target) => target,
    enable: () => storage as never,
    disable: () => storage as never,
  });
});
afterAll(async () => {
  context.disable();
  await database?.drop();
});

type Handler = Parameters<typeof listen>[0];

/** What the instrumentation would name the span, when a framework's own has put `before` there. */
async function routeOf(handler: Handler, path: string, before?: string): Promise<string | undefined> {
  const metadata: { route?: string } = { route: before };
  const server: Listening = await listen((req, res) =>
    context.with(ROOT_CONTEXT.setValue(key, metadata), () => handler(req, res)),
  );
  try {
    expect((await request(server.base, "GET", path)).status).toBe(200);
    return metadata.route;
  } finally {
    await server.close();
  }
}

describe("GET /albums/:id/artist", () => {
  test("Koa, bare and in a router whose prefix has a parameter", async () => {
    const api = await koaRoutes(database.url);
    const bare = new Koa().use(api.routes()).callback();
    expect(await routeOf(bare, "/albums/1/artist")).toBe("/albums/:id/artist");
    const router = new Router().use("/:tenant/api", api.routes() as never);
    const nested = new Koa().use(router.routes()).callback();
    const before = "/:tenant/api{/*below}";
    expect(await routeOf(nested, "/7/api/albums/1/artist", before)).toBe("/:tenant/api/albums/:id/artist");
    await api.close();
  });

  test("Express, with its own instrumentation and without", async () => {
    const api = await expressRoutes(database.url);
    const app = express().use("/:tenant/api", api);
    expect(await routeOf(app, "/7/api/albums/1/artist", "/:tenant/api")).toBe("/:tenant/api/albums/:id/artist");
    expect(await routeOf(express().use("/api", api), "/api/albums/1/artist")).toBe("/api/albums/:id/artist");
    await api.close();
  });

  test("Fastify, below a prefix that has a parameter", async () => {
    const app = Fastify();
    await app.register(await fastifyRoutes(database.url), { prefix: "/:tenant/api" });
    await app.ready();
    const route = await routeOf(app.routing, "/7/api/albums/1/artist", "/:tenant/api/*");
    expect(route).toBe("/:tenant/api/albums/:id/artist");
    await app.close();
  });
});
