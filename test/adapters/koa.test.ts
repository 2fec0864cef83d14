// What is Koa's own: mounting, passing on, parsed bodies, what tools that watch Koa read, who closes what.
import { bodyParser } from "@koa/bodyparser";
import Router from "@koa/router";
import Koa, { type Context, type Middleware } from "koa";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type KoaApi, makeRoutes } from "../../adapters/koa.js";
import { ddl } from "../fixtures/community.js";
import { type Created, databases, sqlite } from "../support/databases.js";
import { type Listening, listen, request } from "../support/http.js";

let database: Created;
let api: KoaApi;
let server: Listening;

beforeAll(async () => {
  database = await sqlite.create(ddl.sqlite);
  api = await makeRoutes(database.url);
});
afterEach(() => server?.close());
afterAll(async () => {
  await api?.close();
  await database?.drop();
});

const start = async (...middleware: Middleware[]): Promise<void> => {
  const app = new Koa();
  for (const one of middleware) app.use(one);
  server = await listen(app.callback());
};
const ask = (line: string, body?: unknown, headers?: Record<string, string>) => {
  const [method = "", path = ""] = line.split(" ");
  return request(server.base, method, path, { body, headers });
};
let emails = 0;
const member = () => ({ name: "Nina", email: `nina${++emails}@example.org` });

describe("mounting", () => {
  test("app.use(api.routes()).use(api.allowedMethods())", async () => {
    await start(api.routes(), api.allowedMethods());
    expect((await ask("GET /members/1")).json).toMatchObject({ id: 1, name: "Ada" });
    const created = await ask("POST /countries/2/members", member());
    expect(created.headers.location).toBe(`/countries/2/members/${created.json.id}`);
    expect((await ask(`GET ${created.headers.location}`)).text).toBe(created.text);
    const refused = await ask("PUT /members");
    expect(refused).toMatchObject({
      status: 405,
      headers: { allow: "GET, HEAD, QUERY, POST, PATCH, DELETE, OPTIONS" },
    });
  });

  for (const [title, build] of [
    ['router.use("/api", api.routes())', () => new Router().use("/api", api.routes() as never)],
    [
      'new Router({ prefix: "/api" }).use(api.routes())',
      () => new Router({ prefix: "/api" }).use(api.routes() as never),
    ],
  ] as const) {
    test(title, async () => {
      await start(build().routes() as never);
      expect((await ask("GET /api/members/1")).json).toMatchObject({ id: 1 });
      expect((await ask("GET /api/members?age=36&limit=1")).json).toMatchObject([{ id: 1 }]);
      expect((await ask("GET /api/airports/A%2FB,%201%25")).json).toMatchObject({ name: "Awkward" });
      const created = await ask("POST /api/members", member());
      expect(created.headers.location).toBe(`/api/members/${created.json.id}`);
      expect((await ask("GET /members/1")).status).toBe(404);
      expect((await ask("OPTIONS /api/members")).headers.allow).toBe("GET, HEAD, QUERY, POST, PATCH, DELETE, OPTIONS");
      expect(await ask("PUT /api/members")).toMatchObject({ status: 405, json: { code: "method_not_allowed" } });
      expect((await ask("DELETE /api/members/99")).json).toMatchObject({ code: "not_found" });
      expect((await ask("GET /api/members/%zz")).status).toBe(400);
      const head = await ask("HEAD /api/members/1");
      expect(head).toMatchObject({ status: 200, text: "" });
    });
  }

  test("below a prefix with a parameter, which stays in ctx.params", async () => {
    const seen: Context["params"][] = [];
    const watch: Middleware = async (ctx, next) => {
      await next();
      seen.push(ctx.params);
    };
    const router = new Router({ prefix: "/tenants/:tenant" });
    router.use(api.routes() as never);
    await start(watch, router.routes() as never);
    const created = await ask("POST /tenants/a%20b/countries/1/members", member());
    expect(created.status, created.text).toBe(201);
    expect(created.headers.location).toBe(`/tenants/a%20b/countries/1/members/${created.json.id}`);
    expect(seen.at(-1)).toEqual({ tenant: "a b", id: "1" });
    expect((await ask("GET /tenants/x/members/1")).json).toMatchObject({ id: 1 });
    expect((await ask("GET /tenants/members/members/1/")).json).toMatchObject({ id: 1 });
    expect((await ask("GET /tenants/x/airports/A%2FB,%201%25")).json).toMatchObject({ name: "Awkward" });
    // Nothing stands behind the prefix here.
    expect((await ask("GET /tenants/members")).status).toBe(404);
  });

  test("a router in a router, and routes beside it", async () => {
    const inner = new Router().use("/v1", api.routes() as never);
    const outer = new Router();
    outer.get("/api/v1/members/me", (ctx) => {
      ctx.body = "me";
    });
    outer.use("/api", inner.routes());
    outer.get("/api/v1/nothing", (ctx) => {
      ctx.body = "after";
    });
    await start(outer.routes() as never);
    expect((await ask("GET /api/v1/members/me")).text).toBe("me");
    expect((await ask("GET /api/v1/members/2")).json).toMatchObject({ id: 2 });
    expect((await ask("GET /api/v1/nothing")).text).toBe("after");
    const created = await ask("POST /api/v1/members", member());
    expect(created.headers.location).toBe(`/api/v1/members/${created.json.id}`);
  });

  test("behind a middleware that takes its mount point off ctx.path, as koa-mount does", async () => {
    const mount: Middleware = (ctx, next) => {
      ctx.path = ctx.path.replace(/^\/rest/, "");
      return next();
    };
    await start(mount, api.routes());
    const created = await ask("POST /rest/members", member());
    expect(created.headers.location).toBe(`/rest/members/${created.json.id}`);
    expect((await ask("GET /rest/members/1")).json).toMatchObject({ id: 1 });
  });

  test("two databases side by side", async () => {
    const other = await sqlite.create("CREATE TABLE boats (id INTEGER PRIMARY KEY); INSERT INTO boats VALUES (7);");
    const boats = await makeRoutes(other.url);
    await start(api.routes(), boats.routes());
    expect((await ask("GET /boats")).json).toEqual([{ id: 7 }]);
    expect((await ask("GET /members/1")).json).toMatchObject({ id: 1 });
    await boats.close();
    await other.drop();
  });
});

describe("what it does not match it passes on", () => {
  const after: Middleware = (ctx) => {
    ctx.body = `after ${ctx.method} ${ctx.path}, body ${ctx.req.readableEnded ? "read" : "unread"}`;
  };

  test("to next(), with the body untouched", async () => {
    await start(api.routes(), after);
    expect((await ask("GET /nothing")).text).toBe("after GET /nothing, body unread");
    expect((await ask("POST /nothing", { a: 1 })).text).toBe("after POST /nothing, body unread");
    expect((await ask("GET /")).text).toContain("after GET /");
  });

  test("and neither touches ctx.params nor ctx._matchedRoute", async () => {
    let seen: unknown;
    await start(api.routes(), (ctx) => {
      seen = [ctx.params, ctx._matchedRoute];
      ctx.body = "";
    });
    await ask("GET /nothing");
    expect(seen).toEqual([undefined, undefined]);
  });

  test("but a path that it knows it answers, whatever the method", async () => {
    await start(api.routes(), after);
    expect((await ask("PUT /members")).status).toBe(405);
    expect((await ask("GET /members/99")).status).toBe(404);
  });

  test("and middleware before it sees its answers", async () => {
    const wrap: Middleware = async (ctx, next) => {
      await next();
      ctx.set("x-seen", `${ctx.status} ${ctx.type}`);
    };
    await start(wrap, api.routes());
    expect((await ask("GET /members/1")).headers["x-seen"]).toBe("200 application/json");
    expect((await ask("GET /members/99")).headers["x-seen"]).toBe("404 application/problem+json");
    expect((await ask("DELETE /logs")).headers["x-seen"]).toBe("405 application/problem+json");
  });
});

describe("what tools that watch Koa read", () => {
  const watched = async (line: string, ...middleware: Middleware[]) => {
    let seen: unknown;
    await start(
      async (ctx, next) => {
        await next();
        seen = { route: ctx._matchedRoute, params: ctx.params };
      },
      ...middleware,
    );
    await ask(line);
    return seen;
  };

  test("ctx._matchedRoute and ctx.params", async () => {
    expect(await watched("GET /countries/1/members/2?x=1", api.routes())).toEqual({
      route: "/countries/:id/members/:memberId",
      params: { id: "1", memberId: "2" },
    });
  });

  test("params are decoded", async () => {
    expect(await watched("GET /airports/A%2FB,%201%25", api.routes())).toEqual({
      route: "/airports/:id",
      params: { id: "A/B, 1%" },
    });
  });

  test("with the prefix in front in a router", async () => {
    const router = new Router().use("/api", api.routes() as never);
    expect(await watched("GET /api/members/1", router.routes() as never)).toEqual({
      route: "/api/members/:id",
      params: { id: "1" },
    });
  });
});

describe("bodies", () => {
  const big = '{"id":100,"name":"n","email":"big@example.org","age":9007199254740993}';

  test("read by itself where no parser ran", async () => {
    await start(api.routes());
    const body = member();
    expect(await ask("POST /members", body)).toMatchObject({ status: 201, json: body });
    expect((await ask("POST /members", "{")).json).toMatchObject({ code: "malformed_json" });
    expect((await ask("POST /members", big)).text).toMatch(/"age": ?9007199254740993[,}]/);
  });

  test("taken from ctx.request.body where @koa/bodyparser ran", async () => {
    await start(bodyParser() as never, api.routes());
    const body = member();
    expect(await ask("POST /members", body)).toMatchObject({ status: 201, json: body });
    expect(await ask("PATCH /members/1", { age: 36 })).toMatchObject({ status: 200, json: { age: 36 } });
    expect((await ask("POST /groups/5/members/1/add")).status).toBe(201);
    expect((await ask("POST /groups/5/members/1/delete")).status).toBe(204);
    expect((await ask("POST /members", [member()])).json).toHaveLength(1);
    expect((await ask("PATCH /members/1", [])).json).toMatchObject({ code: "invalid_body" });
    expect((await ask("GET /members/1")).status).toBe(200);
  });

  test("a form that a parser made an object of is still no JSON", async () => {
    await start(bodyParser() as never, api.routes());
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await request(server.base, "POST", "/members", {
      body: "name=Nina&email=form@example.org",
      headers,
    });
    expect(answer).toMatchObject({ status: 415, json: { code: "unsupported_media_type" } });
  });

  test("what another middleware put into ctx.request.body is used", async () => {
    await start(async (ctx, next) => {
      for await (const _ of ctx.req);
      (ctx.request as { body?: unknown }).body = { name: "Put", email: "put@example.org" };
      await next();
    }, api.routes());
    expect(await ask("POST /members", "anything")).toMatchObject({ status: 201, json: { name: "Put" } });
  });

  test("are taken up to bodyLimit", async () => {
    const small = await makeRoutes(database.url, { bodyLimit: 100 });
    await start(small.routes());
    expect((await ask("POST /members", { name: "x".repeat(100) })).json).toMatchObject({ code: "body_too_large" });
    expect((await ask("POST /members", { name: "x" })).json).toMatchObject({ code: "not_null_violation" });
    await small.close();
  });
});

describe("connections", () => {
  test("a knex instance that was handed in is not closed", async () => {
    const own = await makeRoutes(database.knex);
    await start(own.routes());
    expect((await ask("GET /members/1")).json).toMatchObject({ id: 1 });
    await own.close();
    expect(await database.knex("members").where({ id: 1 })).toHaveLength(1);
  });

  test("what a connection string or a config opened is closed", async () => {
    for (const db of [database.url, { ...database.knex.client.config }]) {
      const own = await makeRoutes(db);
      await start(own.routes());
      expect((await ask("GET /members/1")).status).toBe(200);
      await own.close();
      expect(await ask("GET /members/1")).toMatchObject({ status: 503, json: { code: "database_away" } });
      await own.close();
      await server.close();
    }
  });

  for (const one of databases.filter(({ can }) => can.beAway)) {
    test.skipIf(one.skip)(`api.close() ends its connections to ${one.name}`, async () => {
      const created = await one.create("CREATE TABLE boats (id INTEGER PRIMARY KEY);");
      const own = await makeRoutes(created.url);
      await start(own.routes());
      expect((await ask("GET /boats")).json).toEqual([]);
      await own.close();
      expect((await ask("GET /boats")).status).toBe(503);
      expect(await created.knex("boats")).toEqual([]);
      await created.drop();
    });
  }
});
