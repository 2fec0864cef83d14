// The Fastify adapter inside apps as people write them: prefixes, encapsulation, hooks, errors and their log.
import Fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FastifyApi, makeRoutes } from "../../adapters/fastify.js";
import { isProblem } from "../conformance/case.js";
import { ddl } from "../fixtures/community.js";
import { type Created, databases } from "../support/databases.js";
import { request } from "../support/http.js";
import { type Ask, broken, nowhere, servesBelow, survives } from "../support/mounted.js";

const [sqlite] = databases;
let created: Created;
const apps: FastifyInstance[] = [];

beforeAll(async () => {
  created = await (sqlite as NonNullable<typeof sqlite>).create(ddl.sqlite);
});
afterEach(async () => {
  for (const app of apps.splice(0)) {
    app.server.closeAllConnections();
    await app.close();
  }
});
afterAll(() => created.drop());

const routes = (): Promise<FastifyApi> => makeRoutes(created.url, broken);

async function on(
  build: (app: FastifyInstance, api: FastifyApi) => unknown,
  options: FastifyServerOptions = {},
): Promise<Ask> {
  const app = Fastify(options) as unknown as FastifyInstance;
  apps.push(app);
  await build(app, await routes());
  const base = await app.listen({ port: 0, host: "127.0.0.1" });
  return (line, parts) => {
    const [method = "", path = ""] = line.split(" ");
    return request(base, method, path, parts);
  };
}

describe("prefixes", () => {
  const mounts: [title: string, build: (app: FastifyInstance, api: FastifyApi) => unknown, prefix: string][] = [
    ["none", (app, api) => app.register(api), ""],
    ["/api", (app, api) => app.register(api, { prefix: "/api" }), "/api"],
    ["a parameter", (app, api) => app.register(api, { prefix: "/of/:tenant/db" }), "/of/a%2Fb/db"],
    [
      "in a plugin with a prefix",
      (app, api) => app.register(async (inner) => void inner.register(api, { prefix: "/db" }), { prefix: "/v1" }),
      "/v1/db",
    ],
  ];
  for (const [title, build, prefix] of mounts) {
    test(title, async () => {
      await servesBelow(prefix, await on(build));
    });
  }
});

describe("encapsulation", () => {
  test("the parent's onRequest hook sees the requests, and may stop them", async () => {
    const seen: string[] = [];
    const ask = await on((app, api) => {
      app.addHook("onRequest", async (incoming, reply) => {
        seen.push(incoming.url);
        if (incoming.headers["x-user"] === undefined) return reply.code(401).send({ who: "are you" });
      });
      app.register(api, { prefix: "/api" });
    });
    expect((await ask("GET /api/countries/1")).json).toEqual({ who: "are you" });
    expect((await ask("GET /api/countries/1", { headers: { "x-user": "ada" } })).status).toBe(200);
    expect(seen).toEqual(["/api/countries/1", "/api/countries/1"]);
  });

  test("a route of the app wins over the API's", async () => {
    const ask = await on((app, api) => {
      app.get("/countries", () => "mine");
      app.get("/api/about", () => "about");
      app.register(api);
    });
    expect((await ask("GET /countries")).text).toBe("mine");
    expect((await ask("GET /api/about")).text).toBe("about");
    expect((await ask("GET /countries/1")).json).toMatchObject({ id: 1 });
  });

  test("the app goes on parsing its own bodies", async () => {
    const ask = await on((app, api) => {
      app.register(api, { prefix: "/api" });
      app.post("/own", (incoming) => ({ got: incoming.body }));
    });
    expect((await ask("POST /own", { body: { a: 1 } })).json).toEqual({ got: { a: 1 } });
    const text = await ask("POST /own", { body: "<a/>", headers: { "content-type": "application/xml" } });
    expect(text.status).toBe(415);
  });

  test("two APIs in one app", async () => {
    const ask = await on(async (app, api) => {
      app.register(api, { prefix: "/one" });
      app.register(await routes(), { prefix: "/two" });
    });
    for (const prefix of ["/one", "/two"]) expect((await ask(`GET ${prefix}/countries/1`)).status).toBe(200);
  });

  test("closing the app closes what was opened for it", async () => {
    const app = Fastify();
    const api = await routes();
    app.register(api);
    expect((await app.inject("/countries/1")).statusCode).toBe(200);
    await app.close();
    const again = Fastify();
    again.register(api);
    expect((await again.inject("/countries/1")).statusCode).toBeGreaterThanOrEqual(500);
    await again.close();
  });

  test("a knex instance that was handed in stays open", async () => {
    const app = Fastify();
    app.register(await makeRoutes(created.knex));
    expect((await app.inject("/countries/1")).statusCode).toBe(200);
    await app.close();
    expect(await created.knex("countries").where({ id: 1 })).toHaveLength(1);
  });
});

describe("404", () => {
  for (const path of nowhere) {
    test(`GET ${path} falls to the app's not-found handler`, async () => {
      const ask = await on((app, api) => {
        app.setNotFoundHandler((incoming, reply) => reply.code(404).send({ mine: incoming.url }));
        app.register(api, { prefix: "/api" });
      });
      const answer = await ask(`GET ${path}`);
      expect(answer.json).toEqual({ mine: path });
      expect(answer.status).toBe(404);
    });
  }
  test("without one: Fastify's own", async () => {
    const ask = await on((app, api) => app.register(api));
    expect((await ask("GET /nothing")).json).toMatchObject({ statusCode: 404, error: "Not Found" });
    expect((await ask("POST /nothing", { body: { a: 1 } })).status).toBe(404);
  });
});

describe("errors", () => {
  const logged = () => {
    const lines: { level: number; msg: string; err?: { message: string; stack: string } }[] = [];
    return { lines, logger: { level: "error", stream: { write: (line: string) => lines.push(JSON.parse(line)) } } };
  };

  test("unexpected ones go to the log, and not to the client", async () => {
    const { lines, logger } = logged();
    const ask = await on((app, api) => app.register(api), { logger });
    const answer = await ask("GET /logs");
    isProblem(answer, 500, "internal_error");
    expect(answer.text).not.toContain("secret");
    expect(lines).toMatchObject([{ level: 50, err: { type: "TypeError", message: "secret table" } }]);
    expect(lines[0]?.err?.stack).toContain("preRead");
  });

  test("an app's own error handler gets them as they are", async () => {
    const errors: unknown[] = [];
    const ask = await on((app, api) => {
      app.setErrorHandler((error, _request, reply) => {
        errors.push(error);
        return reply.code(500).send("sorry");
      });
      app.register(api);
    });
    const answer = await ask("GET /logs");
    expect([answer.status, answer.text]).toEqual([500, "sorry"]);
    expect(errors).toMatchObject([{ name: "TypeError", message: "secret table" }]);
  });

  test("an error that says its status keeps it", async () => {
    const ask = await on((app, api) => app.register(api));
    expect((await ask("DELETE /groups/5")).json).toMatchObject({ statusCode: 418, message: "teapot" });
  });

  test("those of the API are problem documents, and nothing for the log", async () => {
    const { lines, logger } = logged();
    const ask = await on((app, api) => app.register(api), { logger });
    isProblem(await ask("POST /logs", { body: { message: "x" } }), 403, "closed");
    isProblem(await ask("POST /countries", { body: "{" }), 400, "malformed_json");
    isProblem(await ask("GET /countries/99"), 404, "not_found");
    expect(lines).toEqual([]);
  });
});

describe("bodies", () => {
  test("64-bit numbers keep every digit", async () => {
    const ask = await on((app, api) => app.register(api));
    const made = await ask("POST /countries", { body: '{"name":"x","code":"BG","id":9007199254740993}' });
    expect(made.text).toContain('"id":9007199254740993');
    expect((await ask("DELETE /countries/9007199254740993")).status).toBe(204);
  });

  test("none, chunked, of another type, too large", async () => {
    const ask = await on((app, api) => app.register(api));
    expect((await ask("PATCH /countries/1")).status).toBe(200);
    const chunked = { body: { name: "Norway" }, headers: { "transfer-encoding": "chunked" } };
    expect((await ask("PATCH /countries/1", chunked)).json).toMatchObject({ id: 1, name: "Norway" });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "nonsense"])
      isProblem(
        await ask("PATCH /countries/1", { body: "name=x", headers: { "content-type": type } }),
        415,
        "unsupported_media_type",
      );
    isProblem(await ask("POST /countries", { body: { name: "x".repeat(1_100_000) } }), 413, "body_too_large");
  });

  test("the app's own parser does not come in between", async () => {
    const ask = await on((app, api) => {
      app.removeContentTypeParser("application/json");
      app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, _text, done) =>
        done(null, { hijacked: true }),
      );
      app.register(api);
    });
    expect((await ask("PATCH /countries/1", { body: { name: "Norway" } })).json).toMatchObject({ name: "Norway" });
  });
});

describe("what others see", () => {
  test("headers of a hook stay, and onSend sees the payload", async () => {
    const seen: unknown[] = [];
    const ask = await on((app, api) => {
      app.addHook("onSend", async (_request, reply, payload) => {
        reply.header("x-mine", "yes");
        seen.push(payload);
        return payload;
      });
      app.register(api);
    });
    const { headers, text } = await ask("GET /countries/1");
    expect(headers).toMatchObject({ "x-mine": "yes", "content-type": "application/json; charset=utf-8" });
    expect(seen).toEqual([text]);
  });

  test("what is no path is no crash", async () => {
    await survives(await on((app, api) => app.register(api)));
  });

  test("app.inject()", async () => {
    const app = Fastify();
    apps.push(app as unknown as FastifyInstance);
    app.register(await routes(), { prefix: "/api" });
    const answer = await app.inject({ method: "GET", url: "/api/members", query: { age: "36", limit: "1" } });
    expect(answer.json()).toMatchObject([{ id: 1 }]);
  });
});
