// The diagram's page of 200 tables as people meet it, in a real Chromium: clusters, the search box, what is around a table.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { launchBrowser, noBrowser, type Watched, watchedPage } from "../support/browser.js";
import { type Created, sqlite } from "../support/databases.js";
import { crossings, measure, outsideOf } from "../support/drawing.js";

const ddl = [
  "CREATE TABLE users (id INTEGER PRIMARY KEY);",
  ...Array.from({ length: 40 }, (_, i) =>
    ["orders", "lines", "refunds", "parcels", "notes"].map((name, at) => {
      const to = at === 0 ? "users (id)" : `orders_${i} (id)`;
      return `CREATE TABLE ${name}_${i} (id INTEGER PRIMARY KEY, of_id INTEGER REFERENCES ${to}, by_id INTEGER REFERENCES users (id));`;
    }),
  ).flat(),
].join("\n");

describe.skipIf(noBrowser)("in Chromium", { timeout: 180_000 }, () => {
  let database: Created;
  let server: RunningServer;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  beforeAll(async () => {
    database = await sqlite.create(ddl);
    server = await serve(database.url, { port: 0 });
    browser = await launchBrowser();
    watched = await watchedPage(browser, server.url);
    page = watched.page;
  }, 180_000);
  afterAll(async () => {
    await watched?.close();
    await browser?.close();
    await server?.close();
    await database?.drop();
  });

  const heading = () => page.locator("h1").textContent();

  test("the page shows clusters, and a click on one shows its tables", async () => {
    await page.goto(`${server.url}/docs/diagram`);
    expect(await heading()).toBe("201 tables");
    const { picture, boxes, labels } = await measure(page);
    expect(boxes.length).toBeLessThanOrEqual(40);
    const frames = boxes.map(({ box }) => box);
    expect([crossings([...frames, ...labels]), outsideOf(picture, frames)]).toEqual([[], []]);
    await page
      .locator("main svg text", { hasText: /tables$/ })
      .first()
      .click();
    await page.waitForURL(/\?cluster=/);
    expect((await measure(page)).boxes.length).toBeLessThanOrEqual(24);
    expect(await page.locator("aside [aria-current]").textContent()).toBe("all of these");
  });

  test("a click on a table shows what is around it, two steps reach further, and its operations are linked", async () => {
    await page.goto(`${server.url}/docs/diagram?cluster=orders_7`);
    await page.locator("main svg text", { hasText: /^parcels_7$/ }).click();
    await page.waitForURL(/\?table=parcels_7$/);
    expect((await measure(page)).boxes).toHaveLength(3);
    await page.locator("main a", { hasText: "2 steps" }).click();
    await page.waitForURL(/steps=2$/);
    expect((await measure(page)).boxes).toHaveLength(40);
    expect(await page.locator("main summary").textContent()).toMatch(/^\d+ more tables are as near/);
    await page.locator("main a", { hasText: "Its operations" }).click();
    await page.locator("#operations-tag-parcels_7").waitFor();
  });

  test("the search box: a slash leads to it, it leaves what holds the word, and Enter opens the first", async () => {
    await page.goto(`${server.url}/docs/diagram`);
    await page.keyboard.press("/");
    await page.keyboard.type("FUNDS_3");
    const left = await page.locator("aside li:visible").allTextContents();
    expect(left.sort()).toEqual(["refunds_3", ...Array.from({ length: 10 }, (_, i) => `refunds_3${i}`)]);
    await page.locator("#find").press("Enter");
    await page.waitForURL(/\?table=refunds_3/);
    await page.locator("main svg").waitFor();
    // Swagger UI says so of every address with a `_` in it.
    expect(watched.complaints.filter((text) => !text.startsWith("Deprecated: escaping deep link"))).toEqual([]);
  });

  test("on a phone the list stands above the picture, and nothing beside the window", async () => {
    const phone = await watchedPage(browser, server.url, { viewport: { width: 390, height: 844 } });
    for (const view of ["", "?table=parcels_7"]) {
      await phone.page.goto(`${server.url}/docs/diagram${view}`);
      const [list, main] = [
        await phone.page.locator("aside").boundingBox(),
        await phone.page.locator("main").boundingBox(),
      ];
      expect([list?.width, main?.width]).toEqual([390, 390]);
      expect(await phone.page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    }
    await phone.close();
  });

  test("without scripts the list is links", async () => {
    const quiet = await watchedPage(browser, server.url, { javaScriptEnabled: false });
    await quiet.page.goto(`${server.url}/docs/diagram?table=notes_9`);
    expect(await quiet.page.locator("#search").isVisible()).toBe(false);
    await quiet.page.locator("aside a", { hasText: /^orders_9$/ }).click();
    expect(await quiet.page.locator("h1").textContent()).toBe("orders_9");
    expect(quiet.complaints).toEqual([]);
    await quiet.close();
  });
});
