// The page to look around in, as it is served: by each host, with its files, and what it is told of the tables.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExploreModel } from "../../src/explore/model.js";
import { serve } from "../../src/server/serve.js";
import { claims, hs256, secret } from "../auth/tokens.js";
import { type Host, hosts } from "../docs/hosts.js";
import { frameworks } from "../support/apps.js";
import { type Created, sqlite } from "../support/databases.js";
import { request } from "../support/http.js";

const ddl = `
  CREATE TABLE artists (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL);
  CREATE TABLE albums (id INTEGER PRIMARY KEY, title VARCHAR(50) NOT NULL, artist_id INTEGER NOT NULL REFERENCES artists (id));
  CREATE TABLE playlists (id INTEGER PRIMARY KEY, name VARCHAR(50));
  CREATE TABLE albums_playlists (
    album_id INTEGER NOT NULL REFERENCES albums (id), playlist_id INTEGER NOT NULL REFERENCES playlists (id),
    PRIMARY KEY (album_id, playlist_id)
  );
  INSERT INTO artists VALUES (1, 'Ada');
`;
const dist = (name: string) => new URL(`../../dist/src/explore/files/${name}`, import.meta.url);

let database: Created;
beforeAll(async () => {
  database = await sqlite.create(ddl);
});
afterAll(() => database?.drop());

test("its files are at most 600 KB compressed, and say the licences of what is in them", () => {
  const sizes = ["explore.js.gz", "explore.css.gz", "licenses.txt"].map((name) => readFileSync(dist(name)).length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(600_000);
  const licences = readFileSync(dist("licenses.txt"), "utf8");
  const named = [...licences.matchAll(/^## (\S+) - \S+ \(([^)]*)\)$/gm)].map(([, name, licence]) => [name, licence]);
  expect(named.map(([name]) => name)).toEqual(
    expect.arrayContaining(["react", "react-dom", "ra-core", "react-router"]),
  );
  for (const [name, licence] of named) expect(licence, name).toMatch(/^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD)$/);
});

test("its program runs no text as code", () => {
  const program = gunzipSync(readFileSync(dist("explore.js.gz"))).toString();
  expect(program).not.toMatch(/\beval\s*\(|\bnew Function\s*\(/);
});

describe.each(hosts)("$name", (kind) => {
  let host: Host;
  beforeAll(async () => {
    host = await kind.start(database.url);
  });
  afterAll(() => host?.close());

  test("GET /explore names its files by addresses relative to it, and has a strict policy", async () => {
    const { status, headers, text } = await host.ask("GET /explore");
    expect([status, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    const addresses = [...text.matchAll(/(?:href|src|data-\w+)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses).toEqual([
      "data:,",
      "explore/explore.css",
      host.resources,
      "explore",
      "docs",
      "docs/diagram",
      "explore/explore.js",
    ]);
    expect(text).not.toMatch(/<script>|style=/);
  });

  test.each([
    ["/explore", "text/html"],
    ["/explore/explore.js", "text/javascript"],
    ["/explore/explore.css", "text/css"],
    ["/explore/licenses.txt", "text/plain"],
    ["/explore/model.json", "application/json"],
  ])("GET %s: its type, 304 for who has it, HEAD, gzip", async (path, type) => {
    const { status, headers, text } = await host.ask(`GET ${path}`);
    expect([status, headers["content-type"]]).toEqual([200, `${type}; charset=utf-8`]);
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "cache-control": "no-cache" });
    const etag = headers.etag as string;
    const again = await host.ask(`GET ${path}`, { headers: { "If-None-Match": etag } });
    expect([again.status, again.text]).toEqual([304, ""]);
    const head = await host.ask(`HEAD ${path}`);
    expect([head.status, head.text, head.headers["content-length"]]).toEqual([
      200,
      "",
      String(Buffer.byteLength(text)),
    ]);
    if (path === "/explore") return;
    const zipped = await fetch(host.base + host.before + path, { headers: { "accept-encoding": "gzip" } });
    expect([zipped.headers.get("content-encoding"), await zipped.text()]).toEqual(["gzip", text]);
    expect(zipped.headers.get("etag")).not.toBe(etag);
  });

  test("GET /explore/ leads to /explore, POST is a 405, other files are nowhere", async () => {
    const { status, headers } = await host.ask("GET /explore/");
    expect(status).toBe(308);
    const asked = new URL(`${host.base}${host.before}/explore/`);
    expect(new URL(headers.location as string, asked).pathname).toBe(`${host.before}/explore`);
    expect((await host.ask("POST /explore", { body: {} })).status).toBe(405);
    for (const path of ["/explore/index.html", "/explore/..%2fpackage.json", "/explore/explore.js.map"])
      expect((await host.ask(`GET ${path}`)).status, path).toBe(404);
  });

  test("model.json tells tables, fields, and relations by the paths that lead along them", async () => {
    const { tables, signIn } = (await host.ask("GET /explore/model.json")).json as ExploreModel;
    expect([tables.map(({ name }) => name), signIn]).toEqual([["albums", "artists", "playlists"], {}]);
    expect(tables[0]).toMatchObject({ key: ["id"], label: "title", noun: "album" });
    expect(tables[0]?.may).toEqual(expect.arrayContaining(["list", "create", "read", "update", "delete"]));
    expect(tables[0]?.relations).toMatchObject([
      { segment: "playlists", table: "playlists", kind: "n-n", many: true },
      { segment: "artist", table: "artists", kind: "parent", many: false, on: [["artist_id", "id"]] },
    ]);
    expect(tables[0]?.relations[0]?.may).toEqual(expect.arrayContaining(["list", "link", "unlink"]));
    expect(tables[0]?.fields.find(({ name }) => name === "title")).toEqual({
      ...{ name: "title", kind: "text", length: 50, nullable: false, required: true },
      ...{ read: true, insert: true, update: true },
    });
  });
});

test.each(hosts)("docs: false, through $name", async (kind) => {
  const host = await kind.start(database.url, { docs: false });
  for (const path of ["/explore", "/explore/model.json", "/explore/explore.js"])
    expect((await host.ask(`GET ${path}`)).status, path).toBe(404);
  await host.close();
});

test.each(hosts)("model.json has what the caller's role may, and nobody else's, through $name", async (kind) => {
  const host = await kind.start(database.url, {
    auth: { jwt: { secret } },
    roles: { member: { artists: "read", albums: ["read", "create"] } },
  });
  const told = async (headers: Record<string, string>) =>
    (await host.ask("GET /explore/model.json", { headers })).json as ExploreModel;
  const nobody = await told({});
  expect(nobody.tables).toEqual([]);
  expect(Object.values(nobody.signIn).map(({ type, scheme }) => [type, scheme])).toEqual([["http", "bearer"]]);
  const answer = await host.ask("GET /explore/model.json", {
    headers: { authorization: `Bearer ${hs256(claims())}` },
  });
  const { tables } = answer.json as ExploreModel;
  expect(answer.headers["cache-control"]).toBe("private, no-cache");
  expect(tables.map(({ name, may }) => [name, [...may].sort()])).toEqual([
    ["albums", ["create", "list", "read"]],
    ["artists", ["list", "read"]],
  ]);
  expect(tables[0]?.relations.map(({ segment }) => segment)).toEqual(["artist"]);
  expect((await host.ask("GET /explore/model.json", { headers: { authorization: "Bearer x" } })).status).toBe(401);
  await host.close();
});

test.each(frameworks)("a table that is called explore keeps its path, through $name", async ({ start }) => {
  const created = await sqlite.create("CREATE TABLE explore (id INTEGER PRIMARY KEY)");
  const app = await start(created.url, { overrides: [{ name: "explore", resource: "explore" }] });
  expect((await app.ask("GET /explore")).json).toEqual([]);
  expect((await app.ask("GET /api_explore")).text).toContain('src="api_explore/explore.js"');
  expect(app.api.tree.renamings.map(({ wanted, given }) => [wanted, given])).toEqual([["/explore", "/api_explore"]]);
  await app.close();
  await created.drop();
});

describe("the server", () => {
  test("at / browsers get a page, and programs JSON", async () => {
    const server = await serve(database.url, { port: 0 });
    const accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    const page = await request(server.url, "GET", "/", { headers: { accept } });
    expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect(page.headers.vary).toContain("Accept");
    const links = [...page.text.matchAll(/href="(\.[^"]*)"/g)].map(([, href]) => href as string);
    for (const link of ["./explore", "./docs", "./docs/diagram", "./openapi.json", "./api/albums"])
      expect(links).toContain(link);
    for (const link of links) expect((await request(server.url, "GET", link.slice(1))).status, link).toBe(200);
    for (const accept of ["", "*/*", "application/json", "application/json, text/html"])
      expect((await request(server.url, "GET", "/", { headers: { accept } })).json).toMatchObject({
        explore: "/explore",
      });
    await server.close();
  });

  test("docs: false leaves out what is not there", async () => {
    const server = await serve(database.url, { port: 0, docs: false });
    const { text } = await request(server.url, "GET", "/", { headers: { accept: "text/html" } });
    expect(text).not.toMatch(/explore|\/docs/);
    expect((await request(server.url, "GET", "/")).json).not.toHaveProperty("explore");
    await server.close();
  });

  test("of several databases each has its page, and the top lists them", async () => {
    const server = await serve(
      { databases: { shop: { db: database.url, label: "The <shop>", description: "Music" }, other: database.url } },
      { port: 0 },
    );
    const list = await request(server.url, "GET", "/explore");
    expect(list.text).toContain('<a href="./api/shop/explore">The &lt;shop&gt;</a>');
    const page = await request(server.url, "GET", "/api/shop/explore");
    expect(page.text).toContain('data-api="."');
    const top = await request(server.url, "GET", "/", { headers: { accept: "text/html" } });
    expect(top.text).toContain('<a href="./api/other/explore">');
    expect(top.text).toContain("The &lt;shop&gt;");
    await server.close();
  });

  test("with its resources at the top, a table that is called explore keeps its path", async () => {
    const created = await sqlite.create("CREATE TABLE explore (id INTEGER PRIMARY KEY)");
    const overrides = [{ name: "explore", resource: "explore" }];
    const server = await serve(created.url, { port: 0, prefix: "/", overrides });
    expect((await request(server.url, "GET", "/explore")).json).toEqual([]);
    expect((await request(server.url, "GET", "/api_explore")).text).toContain('src="api_explore/explore.js"');
    await server.close();
    await created.drop();
  });
});
