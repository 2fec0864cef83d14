// The picture in a real Chromium, at 12 and at 120 tables: no box covers another, and no text leaves its box.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pictureOf } from "../../src/diagram/picture.js";
import { toSvg } from "../../src/diagram/svg.js";
import { buildRouteTree } from "../../src/index.js";
import { launchBrowser, noBrowser } from "../support/browser.js";
import { schemaOf } from "../support/literal-schema.js";

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const words = ["orders", "invoice_lines", "warehouses", "größen", "customer_addresses", "設定"];

/** Tables in groups: each refers to two of its group, each fourth to the first table of all, and some are links. */
function tables(count: number): Parameters<typeof schemaOf>[0] {
  const name = (i: number) => `${words[i % words.length]}_${i}`;
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => {
      const near = [i - 1, i - 3].filter((at) => at >= 0 && Math.floor(at / 10) === Math.floor(i / 10));
      const keys = near.map((at, n) => `key${n}_id > ${name(at)}`).join(" ");
      if (i % 10 === 9) return [name(i), { columns: keys, key: "key0_id key1_id" }];
      return [name(i), `id ${keys}${i > 0 && i % 4 === 0 ? ` owner_id > ${name(0)}` : ""}`];
    }),
  );
}

describe.skipIf(noBrowser)("in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 120_000);
  afterAll(() => browser?.close());

  test.each([12, 120])(
    "%i tables",
    async (count) => {
      const schema = schemaOf(tables(count));
      const page = await browser.newPage();
      await page.setContent(await toSvg(pictureOf(buildRouteTree(schema))));
      const boxes = await page.locator("g.node").evaluateAll((nodes) =>
        nodes.map((node) => {
          const sides = (element: { getBoundingClientRect(): Box }) => {
            const { left, top, right, bottom } = element.getBoundingClientRect();
            return { left, top, right, bottom };
          };
          const frame = node.querySelector("polygon[stroke='#64748b']") ?? node;
          return { box: sides(frame), texts: [...node.querySelectorAll("text")].map(sides) };
        }),
      );
      expect(boxes).toHaveLength(count);
      for (const { box, texts } of boxes)
        for (const text of texts) {
          expect(text.left).toBeGreaterThanOrEqual(box.left);
          expect(text.right).toBeLessThanOrEqual(box.right + 1);
          expect(text.bottom - text.top).toBeGreaterThan(10);
        }
      const covered = boxes.filter(({ box: a }, i) =>
        boxes.some(
          ({ box: b }, j) => i < j && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom,
        ),
      );
      expect(covered).toEqual([]);
      await page.close();
    },
    120_000,
  );
});
