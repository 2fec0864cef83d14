// The pages of documentation: short, for somebody, linked from README.md, and with links that lead somewhere.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { linksOf, type Page, pages, root, sectionOf } from "../support/pages.js";

const MOST_BYTES = 16 * 1024;

/** As GitHub makes them: https://github.com/gjtorikian/html-pipeline (toc_filter). */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\- _]/gu, "")
    .replaceAll(" ", "-");

function anchorsOf({ text }: Page): string[] {
  const headings = [...text.replaceAll(/^```.*?^```/gms, "").matchAll(/^#+ (.+)$/gm)];
  return headings.map(([, heading]) => anchorOf(heading as string));
}

test("README.md comes first, and there are pages of rooms", () => {
  expect(pages[0]?.path).toBe("README.md");
  expect(pages.length).toBeGreaterThan(20);
});

describe.each(pages)("$path", (page) => {
  test("has at most 16 KB", () => {
    expect(Buffer.byteLength(page.text)).toBeLessThanOrEqual(MOST_BYTES);
  });

  test.runIf(page.path !== "README.md")("begins with whom it is for", () => {
    expect(page.text).toMatch(/^# .+\n\nFor (those|everyone|whoever) /);
  });

  test("has links that lead somewhere", () => {
    for (const { to, anchor } of linksOf(page)) {
      expect(existsSync(join(root, to)), to).toBe(true);
      const target = pages.find(({ path }) => path === to);
      if (anchor !== "") expect(target === undefined ? [] : anchorsOf(target), `#${anchor} of ${to}`).toContain(anchor);
    }
  });

  test("names the direction of every order, as it is not the usual one", () => {
    const orders = [...page.text.matchAll(/order-by=([\w.,:()>-]+)/g)].flatMap(([, order]) =>
      (order as string).split(","),
    );
    expect(orders.filter((each) => !/:(asc|desc)\b/.test(each) && each !== "name")).toEqual([]);
  });

  test("has no heading twice", () => {
    const anchors = anchorsOf(page);
    expect(anchors).toEqual([...new Set(anchors)]);
  });

  test.runIf(page.path !== "README.md")("is in the index of README.md", () => {
    const index = sectionOf((pages[0] as Page).text, "## All pages");
    expect(index).toContain(`](${page.path})`);
  });
});
