// Content-Encoding of requests, in the server and in each framework: what is taken, what it may become, and what is refused.
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import express from "express";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeRoutes } from "../../adapters/express.js";
import { serve } from "../../src/server/serve.js";
import { isProblem } from "../conformance/case.js";
import { ddl } from "../fixtures/community.js";
import { frameworks } from "../support/apps.js";
import { type Created, sqlite } from "../support/databases.js";
import { type Answer, listen, type RequestParts, request } from "../support/http.js";

const LIMIT = 20_000;

interface Host {
  ask(method: string, path: string, parts?: RequestParts): Promise<Answer>;
  close(): Promise<void>;
}

const hosts: Readonly<Record<string, (url: string) => Promise<Host>>> = {
  ...Object.fromEntries(
    frameworks.map(({ name, start }) => [
      name,
      async (url: string) => {
        const app = await start(url, { bodyLimit: LIMIT });
        return {
          ask: (method: string, path: string, parts?: RequestParts) => app.ask(`${method} ${path}`, parts),
          close: app.close,
        };
      },
    ]),
  ),
  server: async (url) => {
    const server = await serve(url, { port: 0, bodyLimit: LIMIT, logLevel: "silent" });
    return { ask: (method, path, parts) => request(server.url, method, `/api${path}`, parts), close: server.close };
  },
};

const body = (name: string) => Buffer.from(JSON.stringify({ name, code: name.slice(0, 2).toUpperCase() }));
const json = { "content-type": "application/json" };

describe.each(Object.keys(hosts))("%s", (name) => {
  let database: Created;
  let host: Host;
  beforeAll(async () => {
    database = await sqlite.create(ddl.sqlite);
    host = await (hosts[name] as (url: string) => Promise<Host>)(database.url);
  });
  afterAll(async () => {
    await host?.close();
    await database?.drop();
  });
  const post = (encoding: string, bytes: Buffer) =>
    host.ask("POST", "/countries", { body: bytes, headers: { ...json, "content-encoding": encoding } });
  const count = async () => (await host.ask("GET", "/countries?limit=1000")).json.length;

  test.each([
    ["gzip", "Ghana", gzipSync],
    ["x-gzip", "Kenya", gzipSync],
    ["deflate", "Egypt", deflateSync],
    ["deflate", "Chad, without a frame", deflateRawSync],
    ["BR", "Mali", brotliCompressSync],
    ["identity", "Togo", (bytes: Buffer) => bytes],
    ["gzip, br", "Peru", (bytes: Buffer) => brotliCompressSync(gzipSync(bytes))],
  ] as const)("%s is taken: %s", async (encoding, name, encode) => {
    const made = await post(encoding, encode(body(name)));
    expect(made.status, made.text).toBe(201);
    expect((await host.ask("GET", `/countries/${made.json.id}`)).json.name).toBe(name);
  });

  test.each(["zstd", "compress", "gzip, zstd", "aes128gcm", "gzip, gzip, gzip"])("%s is a 415", async (encoding) => {
    const before = await count();
    const refused = await post(encoding, gzipSync(body("Iran")));
    isProblem(refused, 415, "unsupported_media_type");
    expect(refused.headers["accept-encoding"]).toBe("gzip, deflate, br");
    expect(await count()).toBe(before);
  });

  test.each(["gzip", "deflate", "br"])("what only says that it is %s is a 400", async (encoding) => {
    const before = await count();
    isProblem(await post(encoding, body("Cuba")), 400, "invalid_body");
    isProblem(await post(encoding, gzipSync(body("Cuba")).subarray(0, 20)), 400, "invalid_body");
    expect(await count()).toBe(before);
  });

  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["gzip, gzip", (bytes: Buffer) => gzipSync(gzipSync(bytes))],
  ] as const)("a small body that %s makes large is a 413", async (encoding, encode) => {
    // 100 MB would be 100,000 bytes of gzip; twice that, a few hundred.
    const bomb = encode(Buffer.alloc(10_000_000, " "));
    expect(bomb.length).toBeLessThan(LIMIT);
    isProblem(await post(encoding, bomb), 413, "body_too_large");
  });

  test("one that is larger than the limit before it is decoded is a 413 too", async () => {
    isProblem(await post("gzip", Buffer.alloc(LIMIT + 1)), 413, "body_too_large");
  });

  test("CSV, and a batch", async () => {
    const csv = gzipSync("name,code\nNepal,NP\n");
    const made = await host.ask("POST", "/countries", {
      body: csv,
      headers: { "content-type": "text/csv", "content-encoding": "gzip" },
    });
    expect(made.status, made.text).toBe(201);
    const batch = gzipSync(JSON.stringify([{ method: "GET", path: "/countries/1" }]));
    const done = await host.ask("POST", "/batch", { body: batch, headers: { ...json, "content-encoding": "gzip" } });
    expect(done.status, done.text).toBe(200);
  });
});

test("what express.json() or express.raw() has decoded is not decoded again", async () => {
  const database = await sqlite.create(ddl.sqlite);
  const api = await makeRoutes(database.url);
  for (const parser of [express.json(), express.raw({ type: "*/*" })]) {
    const app = express();
    const { base, close } = await listen(app.use(parser).use(api));
    const encoded = gzipSync(body(parser.name === "jsonParser" ? "Laos" : "Oman"));
    const made = await request(base, "POST", "/countries", {
      body: encoded,
      headers: { ...json, "content-encoding": "gzip" },
    });
    expect(made.status, made.text).toBe(201);
    await close();
  }
  await api.close();
  await database.drop();
});
