// One binary column of a row, as bytes: `GET` and `PUT /photos/1/image`.
import { beforeAll, describe, expect, test } from "vitest";
import { isProblem } from "../conformance/case.js";
import type { App } from "../support/apps.js";
import { onEveryHost } from "../support/matrix.js";

const tables = (bytes: string) => `CREATE TABLE photos (
  id INTEGER PRIMARY KEY, title VARCHAR(20) NOT NULL, image ${bytes}, ring ${bytes}, secret ${bytes},
  print ${bytes} NOT NULL)`;

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex");
const PDF = Buffer.from("%PDF-1.7\n1 0 obj");
const PLAIN = Buffer.from("<script>alert(1)</script>");
const policy = "default-src 'none'; sandbox";

onEveryHost({ sqlite: tables("BLOB"), postgres: tables("BYTEA"), mariadb: tables("LONGBLOB") }, (place, framework) => {
  let app: App;
  const bytes = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${app.base}${app.prefix}${path}`, { headers });
    return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
  };
  const put = (path: string, body: Uint8Array, headers: Record<string, string> = {}) =>
    app.ask(`PUT ${path}`, { body, headers: { "content-type": "image/png", ...headers } });
  const stored = async () =>
    Buffer.from((await place.db().knex("photos").where({ id: 2 }).first("image")).image as Buffer);

  beforeAll(async () => {
    await place
      .db()
      .knex("photos")
      .insert([
        { id: 1, title: "one", image: PNG, ring: Buffer.alloc(0), secret: PDF, print: PDF },
        { id: 2, title: "two", image: PLAIN, ring: null, secret: null, print: PDF },
      ]);
    const routine = { arguments: [{ name: "photo_id", type: "integer" }], returns: "integer", reads: true };
    app = await place.app({
      bodyLimit: 10_000,
      routines: [{ ...routine, name: "ring", table: "photos", sql: "SELECT :photo_id" }],
    });
  });

  test("GET: the bytes, their type, their tag, and nothing that a browser could run", async () => {
    const image = await bytes("/photos/1/image", { accept: "image/avif,image/*" });
    expect([image.status, image.bytes.equals(PNG)]).toEqual([200, true]);
    expect(Object.fromEntries(image.headers)).toMatchObject({
      "content-type": "image/png",
      "content-length": String(PNG.length),
      "accept-ranges": "bytes",
      "x-content-type-options": "nosniff",
      "content-security-policy": policy,
      etag: expect.stringMatching(/^"[\w-]{27}"$/),
    });
    expect((await bytes("/photos/1/secret")).headers.get("content-type")).toBe("application/pdf");
    const plain = await bytes("/photos/2/image");
    expect(plain.bytes.equals(PLAIN)).toBe(true);
    expect([plain.headers.get("content-type"), plain.headers.get("content-disposition")]).toEqual([
      "application/octet-stream",
      "attachment",
    ]);
    expect(plain.headers.get("content-security-policy")).toBe(policy);
  });

  test("HEAD has the length, If-None-Match a 304", async () => {
    const head = await app.ask("HEAD /photos/1/image");
    expect([head.status, head.headers["content-length"], head.headers["content-type"]]).toEqual([
      200,
      String(PNG.length),
      "image/png",
    ]);
    const known = await bytes("/photos/1/image", { "if-none-match": String(head.headers.etag) });
    expect([known.status, known.bytes.length, known.headers.get("content-security-policy")]).toEqual([304, 0, policy]);
  });

  test("what else is called so keeps its path", async () => {
    expect((await app.ask("GET /photos/1/ring")).json).toEqual(1);
    const empty = await bytes("/photos/1/ring_bytes");
    expect([empty.status, empty.bytes.length]).toEqual([200, 0]);
  });

  describe("ranges", () => {
    test.each([
      ["bytes=0-7", 206, [0, 8]],
      ["bytes=8-", 206, [8]],
      ["bytes=-3", 206, [-3]],
      ["bytes=30-999", 206, [30]],
      ["bytes=-999", 206, [0]],
      ["bytes=0-1,4-5", 200, [0]],
      ["bytes=5-2", 200, [0]],
      ["items=0-1", 200, [0]],
    ] as const)("%s", async (range, status, [from, to = undefined]) => {
      const part = await bytes("/photos/1/image", { range });
      const wanted = PNG.subarray(from, to);
      expect([part.status, part.bytes.toString("hex")]).toEqual([status, wanted.toString("hex")]);
      const start = PNG.indexOf(wanted);
      const said = status === 206 ? `bytes ${start}-${start + wanted.length - 1}/${PNG.length}` : null;
      expect(part.headers.get("content-range")).toBe(said);
    });

    test("behind the end, and of other bytes than these", async () => {
      const behind = await app.ask("GET /photos/1/image", { headers: { range: "bytes=33-" } });
      isProblem(behind, 416, "range_not_satisfiable");
      expect(behind.headers["content-range"]).toBe(`bytes */${PNG.length}`);
      expect((await bytes("/photos/1/image", { range: "bytes=0-1", "if-range": '"other"' })).status).toBe(200);
      const { etag } = (await app.ask("HEAD /photos/1/image")).headers;
      expect((await bytes("/photos/1/image", { range: "bytes=0-1", "if-range": String(etag) })).status).toBe(206);
      isProblem(
        await app.ask("GET /photos/1/ring_bytes", { headers: { range: "bytes=0-" } }),
        416,
        "range_not_satisfiable",
      );
    });
  });

  test("what is not there, not wanted or not asked for here", async () => {
    isProblem(await app.ask("GET /photos/2/ring_bytes"), 404, "not_found");
    isProblem(await app.ask("GET /photos/9/image"), 404, "not_found");
    isProblem(await app.ask("GET /photos/1/image", { headers: { accept: "text/html" } }), 406, "not_acceptable");
    isProblem(await app.ask("GET /photos/1/image?select=id"), 400, "unknown_parameter");
    expect((await app.ask("GET /photos/1/title")).status).toBe(404);
    expect((await app.ask("OPTIONS /photos/1/image")).headers.allow).toBe("GET, HEAD, PUT, DELETE, OPTIONS");
    expect((await app.ask("OPTIONS /photos/1/print")).headers.allow).toBe("GET, HEAD, PUT, OPTIONS");
    const batch = await app.ask("POST /batch", { body: [{ method: "GET", path: "/photos/1/image" }] });
    isProblem(batch, 400, "invalid_body");
  });

  test("PUT: what was sent is kept, and its tag is that of GET", async () => {
    const put1 = await put("/photos/2/image", PNG);
    expect([put1.status, put1.text]).toEqual([204, ""]);
    expect((await stored()).equals(PNG)).toBe(true);
    expect(put1.headers.etag).toBe((await app.ask("HEAD /photos/2/image")).headers.etag);
    expect((await app.ask("GET /photos/2?select=title")).json).toEqual({ title: "two" });
    isProblem(await put("/photos/2/image", PDF, { "if-match": '"other"' }), 412, "precondition_failed");
    isProblem(await put("/photos/2/image", PDF, { "if-none-match": "*" }), 412, "precondition_failed");
    isProblem(await put("/photos/2/ring_bytes", PDF, { "if-match": "*" }), 412, "precondition_failed");
    expect((await stored()).equals(PNG)).toBe(true);
    expect((await put("/photos/2/image", PDF, { "if-match": String(put1.headers.etag) })).status).toBe(204);
    expect((await stored()).equals(PDF)).toBe(true);
    expect((await put("/photos/2/secret", PDF, { "if-none-match": "*" })).status).toBe(204);
    expect((await put("/photos/2/image", Buffer.alloc(0))).status).toBe(204);
    expect((await stored()).length).toBe(0);
  });

  test("PUT: tried only, and refused", async () => {
    const before = await stored();
    const tried = await put("/photos/2/image", PNG, { prefer: "tx=rollback" });
    expect([tried.status, tried.headers["preference-applied"]]).toEqual([204, "tx=rollback"]);
    isProblem(await put("/photos/9/image", PNG), 404, "not_found");
    isProblem(await put("/photos/2/image", Buffer.alloc(10_001)), 413, "body_too_large");
    isProblem(await put("/photos/2/image", PNG, { "content-range": "bytes 0-1/9" }), 400, "malformed_header");
    for (const type of ["application/json", "application/problem+json", "application/x-www-form-urlencoded"])
      isProblem(
        await put("/photos/2/image", Buffer.from("{}"), { "content-type": type }),
        415,
        "unsupported_media_type",
      );
    isProblem(await put("/photos/2/image?x=1", PNG), 400, "unknown_parameter");
    expect((await stored()).equals(before)).toBe(true);
  });

  test("DELETE: the column is NULL, and the row stays", async () => {
    await put("/photos/2/image", PNG);
    const { etag } = (await app.ask("HEAD /photos/2/image")).headers;
    const remove = (path: string, headers: Record<string, string> = {}) => app.ask(`DELETE ${path}`, { headers });
    isProblem(await remove("/photos/2/image", { "if-match": '"other"' }), 412, "precondition_failed");
    isProblem(await remove("/photos/2/image?x=1"), 400, "unknown_parameter");
    const tried = await remove("/photos/2/image", { prefer: "tx=rollback" });
    expect([tried.status, tried.headers["preference-applied"]]).toEqual([204, "tx=rollback"]);
    expect((await stored()).equals(PNG)).toBe(true);
    expect((await remove("/photos/2/image", { "if-match": String(etag) })).status).toBe(204);
    isProblem(await app.ask("GET /photos/2/image"), 404, "not_found");
    expect((await app.ask("GET /photos/2?select=title,image")).json).toEqual({ title: "two", image: null });
    // Once more does no more.
    expect((await remove("/photos/2/image")).status).toBe(204);
    isProblem(await remove("/photos/2/image", { "if-match": "*" }), 412, "precondition_failed");
    isProblem(await remove("/photos/9/image"), 404, "not_found");
    const must = await remove("/photos/2/print");
    isProblem(must, 405, "method_not_allowed");
    expect(must.headers.allow).toBe("GET, HEAD, PUT, OPTIONS");
    expect((await app.ask("GET /photos/2/print")).status).toBe(200);
    const batch = await app.ask("POST /batch", { body: [{ method: "DELETE", path: "/photos/1/image" }] });
    isProblem(batch, 400, "invalid_body");
  });

  if (framework.name === "koa") {
    test("roles: columns that may not be read or written have no bytes", async () => {
      const reader = { photos: { operations: ["read", "update"], read: ["id", "title", "image"], write: ["title"] } };
      const own = await place.app({ user: () => ({ role: "reader" }), roles: { reader } } as never);
      expect((await own.ask("GET /photos/1/image")).status).toBe(200);
      isProblem(await own.ask("GET /photos/1/secret"), 403, "forbidden");
      isProblem(
        await own.ask("PUT /photos/1/image", { body: PNG, headers: { "content-type": "image/png" } }),
        403,
        "forbidden",
      );
      isProblem(await own.ask("DELETE /photos/1/image"), 403, "forbidden");
      expect((await own.ask("OPTIONS /photos/1/image")).headers.allow).toBe("GET, HEAD, OPTIONS");
    });

    test("hooks see the row, and may refuse or take the field away", async () => {
      const heard: unknown[] = [];
      const own = await place.app({
        overrides: [
          {
            name: "photos",
            preSave: ({ body, operation }) => void heard.push([operation, body]),
            postRead: (context) => {
              const { secret: _, ...row } = context.result as Record<string, unknown>;
              context.result = row;
            },
          },
        ],
      });
      isProblem(await own.ask("GET /photos/1/secret"), 404, "not_found");
      expect((await own.ask("GET /photos/1/image")).status).toBe(200);
      const sent = { body: PNG, headers: { "content-type": "image/png" } };
      expect((await own.ask("PUT /photos/2/image", sent)).status).toBe(204);
      expect(heard).toEqual([["update", { image: PNG.toString("base64") }]]);
    });
  }
});
