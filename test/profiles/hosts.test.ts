// Several schemas side by side, in every host: each request goes to the profile that it names, or to the first.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromFetch, openHost, toFetch } from "../../src/host.js";
import { serve } from "../../src/server/serve.js";
import { isProblem } from "../conformance/case.js";
import { frameworks } from "../support/apps.js";
import { type Created, postgres } from "../support/databases.js";
import { type Answer, type RequestParts, request } from "../support/http.js";
import { ddl, profiles, reading, writing } from "./shop.js";

interface Running {
  ask(line: string, parts?: RequestParts): Promise<Answer>;
  close(): Promise<void>;
}

const onServer = async (url: string): Promise<Running> => {
  const server = await serve(url, { profiles, port: 0 });
  const ask = (line: string, parts?: RequestParts) => {
    const [method = "", path = ""] = line.split(" ");
    return request(server.url, method, `/api${path}`, parts);
  };
  return { ask, close: () => server.close() };
};

const onFetch = async (url: string): Promise<Running> => {
  const host = await openHost(url, { profiles });
  const ask = async (line: string, { body, headers }: RequestParts = {}): Promise<Answer> => {
    const [method = "", path = ""] = line.split(" ");
    const init = {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const asked = fromFetch(new Request(`http://localhost/api${path}`, init), "/api");
    const answer = asked && (await host.handle(asked));
    if (answer === undefined) return { status: 404, headers: {}, text: "", json: undefined };
    const response = toFetch(answer);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text,
      json: isJson && text && JSON.parse(text),
    };
  };
  return { ask, close: () => host.api.close() };
};

const hosts: Readonly<Record<string, (url: string) => Promise<Running>>> = {
  ...Object.fromEntries(
    frameworks.map((framework) => [framework.name, (url: string) => framework.start(url, { profiles })]),
  ),
  fetch: onFetch,
  server: onServer,
};

describe.skipIf(postgres.skip).each(Object.entries(hosts))("%s", (_name, start) => {
  let db: Created;
  let app: Running;
  beforeAll(async () => {
    db = await postgres.create(ddl);
    app = await start(db.url);
  });
  afterAll(async () => {
    await app?.close();
    await db?.drop();
  });

  test("GET /orders is of the first one, and says so", async () => {
    const answer = await app.ask("GET /orders?order-by=id:asc");
    expect(answer.json).toEqual([
      { id: 1, title: "tea", total: 5 },
      { id: 2, title: "milk", total: 2 },
    ]);
    expect(answer.headers["content-profile"]).toBe("v2");
    expect(answer.headers.vary).toContain("Accept-Profile");
  });

  test("GET and HEAD /orders/1 with Accept-Profile: v1", async () => {
    const answer = await app.ask("GET /orders/1", reading);
    expect(answer.json, answer.text).toEqual({ id: 1, name: "tea" });
    expect(answer.headers["content-profile"]).toBe("v1");
    const head = await app.ask("HEAD /orders/1", reading);
    expect([head.status, head.headers["content-profile"]]).toEqual([200, "v1"]);
    const known = await app.ask("GET /orders/1", {
      headers: { ...reading.headers, "if-none-match": String(answer.headers.etag) },
    });
    expect(known.status).toBe(304);
    expect(known.headers.vary).toContain("Accept-Profile");
  });

  test("a path that one profile alone has", async () => {
    expect((await app.ask("GET /coupons")).status).toBe(404);
    expect((await app.ask("GET /coupons", reading)).json).toEqual([{ id: 1, code: "TEN" }]);
    expect((await app.ask("GET /orders/1/notes")).json).toMatchObject([{ body: "green" }]);
    expect((await app.ask("GET /orders/1/notes", reading)).status).toBe(404);
  });

  test("writes go by Content-Profile, whatever Accept-Profile says", async () => {
    const made = await app.ask("POST /coupons", writing({ id: 7, code: "SEVEN" }, { "accept-profile": "v2" }));
    expect([made.status, made.headers["content-profile"], made.headers.location]).toEqual([
      201,
      "v1",
      "/api/coupons/7",
    ]);
    expect((await app.ask("POST /coupons", { ...reading, body: { id: 8 } })).status).toBe(404);
    const through = await app.ask("PATCH /orders/2", writing({ name: "oat milk" }));
    expect(through.json, through.text).toEqual({ id: 2, name: "oat milk" });
    expect((await app.ask("GET /orders/2")).json).toMatchObject({ title: "oat milk" });
    expect((await app.ask("DELETE /coupons/7", writing(undefined))).status).toBe(204);
  });

  test("QUERY and POST /orders/query read", async () => {
    const body = { select: "name", id: "eq:1" };
    for (const line of ["QUERY /orders", "POST /orders/query"]) {
      const answer = await app.ask(line, { ...reading, body });
      expect(answer.json, `${line} ${answer.text}`).toEqual([{ name: "tea" }]);
    }
  });

  test("functions are each profile's own", async () => {
    expect((await app.ask("GET /rpc/answer")).json).toBe(2);
    expect((await app.ask("GET /rpc/answer", reading)).json).toBe(1);
    expect((await app.ask("POST /rpc/answer", writing({}))).json).toBe(1);
  });

  test("OPTIONS tells what the profile allows", async () => {
    expect((await app.ask("OPTIONS /coupons", reading)).status).toBe(204);
    expect((await app.ask("OPTIONS /coupons")).status).toBe(404);
  });

  test("an unknown one is 406 with the list", async () => {
    for (const [line, headers] of [
      ["GET /orders", { "accept-profile": "v3" }],
      ["GET /orders", { "accept-profile": "v1, v2" }],
      ["POST /orders/query", { "accept-profile": "public" }],
      ["DELETE /orders/1", { "content-profile": "V1" }],
      ["GET /openapi.json?profile=v9", {}],
    ] as const) {
      if (line.includes("openapi") && _name === "server") continue;
      const refused = await app.ask(line, { headers });
      isProblem(refused, 406, "not_acceptable");
      expect(refused.json.detail).toContain("The profiles are v2, v1.");
      expect(refused.json.profiles).toEqual(profiles);
      expect(refused.headers.vary).toContain("Accept-Profile");
    }
    // What is no path of the API's is the host's own affair.
    expect((await app.ask("GET /nothing", { headers: { "accept-profile": "v1" } })).status).toBe(404);
  });

  test("a batch is of one profile", async () => {
    const batch = [
      { method: "POST", path: "/coupons", body: { id: 20, code: "X" } },
      { method: "GET", path: "/coupons/$0.id" },
    ];
    expect((await app.ask("POST /batch", { body: batch })).status).toBe(404);
    const done = await app.ask("POST /batch", writing(batch));
    expect(
      done.json?.map(({ status }: { status: number }) => status),
      done.text,
    ).toEqual([201, 200]);
    const mixed = [{ method: "GET", path: "/coupons", headers: { "Accept-Profile": "v2" } }];
    isProblem(await app.ask("POST /batch", writing(mixed)), 400, "invalid_body");
  });
});
