// Pictures in a real Chromium, of 12 to 500 tables: no box and no label covers another, no text leaves its box, nothing the picture.

import type { Graph } from "@viz-js/viz";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clustersOf } from "../../src/diagram/clusters.js";
import { toGraph } from "../../src/diagram/graph.js";
import { neighbourhoodOf } from "../../src/diagram/neighbourhood.js";
import { overviewGraph } from "../../src/diagram/overview.js";
import { type Picture, pictureOfTree, pictureWithin } from "../../src/diagram/picture.js";
import { toSvg } from "../../src/diagram/svg.js";
import { buildRouteTree } from "../../src/index.js";
import { launchBrowser, noBrowser } from "../support/browser.js";
import { crossings, measure, outsideOf } from "../support/drawing.js";
import { largeSchema } from "../support/large-schema.js";
import { schemaOf } from "../support/literal-schema.js";

const words = ["orders", "invoice_lines", "warehouses", "größen", "customer_addresses", "設定"];

/** Tables in groups: each refers to two of its group, each fourth to the first table of all, and some are links. */
function groupsOf(count: number): Picture {
  const name = (i: number) => `${words[i % words.length]}_${i}`;
  const tables = Array.from({ length: count }, (_, i) => {
    const near = [i - 1, i - 3].filter((at) => at >= 0 && Math.floor(at / 10) === Math.floor(i / 10));
    const keys = near.map((at, n) => `key${n}_id > ${name(at)}`).join(" ");
    if (i % 10 === 9) return [name(i), { columns: keys, key: "key0_id key1_id" }];
    return [name(i), `id ${keys}${i > 0 && i % 4 === 0 ? ` owner_id > ${name(0)}` : ""}`];
  });
  return pictureOfTree(buildRouteTree(schemaOf(Object.fromEntries(tables))));
}

const hubsOf = (count: number): Picture => pictureOfTree(buildRouteTree(largeSchema(count)));

describe.skipIf(noBrowser)("in Chromium", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
  }, 120_000);
  afterAll(() => browser?.close());

  async function isReadable(graph: Graph, count: number) {
    await page.setContent(await toSvg(graph));
    const { picture, boxes, labels } = await measure(page);
    expect(boxes).toHaveLength(count);
    expect(crossings([...boxes.map(({ box }) => box), ...labels])).toEqual([]);
    expect(outsideOf(picture, [...boxes.map(({ box }) => box), ...labels])).toEqual([]);
    for (const { box, texts } of boxes) {
      expect(outsideOf(box, texts)).toEqual([]);
      for (const { top, bottom } of texts) expect(bottom - top).toBeGreaterThan(10);
    }
  }

  test.each([
    ["12 in groups", groupsOf(12)],
    ["40 in groups", groupsOf(40)],
    ["40 around hubs", hubsOf(40)],
    ["120 in groups, as the command line draws them", groupsOf(120)],
  ])("all tables: %s", (_, picture) => isReadable(toGraph(picture), picture.tables.length), 120_000);

  describe.each([
    ["200 in groups", groupsOf(200)],
    ["500 in groups", groupsOf(500)],
    ["500 around hubs", hubsOf(500)],
  ])("%s", (_, picture) => {
    const clusters = clustersOf(picture);
    const { tables, lines } = picture;

    test("the clusters", async () => {
      const named = clusters.map((cluster) => ({ ...cluster, title: cluster.centre, address: "" }));
      await isReadable(overviewGraph(named, lines), Math.min(clusters.length, 40));
    }, 120_000);

    test.each(clusters.slice(0, 2).map(({ centre, tables }) => [centre, tables] as const))(
      "the cluster of %s",
      (_, ids) => isReadable(toGraph(pictureWithin(picture, new Set(ids))), ids.length),
      120_000,
    );

    // The first is the one that most refer to.
    test.each([0, 123].flatMap((at) => [1, 2].map((steps) => [tables[at]?.table as string, steps] as const)))(
      "around %s, steps: %i",
      async (centre, steps) => {
        const { picture: near } = neighbourhoodOf(picture, centre, steps);
        await isReadable(toGraph(near, undefined, centre), near.tables.length);
      },
      120_000,
    );
  });
});
