// Swagger UI on 40, 200 and 500 tables that refer to each other in circles: it opens, operations unfold, and Try it out works.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { launchBrowser, noBrowser, watchedPage } from "../support/browser.js";
import { type Created, sqlite } from "../support/databases.js";

/** Tables that refer to hubs and to each other, so that the graph of them has circles; some are links. */
function ddlOf(tables: number): string {
  const statements = Array.from({ length: tables }, (_, i) => {
    const columns = Array.from({ length: 8 }, (_, n) => `column_${n} ${n % 3 === 0 ? "INTEGER" : "VARCHAR(50)"}`);
    const to = [i % 3, (i * 7 + 1) % tables, (i * 13 + 5) % tables];
    const keys = to.map((other, n) => `key_${n}_id INTEGER REFERENCES thing_${other}s (id)`);
    return i % 10 === 9
      ? `CREATE TABLE thing_${i}s (a_id INTEGER REFERENCES thing_${to[1]}s (id), b_id INTEGER REFERENCES thing_${to[2]}s (id), PRIMARY KEY (a_id, b_id));`
      : `CREATE TABLE thing_${i}s (id INTEGER PRIMARY KEY, ${[...columns, ...keys].join(", ")});`;
  });
  return `${statements.join("\n")}\nINSERT INTO thing_0s (id, column_1) VALUES (7, 'seven');`;
}

/** A frozen page would take minutes; where others use the processor too, all is some times slower. */
const MOST = 20_000;

describe.skipIf(noBrowser)("in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 120_000);
  afterAll(() => browser?.close());

  describe.each([40, 200, 500])("%i tables", (tables) => {
    let database: Created;
    let server: RunningServer;
    beforeAll(async () => {
      database = await sqlite.create(ddlOf(tables));
      server = await serve(database.url, { port: 0 });
    }, 120_000);
    afterAll(async () => {
      await server?.close();
      await database?.drop();
    });

    test("what the page loads at first grows with the tables alone", async () => {
      const answer = await fetch(`${server.url}/docs/outline.json`);
      const outline = (await answer.json()) as { readonly paths: object; readonly tags: readonly object[] };
      expect([outline.paths, outline.tags.length > tables * 0.8]).toEqual([{}, true]);
      expect(JSON.stringify(outline).length).toBeLessThan(2_000 + tables * 300);
    });

    test("an address of an operation opens it, and the filter box finds those of tags that are not open", {
      timeout: 240_000,
    }, async () => {
      const { page, complaints, close } = await watchedPage(browser, server.url, { keeping: true });
      await page.goto(`${server.url}/docs#/thing_7s/listThing7s`);
      await page.locator("#operations-thing_7s-listThing7s .responses-table .response").first().waitFor();
      await page.goto(`${server.url}/docs`);
      await page.locator(".opblock-tag").first().waitFor();
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await page.locator(".operation-filter-input").fill("listThing11s");
      // A click on a tag that is about to move would miss it.
      await page.locator(".opblock-tag").nth(1).waitFor({ state: "detached" });
      await page.locator('.opblock-tag[data-tag="thing_11s"]').click();
      await page.locator("#operations-thing_11s-listThing11s").waitFor();
      expect(await page.locator(".opblock-tag").count()).toBe(1);
      expect(asked).toEqual(["/docs/tags.json", "/docs/tag.json"]);
      expect(complaints.filter((text) => !text.startsWith("Deprecated: escaping deep link"))).toEqual([]);
      await close();
    });

    test("the page opens, operations unfold, and Try it out answers", { timeout: 240_000 }, async () => {
      const { page, complaints, close } = await watchedPage(browser, server.url, { keeping: true });
      const took = {
        open: await timed(async () => {
          await page.goto(`${server.url}/docs`);
          await page.locator(".opblock-tag").first().waitFor();
        }),
        tag: await timed(async () => {
          await page.locator('.opblock-tag[data-tag="thing_0s"]').click();
          await page.locator("#operations-thing_0s-listThing0s").waitFor();
        }),
        list: await timed(() => unfold(page, "listThing0s")),
        create: await timed(() => unfold(page, "createThing0")),
      };
      // Of a long list only what is in sight is drawn: of the tag's operations, and of the tags.
      if (tables > 40) {
        expect(await page.locator(".opblock").count()).toBeLessThan(100);
        expect(await page.locator(".opblock-tag").count()).toBeLessThan(100);
      }
      for (const milliseconds of Object.values(took)) expect(milliseconds).toBeLessThan(MOST);
      const list = page.locator("#operations-thing_0s-listThing0s");
      await list.locator(".try-out__btn").click();
      await list.locator(".execute").click();
      await list.locator(".live-responses-table .microlight").first().waitFor();
      expect(await list.locator(".live-responses-table .microlight").first().textContent()).toContain("seven");
      expect(complaints).toEqual([]);
      await close();
    });
  });
});

async function unfold(page: Page, operation: string): Promise<void> {
  const place = page.locator(`#operations-thing_0s-${operation}`);
  await place.locator(".opblock-summary-control").click();
  await place.locator(".responses-table .response").first().waitFor();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return Math.round(performance.now() - begun);
}
