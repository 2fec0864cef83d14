// `problemBase`: problems' types lead to a page of the documentation, in whatever framework and on the server.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problems } from "../../src/http/problem.js";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { ddl } from "../fixtures/community.js";
import type { App } from "../support/apps.js";
import { request } from "../support/http.js";
import { onEveryDatabase, onEveryHost } from "../support/matrix.js";

const problemBase = "/docs/errors#";

onEveryHost(ddl, (place) => {
  test("GET /membres: type is an address, and HEAD has its length", async () => {
    const app: App = await place.app({ problemBase: "https://shop.example/errors/" });
    const refused = await app.ask("GET /members?agee=1");
    expect(refused.json).toMatchObject({ type: "https://shop.example/errors/unknown_column", code: "unknown_column" });
    const head = await app.ask("HEAD /members?agee=1");
    expect([head.status, head.headers["content-length"]]).toEqual([400, String(Buffer.byteLength(refused.text))]);
    expect((await app.ask("GET /members?id=1")).status).toBe(200);
  });
});

onEveryDatabase(
  ddl,
  (place) => {
    describe("sapwood serve", () => {
      let server: RunningServer;
      beforeAll(async () => {
        server = await serve(place.db().url, { port: 0, problemBase, rateLimit: 0, logLevel: "silent" } as never);
      });
      afterAll(() => server.close());

      test("every refusal of the server leads to its page, which has an anchor for each code", async () => {
        const page = await request(server.url, "GET", "/docs/errors");
        expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
        for (const code of Object.keys(problems)) expect(page.text).toContain(`<dt id="${code}">`);
        for (const [method, path, code] of [
          ["GET", "/api/members?agee=1", "unknown_column"],
          ["GET", "/nothing", "no_route"],
          ["DELETE", "/health", "method_not_allowed"],
        ] as const) {
          const refused = await request(server.url, method, path);
          expect(refused.json).toMatchObject({ type: `${problemBase}${code}`, code });
        }
        const [get, head] = await Promise.all(
          ["GET", "HEAD"].map((method) => request(server.url, method, "/api/members/999")),
        );
        expect(head?.headers["content-length"]).toBe(get?.headers["content-length"]);
      });
    });

    test.each(["errors", "", 'a"b', "javascript:x", 7])("problemBase %j is a mistake", (base) =>
      expect(place.app({ problemBase: base } as never)).rejects.toThrow(/^options\.problemBase: is what stands before/),
    );
  },
  ["sqlite"],
);
