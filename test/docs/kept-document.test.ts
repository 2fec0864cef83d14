// The document as it is kept: the same text as in one piece, made in turns with others, and of so many trees only.
import { createRequire } from "node:module";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { keepDocument } from "../../src/docs/kept-document.js";
import { yaml } from "../../src/docs/notation.js";
import { Shelf } from "../../src/docs/shelf.js";
import { documentParts, type OpenApiOptions, toOpenApi } from "../../src/openapi/document.js";
import { buildRouteTree } from "../../src/routes/build.js";
import { largeSchema } from "../support/large-schema.js";

/** It comes without types. */
const { load } = createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown };

const tree = buildRouteTree(largeSchema(60));
const secured: OpenApiOptions = {
  servers: ["https://shop.example/api"],
  title: 'A "shop"',
  securitySchemes: { key: { type: "apiKey", in: "header", name: "x-api-key" } },
};

test.each<OpenApiOptions>([{}, secured])("is what toOpenApi says, %#", async (options) => {
  const { bytes, gzip, servers } = await keepDocument(() => documentParts(tree, options));
  const text = bytes.toString();
  expect(text).toBe(JSON.stringify(toOpenApi(tree, options)));
  expect(gunzipSync(gzip).equals(bytes)).toBe(true);
  expect(JSON.parse(bytes.subarray(...servers).toString())).toEqual(toOpenApi(tree, options).servers);
});

test.each<OpenApiOptions>([{}, secured])("is the same as YAML, %#", async (options) => {
  const { bytes, servers } = await keepDocument(() => documentParts(tree, options), yaml);
  const text = bytes.toString();
  expect(text).toMatch(/^---\nopenapi: "3\.1\.0"\ninfo:\n {2}title: /);
  expect(load(text)).toEqual(JSON.parse(JSON.stringify(toOpenApi(tree, options))));
  expect(JSON.parse(bytes.subarray(...servers).toString())).toEqual(toOpenApi(tree, options).servers);
});

test("values that read as others, and empty ones, are what they are in YAML", () => {
  const value = {
    words: ["yes", "No", "null", "1e3", "~", "- a", "#", "a: b", " x ", "", "ü\u2028\n\u0000"],
    "a key": { on: true, n: -0.5, none: null, gone: undefined },
    empty: [{}, [], [[1], { a: [] }]],
  };
  const text = `${Object.entries(value)
    .map(([name, member]) => yaml.name(name, 0, false) + yaml.value(member, 0))
    .join("")}\n`;
  expect(load(text)).toEqual(JSON.parse(JSON.stringify(value)));
});

test("others have their turn while it is made, however many are asked for", async () => {
  let turns = 0;
  let done = false;
  const other = () => {
    turns += 1;
    if (!done) setImmediate(other);
  };
  setImmediate(other);
  const made: number[] = [];
  await Promise.all([1, 2, 3].map((n) => keepDocument(() => documentParts(tree)).then(() => made.push(n))));
  done = true;
  expect(made).toEqual([1, 2, 3]);
  // In one piece they would have one each, between the documents.
  expect(turns).toBeGreaterThan(10);
});

describe("a shelf", () => {
  const trees = Array.from({ length: 18 }, (_, n) => buildRouteTree(largeSchema(n + 1)));

  test("makes a tree's document once, and keeps those of the last 16 trees", async () => {
    const shelf = new Shelf();
    const made: number[] = [];
    const ask = (n: number) =>
      shelf.documentOf(trees[n] as (typeof trees)[number], () => {
        made.push(n);
        return documentParts(trees[n] as (typeof trees)[number]);
      });
    const [one, same] = await Promise.all([ask(0), ask(0)]);
    expect(one).toBe(same);
    for (let n = 1; n < 16; n += 1) await ask(n);
    await ask(0);
    expect(made).toEqual(Array.from({ length: 16 }, (_, n) => n));
    for (const n of [16, 17]) await ask(n);
    made.length = 0;
    for (const n of [0, 17, 3]) await ask(n);
    expect(made).toEqual([]);
    await ask(1);
    expect(made).toEqual([1]);
  });

  test("keeps nothing of one that failed", async () => {
    const shelf = new Shelf();
    const [tree] = trees as [(typeof trees)[number]];
    const failing = () => {
      throw new Error("not today");
    };
    await expect(shelf.documentOf(tree, failing)).rejects.toThrow("not today");
    await expect(shelf.documentOf(tree, failing)).rejects.toThrow("not today");
    expect((await shelf.documentOf(tree, () => documentParts(tree))).bytes.length).toBeGreaterThan(0);
  });
});
