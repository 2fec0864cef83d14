// The Express adapter inside apps as people write them: mounts, parsers, fall-through, errors.
import { readFileSync } from "node:fs";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ExpressApi, makeRoutes } from "../../adapters/express.js";
import { isProblem } from "../conformance/case.js";
import { ddl } from "../fixtures/community.js";
import { type Created, databases } from "../support/databases.js";
import { exchange, type Listening, listen, request } from "../support/http.js";
import { type Ask, broken, nowhere, servesBelow, survives } from "../support/mounted.js";

const [sqlite] = databases;
let created: Created;
let api: ExpressApi;
let server: Listening | undefined;

beforeAll(async () => {
  created = await (sqlite as NonNullable<typeof sqlite>).create(ddl.sqlite);
  api = await makeRoutes(created.url, broken);
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(async () => {
  await api.close();
  await created.drop();
});

async function on(app: Express): Promise<Ask> {
  await server?.close();
  const opened = await listen(app);
  server = opened;
  return (line, parts) => {
    const [method = "", path = ""] = line.split(" ");
    return request(opened.base, method, path, parts);
  };
}

test("the adapter's file imports nothing of express", () => {
  const source = readFileSync(new URL("../../adapters/express.ts", import.meta.url), "utf8");
  expect(source).not.toMatch(/^import (?!type ).*from "express|^import .* from "express"/m);
});

describe("mounts", () => {
  const mounts: [title: string, make: () => Express, prefix: string][] = [
    ["at the top", () => express().use(api), ""],
    ["below /api", () => express().use("/api", api), "/api"],
    ["below a parameter", () => express().use("/of/:tenant", api), "/of/a%2Fb"],
    ["in a router in a router", () => express().use("/v1", express.Router().use("/db", api)), "/v1/db"],
    ["below several paths", () => express().use(["/one", "/two"], api), "/two"],
    ["in an app in an app", () => express().use("/outer", express().use("/inner", api)), "/outer/inner"],
  ];
  for (const [title, make, prefix] of mounts) {
    test(title, async () => {
      await servesBelow(prefix, await on(make()));
    });
  }
});

describe("falls through", () => {
  const own = () => {
    const app = express();
    app.use("/api", api);
    app.get("/api/about", (_request, response) => void response.send("the app's own"));
    app.use((_request, response) => void response.status(404).send("the app's 404"));
    return app;
  };
  test("GET /api/about to the route behind", async () => {
    expect((await (await on(own()))("GET /api/about")).text).toBe("the app's own");
  });
  for (const path of nowhere) {
    test(`GET ${path} to the app's 404`, async () => {
      expect((await (await on(own()))(`GET ${path}`)).text).toBe("the app's 404");
    });
  }
  test("a route before wins", async () => {
    const app = express();
    app.get("/countries", (_request, response) => void response.send("mine"));
    const ask = await on(app.use(api));
    expect((await ask("GET /countries")).text).toBe("mine");
    expect((await ask("GET /countries/1")).json).toMatchObject({ id: 1 });
  });
  test("without a handler behind: Express' own 404", async () => {
    expect((await (await on(express().use(api)))("GET /nothing")).text).toContain("Cannot GET /nothing");
  });
});

describe("errors", () => {
  test("what is not its own goes to next(err)", async () => {
    const errors: unknown[] = [];
    const failed: ErrorRequestHandler = (error, _request, response, _next) => {
      errors.push(error);
      response.status(500).send("sorry");
    };
    const answer = await (await on(express().use(api).use(failed)))("GET /logs");
    expect([answer.status, answer.text]).toEqual([500, "sorry"]);
    expect(errors).toMatchObject([{ name: "TypeError", message: "secret table" }]);
  });
  test("its own are problem documents, and no error of the app's", async () => {
    const failed: ErrorRequestHandler = () => expect.unreachable();
    const ask = await on(express().use(api).use(failed));
    isProblem(await ask("POST /logs", { body: { message: "x" } }), 403, "closed");
    isProblem(await ask("GET /members/1?x=1"), 400, "unknown_parameter");
    isProblem(await ask("POST /countries", { body: "{" }), 400, "malformed_json");
  });
});

describe("bodies", () => {
  const big = '{"name":"x","code":"BG","id":9007199254740993}';
  const parsers: [title: string, use: RequestHandler[]][] = [
    ["no parser", []],
    ["express.json()", [express.json()]],
    ["express.json() for another type alone", [express.json({ type: "application/vnd.other" })]],
    ["express.urlencoded()", [express.urlencoded({ extended: true })]],
    ["express.raw() for everything", [express.raw({ type: () => true })]],
    ["express.text() for everything", [express.text({ type: () => true })]],
    ["a parser that leaves an empty body behind, as in Express 4", [emptied]],
  ];
  for (const [title, use] of parsers) {
    describe(title, () => {
      const app = () => {
        const made = express();
        for (const one of use) made.use(one);
        return made.use("/api", api);
      };
      test("POST, PATCH, and what is refused", async () => {
        const ask = await on(app());
        const made = await ask("POST /api/countries", { body: { name: "Née 🌲", code: "NE" } });
        expect(made.status, made.text).toBe(201);
        const path = `/api/countries/${made.json.id}`;
        expect((await ask(`PATCH ${path}`, { body: { code: "N2" } })).json).toMatchObject({
          name: "Née 🌲",
          code: "N2",
        });
        expect((await ask(`PATCH ${path}`)).status).toBe(200);
        isProblem(await ask(`PATCH ${path}`, { body: [] }), 400, "invalid_body");
        const text = { body: "name=x", headers: { "content-type": "text/plain" } };
        isProblem(await ask(`PATCH ${path}`, text), 415, "unsupported_media_type");
        expect((await ask(`DELETE ${path}`)).status).toBe(204);
      });
      test("a chunked body", async () => {
        const ask = await on(app());
        const answer = await ask("PATCH /api/countries/1", {
          body: { name: "Norway" },
          headers: { "transfer-encoding": "chunked" },
        });
        expect(answer.status, answer.text).toBe(200);
      });
      if (title.startsWith("express.json()") && !title.includes("another")) return;
      test("64-bit numbers keep every digit", async () => {
        const ask = await on(app());
        const made = await ask("POST /api/countries", { body: big });
        expect(made.text).toContain('"id":9007199254740993');
        expect((await ask("DELETE /api/countries/9007199254740993")).status).toBe(204);
      });
    });
  }

  test("a body that is too large", async () => {
    const ask = await on(express().use(api));
    isProblem(await ask("POST /countries", { body: { name: "x".repeat(1_100_000) } }), 413, "body_too_large");
    expect((await ask("GET /countries/1")).status).toBe(200);
  });

  test("a body that somebody read and did not keep", async () => {
    const app = express();
    app.use((incoming, _response, next) => void incoming.resume().on("end", () => next()));
    const failed: ErrorRequestHandler = (error, _request, response, _next) =>
      void response.status(500).send(error.message);
    const answer = await (await on(app.use(api).use(failed)))("POST /countries", { body: { name: "x" } });
    expect([answer.status, answer.text]).toEqual([500, "The request's body was read before sapwood came to it."]);
  });
});

describe("what others see", () => {
  test("request.params and request.route, behind the answer", async () => {
    const seen: unknown[] = [];
    const app = express().use((incoming, response, next) => {
      response.on("finish", () => seen.push([incoming.params, incoming.route?.path]));
      next();
    });
    await (await on(app.use("/api", api)))("GET /api/countries/1/members/2");
    expect(seen).toEqual([[{ id: "1", memberId: "2" }, "/countries/:id/members/:memberId"]]);
  });
  test("headers that a middleware set stay", async () => {
    const app = express().use((_request, response, next) => {
      response.setHeader("access-control-allow-origin", "*");
      next();
    });
    const { headers } = await (await on(app.use(api)))("GET /countries/1");
    expect(headers["access-control-allow-origin"]).toBe("*");
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
  });
  test("what is no path is no crash", async () => {
    const ask = await on(express().use(api));
    await survives(ask);
    const { base } = server as Listening;
    expect(
      await exchange(base, "GET http://a.b/countries/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    ).not.toMatch(/^HTTP\/1.1 5/);
  });
});

function emptied(incoming: express.Request, _response: express.Response, next: () => void): void {
  incoming.body = {};
  next();
}
