// What the API's answers carry beside a host's own headers, in every framework: nosniff, Vary, and whose answer it is.
import express from "express";
import Fastify from "fastify";
import Koa from "koa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeRoutes as onExpress } from "../../adapters/express.js";
import { makeRoutes as onFastify } from "../../adapters/fastify.js";
import { makeRoutes as onKoa } from "../../adapters/koa.js";
import type { ApiOptions } from "../../src/api/options.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { listen, request } from "../support/http.js";

const [sqlite] = databases as [TestDatabase];
let database: Created;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  database = await sqlite.create(
    "CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO clubs VALUES (1, 'Rowing');",
  );
});
afterAll(async () => {
  for (const end of ends) await end();
  await database.drop();
});

/** Each app says `Vary: Origin` before the API has its turn, as CORS does. */
const hosts: Readonly<Record<string, (options: ApiOptions) => Promise<string>>> = {
  async koa(options) {
    const api = await onKoa(database.url, options);
    const app = new Koa().use((ctx, next) => {
      ctx.vary("Origin");
      return next();
    });
    const { base, close } = await listen(app.use(api.routes()).callback());
    ends.push(close, () => api.close());
    return base;
  },
  async express(options) {
    const api = await onExpress(database.url, options);
    const app = express().use((_request, response, next) => {
      response.vary("Origin");
      next();
    });
    const { base, close } = await listen(app.use(api));
    ends.push(close, () => api.close());
    return base;
  },
  async fastify(options) {
    const app = Fastify();
    app.addHook("onRequest", async (_request, reply) => void reply.header("vary", "Origin"));
    app.register(await onFastify(database.url, options));
    ends.push(() => app.close());
    return app.listen({ port: 0 });
  },
};
const guard: ApiOptions = { user: () => ({ role: "member" }), roles: { member: "*" } };

describe.each(Object.entries(hosts))("%s", (_name, start) => {
  test("lists vary by Accept, and the host's own Vary stays", async () => {
    const base = await start({});
    const list = await request(base, "GET", "/clubs");
    expect(list.headers).toMatchObject({ vary: "Origin, Accept", "x-content-type-options": "nosniff" });
    expect((await request(base, "GET", "/clubs/1")).headers).toMatchObject({ vary: "Origin" });
    const refused = await request(base, "GET", "/clubs/2");
    expect(refused.headers).toMatchObject({ vary: "Origin", "x-content-type-options": "nosniff" });
  });

  test.each(["authorization", "x-api-key", "cookie"])("what is read with %s is its reader's", async (name) => {
    const base = await start({});
    const caching = async (line: string, headers: Record<string, string>) => {
      const [method = "", path = ""] = line.split(" ");
      return (await request(base, method, path, { headers })).headers["cache-control"];
    };
    for (const line of ["GET /clubs", "GET /clubs/1", "HEAD /clubs/1", "GET /clubs/2"]) {
      expect(await caching(line, { [name]: "a=b" }), line).toBe("private, no-cache");
      expect(await caching(line, {}), line).toBeUndefined();
    }
  });

  test("a header of the app's own for keys is one of them", async () => {
    const base = await start({ auth: { keys: { header: "X-Shop-Key", create: true } }, roles: { anonymous: "*" } });
    const vary = "Origin, authorization, x-api-key, x-shop-key, cookie";
    expect((await request(base, "GET", "/clubs/1")).headers).toMatchObject({ vary });
    const headers = { "x-shop-key": "swk_1" };
    expect((await request(base, "GET", "/clubs/1", { headers })).headers["cache-control"]).toBe("private, no-cache");
  });

  test("where callers sign in, every answer varies by what they sign in with", async () => {
    const base = await start(guard);
    expect((await request(base, "GET", "/clubs")).headers.vary).toBe(
      "Origin, Accept, authorization, x-api-key, cookie",
    );
    expect((await request(base, "GET", "/clubs/1")).headers.vary).toBe("Origin, authorization, x-api-key, cookie");
  });
});
