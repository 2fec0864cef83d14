// `sapwood/client` against a server: pages by `Link`, refusals as errors, 503 sent again, and one key for what is sent twice.
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import { createClient, ProblemError, type SapwoodClient } from "../../src/client/client.js";
import { nextQuery } from "../../src/client/next-link.js";
import { resending } from "../../src/client/resend.js";
import { ddl } from "../fixtures/community.js";
import { onEveryDatabase } from "../support/matrix.js";

interface Member {
  id: number;
  name: string;
}

type Json<T> = { content: { "application/json": T } };

/** As `sapwood types` makes them. */
interface paths {
  "/members": {
    get: {
      parameters: { query?: { limit?: number; "order-by"?: string; age?: string | string[]; envelope?: boolean } };
      responses: { 200: { headers: object } & Json<Member[] | { total?: number | null; items?: Member[] }> };
    };
    post: {
      parameters: { query?: never };
      requestBody: Json<{ name: string; email: string }>;
      responses: { 201: { headers: object } & Json<Member> };
    };
  };
  "/members/{id}": {
    get: {
      parameters: { path: { id: number } };
      responses: { 200: { headers: object } & Json<Member> };
    };
  };
  "/countries/{id}/members": {
    get: {
      parameters: { path: { id: number }; query?: { limit?: number } };
      responses: { 200: { headers: object } & Json<Member[]> };
    };
  };
}

onEveryDatabase(
  ddl,
  (place) => {
    let client: SapwoodClient<paths>;
    beforeAll(async () => {
      const { base, prefix } = await place.app();
      client = createClient<paths>({ baseUrl: base + prefix });
    });

    test("GET and POST are those of openapi-fetch", async () => {
      const { data, response } = await client.POST("/members", { body: { name: "X", email: "x@client.example" } });
      expect([response.status, data?.name]).toEqual([201, "X"]);
      const { error } = await client.POST("/members", { body: { name: "X", email: "x@client.example" } });
      expect(error).toMatchObject({ code: "unique_violation" });
    });

    test("pages are followed to the last, with the query that was asked for", async () => {
      const whole = await client.GET("/members", {
        params: { query: { "order-by": "name:asc", age: ["gt:1", "lt:90"] } },
      });
      const ask = { params: { query: { limit: 2, "order-by": "name:asc", age: ["gt:1", "lt:90"] } } };
      const sizes: number[] = [];
      for await (const page of client.pages("/members", ask)) sizes.push((page as Member[]).length);
      const names: string[] = [];
      for await (const member of client.rows("/members", ask)) {
        expectTypeOf(member).toEqualTypeOf<Member>();
        names.push(member.name);
      }
      expect(sizes.length).toBeGreaterThan(2);
      expect(sizes.slice(0, -1).every((size) => size === 2)).toBe(true);
      expect(names).toEqual((whole.data as Member[]).map(({ name }) => name));
    });

    test("rows of envelopes and below a parent, and no further than they are wanted", async () => {
      const all: number[] = [];
      for await (const { id } of client.rows("/members", { params: { query: { limit: 3, envelope: true } } }))
        all.push(id);
      expect(new Set(all).size).toBe(all.length);
      const some: number[] = [];
      for await (const { id } of client.rows("/countries/{id}/members", {
        params: { path: { id: 1 }, query: { limit: 1 } },
      })) {
        some.push(id);
        if (some.length === 2) break;
      }
      expect(some).toHaveLength(2);
    });

    test("a refusal ends them with its problem", async () => {
      const read = async () => {
        for await (const _ of client.rows("/members", { params: { query: { age: "x:1:" } } }));
        for await (const _ of client.rows("/countries/{id}/members", { params: { path: { id: 999 } } }));
      };
      const error = await read().catch((error: unknown) => error);
      expect(error).toBeInstanceOf(ProblemError);
      expect(error).toMatchObject({ name: "ProblemError", status: expect.any(Number), code: expect.any(String) });
    });

    test("what answers one row has no rows", async () => {
      const read = async () => {
        for await (const _ of client.rows("/members/{id}", { params: { path: { id: 1 } } }));
      };
      await expect(read()).rejects.toThrow("/members/{id} answered no list, so it has no rows.");
    });

    test("what the types forbid does not compile", () => {
      // @ts-expect-error there is no such path
      void (() => client.rows("/member"));
      // @ts-expect-error the path's parameter is missing
      void (() => client.rows("/countries/{id}/members"));
      // @ts-expect-error no such parameter
      void (() => client.pages("/members", { params: { query: { limits: 1 } } }));
    });
  },
  ["sqlite"],
);

describe("a server that is busy", () => {
  let server: Server;
  let base: string;
  let busy = 0;
  let retryAfter = "0";
  const asked: { readonly key: string | undefined; readonly body: string }[] = [];
  const bodyOf = async (request: IncomingMessage) => (await request.toArray()).join("");
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      asked.push({ key: request.headers["idempotency-key"] as string | undefined, body: await bodyOf(request) });
      const isBusy = busy-- > 0;
      response.writeHead(isBusy ? 503 : 200, isBusy && retryAfter !== "" ? { "retry-after": retryAfter } : {});
      response.end("{}");
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    asked.length = 0;
    retryAfter = "0";
  });

  const post = (init: RequestInit = {}) => new Request(base, { method: "POST", body: '{"a":1}', ...init });

  test("is asked again with the same key and body", async () => {
    busy = 2;
    expect((await resending()(post())).status).toBe(200);
    expect(asked.map(({ body }) => body)).toEqual(Array(3).fill('{"a":1}'));
    expect(asked[0]?.key).toMatch(/^"[0-9a-f-]{36}"$/);
    expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
    await resending()(post());
    expect(asked[3]?.key).not.toBe(asked[0]?.key);
  });

  test("is asked no more than was said, and not where the wait is too long or unknown", async () => {
    busy = 9;
    expect((await resending({ retries: 1 })(post())).status).toBe(503);
    expect(asked).toHaveLength(2);
    for (const said of ["31", "", "soon"]) {
      retryAfter = said;
      asked.length = 0;
      expect((await resending()(post())).status).toBe(503);
      expect(asked).toHaveLength(1);
    }
    busy = 1;
    retryAfter = new Date(Date.now() - 1000).toUTCString();
    expect((await resending()(post())).status).toBe(200);
    busy = 0;
  });

  test("keys are for POST and PATCH, and a caller's own is left alone", async () => {
    await resending()(new Request(base));
    await resending()(new Request(base, { method: "PUT", body: "{}" }));
    await resending({ idempotencyKey: false })(post());
    await resending()(post({ headers: { "Idempotency-Key": '"own"' } }));
    await resending()(post({ method: "PATCH" }));
    expect(asked.map(({ key }) => key?.slice(0, 4))).toEqual([
      undefined,
      undefined,
      undefined,
      '"own',
      expect.stringMatching(/^"/),
    ]);
  });

  test("whoever leaves while it waits is not kept", async () => {
    busy = 1;
    retryAfter = "20";
    const controller = new AbortController();
    const waits = resending()(post({ signal: controller.signal }));
    controller.abort(new Error("enough"));
    await expect(waits).rejects.toThrow("enough");
    busy = 0;
  });
});

test.each([
  [null, undefined],
  ['</a?after=x%20y&b=1>; rel="next"', "after=x%20y&b=1"],
  ['</a?x=1>; rel="first", <http://h/p?y=2>; title="n"; rel=next', "y=2"],
  ['</a?x=1>; rel="prev"', undefined],
  ['</a?x=1>; rel="nextish"', undefined],
])("nextQuery(%j)", (link, query) => expect(nextQuery(link)).toBe(query));
