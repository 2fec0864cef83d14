// `sapwood/host` by `Request` and `Response` of the Fetch standard, without a framework and without a port.
import { once } from "node:events";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromFetch, type Host, openHost, toFetch } from "../../src/host.js";
import type { HookContext } from "../../src/index.js";
import { type Created, databases } from "../support/databases.js";

const ddl = `
  CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES people (id), text VARCHAR(40));
  INSERT INTO people (id, name) VALUES (1, 'Ada'), (2, 'Grace');
  INSERT INTO notes (id, person_id, text) VALUES (1, 1, 'one'), (2, 1, 'two');`;
const [sqlite] = databases;

describe("a host of the Fetch standard", () => {
  let db: Created;
  let host: Host;
  let leave = () => {};
  beforeAll(async () => {
    db = (await sqlite?.create(ddl)) as Created;
    const postSave = async ({ body, request }: HookContext) => {
      if (body.name !== "Late") return;
      leave();
      await once(request.signal as AbortSignal, "abort");
    };
    host = await openHost(db.url, { maxLimit: 5_000, bodyLimit: 2_000, hooks: { postSave } });
  });
  afterAll(async () => {
    await host.api.close();
    await db.drop();
  });

  async function ask(url: string, init: RequestInit & { duplex?: "half" } = {}): Promise<Response | undefined> {
    const request = fromFetch(new Request(`http://localhost${url}`, init), "/api");
    const answer = request && (await host.handle(request));
    return answer && toFetch(answer);
  }

  const json = { "content-type": "application/json" };

  test("GET /api/people/1/notes?order-by=id:asc", async () => {
    const answer = await ask("/api/people/1/notes?order-by=id:asc");
    expect(answer?.status).toBe(200);
    expect(await answer?.json()).toEqual([
      { id: 1, person_id: 1, text: "one" },
      { id: 2, person_id: 1, text: "two" },
    ]);
  });

  test("what is not below the mount point, and what no route has, is the framework's own", async () => {
    expect(await ask("/elsewhere")).toBeUndefined();
    expect(await ask("/apiary/people")).toBeUndefined();
    expect(await ask("/api/nothing/of/it")).toBeUndefined();
  });

  test("it learns the pattern and the parameters before anything is done", async () => {
    const found: unknown[] = [];
    const request = fromFetch(new Request("http://localhost/api/people/1/notes/2"), "/api");
    await host.handle({ ...(request as NonNullable<typeof request>), matched: (...match) => found.push(match) });
    expect(found).toEqual([["/people/:id/notes/:noteId", { id: "1", noteId: "2" }]]);
  });

  test("POST with a JSON body: its Location leads to the row", async () => {
    const made = await ask("/api/people", { method: "POST", headers: json, body: '{"id": 3, "name": "Joan"}' });
    expect(made?.status).toBe(201);
    expect(made?.headers.get("location")).toBe("/api/people/3");
    expect(await (await ask("/api/people/3"))?.json()).toEqual({ id: 3, name: "Joan" });
    const gone = await ask("/api/people/3", { method: "DELETE" });
    expect([gone?.status, await gone?.text()]).toEqual([204, ""]);
  });

  test("POST with an encoded body, as a stream", async () => {
    const body = new Blob([new Uint8Array(gzipSync('{"id": 4, "name": "Mary"}'))]).stream();
    const headers = { ...json, "content-encoding": "gzip" };
    const made = await ask("/api/people", { method: "POST", headers, body, duplex: "half" });
    expect(await made?.json()).toEqual({ id: 4, name: "Mary" });
    await ask("/api/people/4", { method: "DELETE" });
  });

  test("a body past the limit is a 413, one that is no JSON a 400", async () => {
    const long = JSON.stringify({ id: 5, name: "x".repeat(3_000) });
    expect((await ask("/api/people", { method: "POST", headers: json, body: long }))?.status).toBe(413);
    expect((await ask("/api/people", { method: "POST", headers: json, body: "{" }))?.status).toBe(400);
  });

  test("HEAD and 304 have no body", async () => {
    const head = await ask("/api/people/1", { method: "HEAD" });
    expect([head?.status, await head?.text()]).toEqual([200, ""]);
    const etag = head?.headers.get("etag") as string;
    const known = await ask("/api/people/1", { headers: { "if-none-match": etag } });
    expect([known?.status, await known?.text()]).toEqual([304, ""]);
  });

  test("an empty header says nothing, but for a condition", async () => {
    expect((await ask("/api/people/1", { headers: { accept: "" } }))?.status).toBe(200);
    const body = '{"name": "Ada L."}';
    const headers = { ...json, "if-match": "" };
    expect((await ask("/api/people/1", { method: "PATCH", headers, body }))?.status).toBe(412);
  });

  test("a list that is too long to be held comes in pieces, and is whole", async () => {
    const rows = Array.from({ length: 4_000 }, (_, i) => ({ id: 1_000 + i, name: `name ${i}` }));
    await db.knex.batchInsert("people", rows, 200);
    const answer = await ask("/api/people?id=ge:1000&limit=5000");
    expect(await answer?.json()).toEqual(rows);
    await db.knex("people").where("id", ">=", 1_000).delete();
  });

  test("what a client that leaves has begun is broken off and rolled back", async () => {
    const controller = new AbortController();
    leave = () => controller.abort();
    const init = { method: "POST", headers: json, body: '{"id": 9, "name": "Late"}', signal: controller.signal };
    const answer = await ask("/api/people", init);
    expect(await answer?.json()).toMatchObject({ code: "client_left" });
    expect(await db.knex("people").where({ id: 9 })).toEqual([]);
  });
});
