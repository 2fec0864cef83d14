import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isProblem } from "../conformance/case.js";
import { frameworks } from "../support/apps.js";
import { type Created, sqlite } from "../support/databases.js";
import { type Host, type HostKind, hosts } from "./hosts.js";

const ddl = `
  CREATE TABLE clubs (id INTEGER PRIMARY KEY, name VARCHAR(50));
  CREATE TABLE boats (id INTEGER PRIMARY KEY, club_id INTEGER REFERENCES clubs (id));
  INSERT INTO clubs VALUES (1, 'Rowing');
`;
const proxy = { "X-Forwarded-Host": "shop.example", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/eu" };

let database: Created;
beforeAll(async () => {
  database = await sqlite.create(ddl);
});
afterAll(() => database?.drop());

/** A host for one test. */
async function on<T>(kind: HostKind, options: Parameters<HostKind["start"]>[1], work: (host: Host) => Promise<T>) {
  const host = await kind.start(database.url, options);
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

describe.each(hosts)("$name", (kind) => {
  let host: Host;
  beforeAll(async () => {
    host = await kind.start(database.url);
  });
  afterAll(() => host?.close());

  test("GET /docs names its files by addresses relative to it, and has a strict policy", async () => {
    const { status, headers, text } = await host.ask("GET /docs");
    expect([status, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    const addresses = [...text.matchAll(/(?:href|src|data-document)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses).toEqual([
      "data:,",
      "docs/swagger-ui.css",
      "docs/pages.css",
      "openapi.json",
      "docs/diagram",
      "openapi.json",
      "docs/swagger-ui-bundle.js",
      "docs/start.js",
    ]);
  });

  test("GET /openapi.json is the document, its resources at an address relative to it", async () => {
    const { status, headers, json } = await host.ask("GET /openapi.json");
    expect([status, headers["content-type"]]).toEqual([200, "application/json; charset=utf-8"]);
    expect(json.openapi).toBe("3.1.0");
    expect(json.servers).toEqual([{ url: host.resources }]);
    expect(Object.keys(json.paths)).toContain("/clubs/{id}/boats");
  });

  test("GET /openapi.yaml is the same as YAML", async () => {
    const [json, yaml] = [await host.ask("GET /openapi.json"), await host.ask("GET /openapi.yaml")];
    expect([yaml.status, yaml.headers["content-type"]]).toEqual([200, "application/yaml"]);
    expect(yaml.text).toContain(`\nservers: [{"url":"${host.resources}"}]\n`);
    expect(yaml.text).toContain('\n  "/clubs/{id}/boats":\n');
    expect(yaml.headers.etag).not.toBe(json.headers.etag);
    const again = await host.ask("GET /openapi.yaml", { headers: { "If-None-Match": String(yaml.headers.etag) } });
    expect([again.status, again.text]).toEqual([304, ""]);
  });

  test.each([
    ["/docs", "text/html"],
    ["/openapi.json", "application/json"],
    ["/docs/diagram", "text/html"],
    ["/docs/diagram.svg", "image/svg+xml"],
    ["/docs/diagram.mmd", "text/plain"],
    ["/docs/diagram?table=clubs&steps=2", "text/html"],
    ["/docs/diagram.js", "text/javascript"],
    ["/docs/start.js", "text/javascript"],
    ["/docs/pages.css", "text/css"],
    ["/docs/swagger-ui.css", "text/css"],
    ["/docs/swagger-ui-bundle.js", "text/javascript"],
    ["/docs/swagger-ui-bundle.js.LICENSE.txt", "text/plain"],
  ])("GET %s: its type, 304 for who has it, HEAD", async (path, type) => {
    const { status, headers, text } = await host.ask(`GET ${path}`);
    expect([status, headers["content-type"]]).toEqual([200, `${type}; charset=utf-8`]);
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "cache-control": "no-cache" });
    const { etag } = headers as { etag: string };
    const again = await host.ask(`GET ${path}`, { headers: { "If-None-Match": etag } });
    expect([again.status, again.text, again.headers.etag]).toEqual([304, "", etag]);
    const head = await host.ask(`HEAD ${path}`);
    expect([head.status, head.text]).toEqual([200, ""]);
    expect(head.headers["content-length"]).toBe(String(Buffer.byteLength(text)));
  });

  test("the largest file is sent as gzip to who takes it, and in full to others", async () => {
    const url = `${host.base}${host.before}/docs/swagger-ui-bundle.js`;
    const [packed, plain] = await Promise.all(
      ["gzip", "identity"].map((coding) => fetch(url, { headers: { "Accept-Encoding": coding } })),
    );
    expect([packed?.headers.get("content-encoding"), plain?.headers.get("content-encoding")]).toEqual(["gzip", null]);
    expect(packed?.headers.get("etag")).not.toBe(plain?.headers.get("etag"));
    expect(await packed?.text()).toBe(await plain?.text());
  });

  test.each([
    ["gzip, deflate, br", "gzip"],
    ["*", "gzip"],
    ["GZIP;q=0.5", "gzip"],
    ["br", undefined],
    ["gzip;q=0, *", undefined],
    ["gzip;q=0.5, identity", undefined],
    ["", undefined],
  ])("GET /openapi.json with Accept-Encoding: %s", async (accepted, coding) => {
    const whole = await host.ask("GET /openapi.json");
    const headers = { "Accept-Encoding": accepted };
    const answer = await fetch(`${host.base}${host.before}/openapi.json`, { headers });
    expect(answer.headers.get("content-encoding")).toBe(coding ?? null);
    expect(answer.headers.get("vary")).toContain("Accept-Encoding");
    expect(await answer.text()).toBe(whole.text);
    const etag = answer.headers.get("etag") as string;
    expect(etag === whole.headers.etag).toBe(coding === undefined);
    const again = await host.ask("GET /openapi.json", { headers: { ...headers, "If-None-Match": etag } });
    expect([again.status, again.headers.etag, again.headers["content-encoding"]]).toEqual([304, etag, undefined]);
    expect(again.headers.vary).toContain("Accept-Encoding");
    const head = await host.ask("HEAD /openapi.json", { headers });
    expect([head.headers["content-encoding"], head.headers.etag]).toEqual([coding, etag]);
    expect(Number(head.headers["content-length"]) < Buffer.byteLength(whole.text)).toBe(coding === "gzip");
  });

  test("GET /docs/ leads to /docs", async () => {
    const { status, headers } = await host.ask("GET /docs/");
    expect(status).toBe(308);
    const asked = new URL(`${host.base}${host.before}/docs/`);
    expect(new URL(headers.location as string, asked).pathname).toBe(`${host.before}/docs`);
  });

  test("POST /docs is a 405, OPTIONS says what is allowed", async () => {
    const refused = await host.ask("POST /docs", { body: {} });
    isProblem(refused, 405, "method_not_allowed");
    expect(refused.headers.allow).toBe("GET, HEAD, OPTIONS");
    expect((await host.ask("OPTIONS /openapi.json")).headers.allow).toBe("GET, HEAD, OPTIONS");
  });

  test.each(["/docs/nothing", "/docs/../package.json", "/docs/..%2f..%2fpackage.json", "/docs/LICENSE", "/docs/%00"])(
    "GET %s is nowhere",
    async (path) => expect((await host.ask(`GET ${path}`)).status).toBe(404),
  );

  test("X-Forwarded-* of anyone count for nothing", async () => {
    const { json } = await host.ask("GET /openapi.json", { headers: proxy });
    expect(json.servers).toEqual([{ url: host.resources }]);
  });

  test("docs: false", () =>
    on(kind, { docs: false }, async ({ ask }) => {
      for (const path of ["/docs", "/openapi.json", "/docs/diagram", "/docs/start.js"])
        expect((await ask(`GET ${path}`)).status, path).toBe(404);
    }));

  test('docs: "/about/reference"', () =>
    on(kind, { docs: "/about/reference" }, async ({ ask, base, before }) => {
      expect((await ask("GET /docs")).status).toBe(404);
      const { text } = await ask("GET /about/reference");
      const at = new URL(`${base}${before}/about/reference`);
      const addresses = [...text.matchAll(/(?:href|src|data-document)="([^"d][^"]*)"/g)].map(([, address]) => address);
      expect(addresses.length).toBeGreaterThan(5);
      for (const address of addresses) {
        const { pathname } = new URL(address as string, at);
        expect(pathname.startsWith(`${before}/`)).toBe(true);
        expect((await ask(`GET ${pathname.slice(before.length)}`)).status, pathname).toBe(200);
      }
    }));

  test("trustProxy: the proxy's clients see whole addresses", () =>
    on(kind, { trustProxy: true }, async ({ ask, before, resources }) => {
      const whole = `https://shop.example/eu${before}${resources.slice(1)}`;
      const { json, headers } = await ask("GET /openapi.json", { headers: proxy });
      expect(json.servers).toEqual([{ url: whole }]);
      expect(headers.vary).toContain("X-Forwarded-Host");
      expect((await ask("GET /openapi.json")).json.servers).toEqual([{ url: resources }]);
      const made = await ask(`POST ${resources.slice(1)}/clubs`, { headers: proxy, body: { name: "Chess" } });
      expect(made.headers.location).toMatch(/^\/eu.*\/clubs\/\d+$/);
    }));

  test.each<Readonly<Record<string, string>>>([
    { "X-Forwarded-Host": 'shop.example"><script>' },
    { "X-Forwarded-Host": "a@b/c" },
    { "X-Forwarded-Host": "shop.example", "X-Forwarded-Proto": "javascript" },
  ])("trustProxy: %j is no address", (headers) =>
    on(kind, { trustProxy: true }, async ({ ask, resources }) => {
      expect((await ask("GET /openapi.json", { headers })).json.servers).toEqual([{ url: resources }]);
    }),
  );

  test("trustProxy: a prefix that is no path does not count, and of several proxies the first does", () =>
    on(kind, { trustProxy: true }, async ({ ask, resources }) => {
      for (const [prefix, begin] of [
        ["//evil.example", "/"],
        ["/a\\b", "/"],
        ["/eu/, /x", "/eu/"],
      ] as const) {
        const made = await ask(`POST ${resources.slice(1)}/clubs`, {
          headers: { "X-Forwarded-Prefix": prefix },
          body: { name: "Chess" },
        });
        expect(made.headers.location).toMatch(/^\/(eu\/)?(shop\/)?api\/clubs\/\d+$/);
        expect(made.headers.location?.startsWith(begin)).toBe(true);
      }
    }));
});

describe.each(frameworks)("$name, with tables called docs and openapi.json", ({ start }) => {
  test("they keep their paths, and the pages give way", async () => {
    const created = await sqlite.create(
      "CREATE TABLE docs (id INTEGER PRIMARY KEY); CREATE TABLE files (id INTEGER PRIMARY KEY)",
    );
    const overrides = [{ name: "files", resource: "openapi.json" }];
    const app = await start(created.url, { overrides });
    expect((await app.ask("GET /docs")).json).toEqual([]);
    expect((await app.ask("GET /openapi.json")).json).toEqual([]);
    expect((await app.ask("GET /api_docs")).text).toContain('data-document="openapi_document.json"');
    expect((await app.ask("GET /openapi_document.json")).json.openapi).toBe("3.1.0");
    expect(app.api.tree.renamings.map(({ wanted, given }) => [wanted, given])).toEqual([
      ["/docs", "/api_docs"],
      ["/openapi.json", "/openapi_document.json"],
    ]);
    await expect(start(created.url, { docs: "/docs/here" })).rejects.toThrow(
      "options.docs: /docs/here is within the paths of a table, /docs. Choose another, or false.",
    );
    await app.close();
    await created.drop();
  });
});

describe.each(frameworks)("$name, with 501 tables", ({ start }) => {
  const tables = Array.from({ length: 501 }, (_, n) => ({
    ...{
      name: `things_${n}`,
      columns: [
        { name: "id", type: "integer" },
        { name: "thing", type: "integer" },
      ],
      primaryKey: "id",
    },
    belongsTo: [{ table: `things_${n >> 1}`, column: "thing" }],
  }));
  let app: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    app = await start(database.url, { tables });
  });
  afterAll(() => app?.close());

  test("the diagram is a picture of clusters and a list of all tables", async () => {
    const { status, text } = await app.ask("GET /docs/diagram");
    expect([status, text.match(/<a href="diagram\?table=/g)?.length]).toEqual([200, 501]);
    expect(text.match(/class="node"/g)?.length).toBeLessThanOrEqual(40);
    const drawn = await app.ask("GET /docs/diagram.svg");
    expect(text).toContain(drawn.text.trim());
    expect((await app.ask("GET /docs/diagram.mmd")).text).toContain("things_500");
  });

  test("?table= is what is around one, its steps and its operations, as a page, an image and text", async () => {
    const near = (text: string) => [...new Set(text.match(/things_\d+/g))].sort();
    const { text } = await app.ask("GET /docs/diagram.mmd?table=things_100");
    expect(near(text)).toEqual(["things_100", "things_200", "things_201", "things_50"]);
    const further = await app.ask("GET /docs/diagram.svg?table=things_100&steps=2");
    expect(near(further.text)).toEqual(expect.arrayContaining(["things_25", "things_50", "things_101", "things_400"]));
    const page = await app.ask("GET /docs/diagram?table=things_100&steps=2");
    for (const address of [
      "../docs#/things_100",
      "diagram?table=things_100",
      "diagram.svg?table=things_100&amp;steps=2",
    ])
      expect(page.text).toContain(`href="${address}"`);
  });

  test("?cluster= is the cluster that the table is in", async () => {
    const { text } = await app.ask("GET /docs/diagram.svg?cluster=things_100");
    expect(text).toContain(">things_100<");
    expect(text.match(/class="node"/g)?.length).toBeLessThanOrEqual(24);
  });

  test.each([
    ["?table=thing_100", 404, "no_route", "There is no table thing_100 here. Perhaps you meant 'things_100'."],
    ["?cluster=%00", 404, "no_route", "There is no table"],
    ["?tabel=things_1", 400, "unknown_parameter", "Perhaps you meant 'table'."],
    ["?table=things_1&steps=3", 400, "malformed_query", "steps is 1 or 2, not 3."],
    ["?steps=2", 400, "malformed_query", "steps goes with table"],
    ["?table=things_1&cluster=things_1", 400, "malformed_query", "do not go together"],
    ["?table=things_1&table=things_2", 400, "malformed_query", "more than once"],
  ] as const)("%s is refused", async (query, status, code, detail) => {
    for (const page of ["diagram", "diagram.svg", "diagram.mmd"]) {
      const answer = await app.ask(`GET /docs/${page}${query}`);
      isProblem(answer, status, code);
      expect(answer.json.detail).toContain(detail);
    }
  });
});

test.each([["docs"], ["/"], ["/a b"], ["/../x"], ["/docs/"], [7]])("docs: %j is refused", async (docs) => {
  const { createApi } = await import("../../src/index.js");
  await expect(createApi(database.url, { docs: docs as string })).rejects.toThrow(
    /^options\.docs: is true, false or a path/,
  );
});
