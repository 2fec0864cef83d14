// `sapwood openapi --as postman|http|yaml`: requests that the API answers, and no more of them than anybody can look at.
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { toYaml } from "../../src/docs/notation.js";
import { toOpenApi } from "../../src/openapi/document.js";
import { toHttpFile } from "../../src/openapi/http-file.js";
import { toPostman } from "../../src/openapi/postman.js";
import { MOST_REQUESTS, requestsOf } from "../../src/openapi/requests.js";
import { buildRouteTree } from "../../src/routes/build.js";
import { routesOf } from "../../src/routes/tree.js";
import { ddl } from "../fixtures/community.js";
import type { App } from "../support/apps.js";
import { largeSchema } from "../support/large-schema.js";
import { onEveryDatabase } from "../support/matrix.js";

const { load } = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };

interface Parameter {
  readonly key: string;
  readonly value: string;
  readonly disabled?: true;
}

interface Item {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly header: readonly Parameter[];
    readonly url: {
      readonly raw: string;
      readonly path: readonly string[];
      readonly variable: readonly Parameter[];
      readonly query: readonly Parameter[];
    };
    readonly body?: { readonly raw: string };
  };
}

interface Collection {
  readonly info: { readonly name: string; readonly schema: string };
  readonly item: readonly { readonly name: string; readonly item: readonly Item[] }[];
}

onEveryDatabase(
  ddl,
  (place) => {
    let app: App;
    let api: Awaited<ReturnType<typeof createApi>>;
    beforeAll(async () => {
      app = await place.app();
      api = await createApi(place.db().url);
    });
    afterAll(() => api.close());

    /** What a request may be refused with that is well made: its row or its body's values are not those of this database. */
    const well = (status: number) => status < 300 || [304, 404, 409, 412, 422].includes(status);
    const rehearsed = { prefer: "tx=rollback" };

    test("a Postman collection has each operation once, and the API understands it", async () => {
      const collection = toPostman(api.openApi({ title: "Clubs" }), "http://x/api") as Collection;
      expect(collection.info).toMatchObject({ name: "Clubs", schema: expect.stringContaining("v2.1.0") });
      const items = collection.item.flatMap(({ item }) => item);
      const all = items.map(({ request: { method, url } }) => `${method} ${url.raw.replace("{{baseUrl}}", "")}`);
      expect(all.sort()).toEqual(
        routesOf(api.tree.root)
          .map(({ id }) => id)
          .sort(),
      );
      for (const { request } of items) {
        const { method, url, body, header } = request;
        const path = url.path
          .map((part) => url.variable.find(({ key }) => `:${key}` === part)?.value ?? part)
          .join("/");
        expect(path).not.toContain(":");
        expect(
          [...url.query, ...header.filter(({ key }) => key !== "Content-Type")].every(({ disabled }) => disabled),
        ).toBe(true);
        const parts = { headers: rehearsed, ...(body && { body: JSON.parse(body.raw) as unknown }) };
        const { status, text } = await app.ask(`${method} /${path}`, parts);
        const needsFilter = text.includes("filter_required");
        expect(well(status) || needsFilter, `${method} /${path} ${body?.raw} ${text}`).toBe(true);
      }
    });

    test("an .http file has each operation once, with rows that one line chooses", () => {
      const text = toHttpFile(api.openApi({ title: "Clubs\nof all" }), "http://x/api");
      expect(text).toMatch(/^# Clubs of all\n@baseUrl = http:\/\/x\/api\n@id = /);
      const parts = text.split(/^### /m).slice(1);
      expect(parts).toHaveLength(routesOf(api.tree.root).length);
      const named = new Set([...text.matchAll(/^@(\w+) = \S+$/gm)].map(([, name]) => name));
      for (const part of parts) {
        const [, first = "", ...rest] = part.split("\n");
        expect(first).toMatch(/^(GET|POST|PUT|PATCH|DELETE) \{\{baseUrl\}\}\/[^\s]+$/);
        for (const [, name] of first.matchAll(/\{\{(\w+)\}\}/g)) expect(named).toContain(name);
        if (rest[0] === "Content-Type: application/json") JSON.parse(rest.slice(2).join("\n"));
        else expect(rest.join("")).toBe("");
      }
    });

    test("YAML is the same document", () => {
      const document = api.openApi();
      expect(load(toYaml(document))).toEqual(JSON.parse(JSON.stringify(document)));
    });
  },
  ["sqlite"],
);

describe("a large schema", () => {
  test("has the most requests that there is room for, each of a bounded size", () => {
    const tree = buildRouteTree(largeSchema(800));
    const document = toOpenApi(tree, { maxOperations: MOST_REQUESTS });
    const { requests, note } = requestsOf(document);
    expect(requests).toHaveLength(MOST_REQUESTS);
    const leftOut = routesOf(tree.root).length - MOST_REQUESTS;
    expect(note).toBe(`${leftOut} further operations are left out.`);
    expect(toHttpFile(document, "/")).toContain(`\n# ${note}\n`);
    expect(toPostman(document, "/")).toMatchObject({ info: { description: note } });
    expect(Math.max(...requests.map((request) => JSON.stringify(request).length))).toBeLessThan(20_000);
  });
});
