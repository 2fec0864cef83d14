// The page to look around in, as people meet it: in a real Chromium that reaches nothing but the host itself.
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { makeDemo } from "../../src/cli/demo.js";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { behind } from "../docs/behind.js";
import { hosts } from "../docs/hosts.js";
import { launchBrowser, noBrowser, type Watched } from "../support/browser.js";
import { type Created, postgres, sqlite } from "../support/databases.js";
import { look, phone, shop, shopRows, sideways } from "./looking.js";

// A program has to start in the browser, and may have to share the processor.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

if (noBrowser) console.warn(`The page is not tested: ${noBrowser}`);

describe.skipIf(noBrowser)("in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  /** One visit; at its end nothing has gone wrong in the browser. */
  async function visit(at: string, path: string, work: (watched: Watched) => Promise<void>, options = {}) {
    const watched = await look(browser, at, path, options);
    try {
      await work(watched);
      expect(watched.complaints).toEqual([]);
    } finally {
      await watched.close();
    }
  }

  describe("on the demo", () => {
    const demo = makeDemo();
    let server: RunningServer;
    beforeAll(async () => {
      server = await serve(demo.db, { port: 0 });
    });
    afterAll(async () => {
      await server?.close();
      demo.remove();
    });

    test("the picture of the tables is the front page, and leads to rows", () =>
      visit(server.url, "/", async ({ page }) => {
        const members = page.locator(".picture svg").getByRole("link", { name: "members", exact: true });
        await members.waitFor();
        await members.click();
        await page.getByRole("heading", { level: 1, name: "members" }).waitFor();
        expect(new URL(page.url()).hash).toBe("#/members");
        await page.getByRole("row").nth(1).waitFor();
        expect(await page.title()).toBe("members");
      }));

    test("the list of tables, by the keyboard alone: rows, a row, its groups", () =>
      visit(server.url, "/", async ({ page }) => {
        const to = async (name: string, within: Locator = page.locator("body")) => {
          const target = within.getByRole("link", { name, exact: true }).first();
          await target.waitFor();
          for (let i = 0; i < 300; i++) {
            if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) break;
            await page.keyboard.press("Tab");
          }
          expect(await target.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
          await page.keyboard.press("Enter");
        };
        await to("members");
        await page.getByRole("columnheader", { name: "email" }).waitFor();
        await page.locator("tbody th a").first().waitFor();
        const first = (await page.locator("tbody th a").first().getAttribute("aria-label")) as string;
        await to(first);
        await to("groups", page.getByRole("navigation", { name: "Parts of this row" }));
        await page.getByRole("region", { name: /^groups of / }).waitFor();
        expect(new URL(page.url()).hash).toBe("#/members/1/groups");
      }));

    test.each(["/", "/members", "/members/1", "/members/1/groups", "/meetups?sort=title"])(
      "%s on a phone is no wider than the phone",
      (path) =>
        visit(
          server.url,
          path,
          async (watched) => {
            await watched.page.locator(".picture svg, tbody tr, dl").first().waitFor();
            expect(await sideways(watched)).toBe(0);
          },
          phone,
        ),
    );
  });

  describe("on a music shop", () => {
    let database: Created;
    let server: RunningServer;
    beforeAll(async () => {
      database = await postgres.create(shop);
      for (const [table, rows] of Object.entries(shopRows)) await database.knex(table).insert(rows as object[]);
      server = await serve(database.url, { port: 0 });
    });
    afterAll(async () => {
      await server?.close();
      await database?.drop();
    });
    const on = (path: string, work: (watched: Watched) => Promise<void>) => visit(server.url, path, work);

    test("rows are paged and sorted, and the address says so", () =>
      on("/albums", async ({ page }) => {
        await page.getByText("1 to 25 of 30").waitFor();
        await page.getByRole("button", { name: "Next" }).click();
        await page.getByText("26 to 30 of 30").waitFor();
        const title = page.getByRole("columnheader", { name: "title" });
        await title.getByRole("button").click();
        await page.getByText("1 to 25 of 30").waitFor();
        await title.getByRole("button").click();
        await page.locator('th[aria-sort="descending"]', { hasText: "title" }).waitFor();
        await page.locator("tbody tr").first().getByText("Album 9", { exact: true }).waitFor();
        await page.reload();
        await page.locator("tbody tr").first().getByText("Album 9", { exact: true }).waitFor();
      }));

    test("rows are filtered, and a filter is taken away", () =>
      on("/albums", async ({ page }) => {
        await page.getByText("Filter", { exact: true }).click();
        await page.getByLabel("Value").fill("album 1");
        await page.getByRole("button", { name: "Add this filter" }).click();
        await page.getByText("1 to 11 of 11").waitFor();
        await page.getByLabel("Column").selectOption("live");
        await page.getByLabel("Value").selectOption("true");
        await page.getByRole("button", { name: "Add this filter" }).click();
        await page.getByText("1 to 5 of 5").waitFor();
        await page.getByRole("button", { name: "Take away: title contains album 1" }).click();
        await page.getByText("1 to 15 of 15").waitFor();
        await page.getByLabel("Column").selectOption("released");
        await page.getByLabel("Condition").selectOption("is not empty");
        await page.getByRole("button", { name: "Add this filter" }).click();
        await page.getByText("No rows").waitFor();
      }));

    test("a row has its fields, its parent, its children and its links as tabs at the API's own paths", () =>
      on("/tracks/1", async ({ page }) => {
        await page.getByRole("heading", { level: 1, name: "track 1: Track 1" }).waitFor();
        // JavaScript's numbers have no such one.
        await page.getByText("9007199254740993", { exact: true }).waitFor();
        await page.locator("dd").getByRole("link", { name: "Album 1" }).waitFor();
        const tabs = page.getByRole("navigation", { name: "Parts of this row" });
        expect(await tabs.getByRole("link").allTextContents()).toEqual(["row", "playlists", "album"]);
        await tabs.getByRole("link", { name: "playlists" }).click();
        await page.locator("tbody").getByRole("link", { name: "1: Morning" }).waitFor();
        await tabs.getByRole("link", { name: "album" }).click();
        await page.getByRole("heading", { level: 2 }).getByRole("link", { name: "Album 1" }).click();
        await page.getByRole("heading", { level: 1, name: "album 1: Album 1" }).waitFor();
        await page.getByText('{"takes":[1,2]}').waitFor();
        await page.getByRole("link", { name: "tracks", exact: true }).last().click();
        await page.getByText("1 to 2 of 2").waitFor();
        expect(new URL(page.url()).hash).toBe("#/albums/1/tracks");
        expect(await page.getByRole("columnheader").allTextContents()).not.toContain("album id");
      }));

    test("keys of several columns, and of any text", () =>
      on("/prices", async ({ page }) => {
        await page.locator("tbody").getByRole("link").first().click();
        await page.getByRole("heading", { level: 1 }).getByText("NO").waitFor();
        await page.locator("dd", { hasText: "a/b,c" }).waitFor();
      }));

    test("a table without a key has its rows", () =>
      on("/visits", async ({ page }) => {
        await page.getByRole("cell", { name: "hello" }).waitFor();
        expect(await page.locator("tbody a").count()).toBe(0);
      }));

    test("what is not there is said", () =>
      on("/albums", async ({ page, complaints }) => {
        await page.goto(`${server.url}/explore#/nothing`);
        await page.getByRole("alert").getByText("There is no table nothing here").waitFor();
        await page.goto(`${server.url}/explore#/albums/999`);
        await page.getByRole("alert").waitFor();
        // Chromium itself says the 404 in its console.
        (complaints as string[]).splice(0, complaints.length, ...complaints.filter((one) => !one.includes("404")));
      }));
  });

  test("200 tables: they are looked for, and the picture leads from groups to tables", async () => {
    const tables = Array.from({ length: 200 }, (_, n) => {
      const parent = n < 2 ? "" : `, things_${n % 2}_id INTEGER REFERENCES things_${n % 2} (id)`;
      return `CREATE TABLE things_${n} (id INTEGER PRIMARY KEY, name VARCHAR(20)${parent});`;
    });
    const database = await sqlite.create(tables.join("\n"));
    const server = await serve(database.url, { port: 0 });
    await visit(server.url, "/", async ({ page }) => {
      await page.locator(".picture svg a[href*='cluster=']").first().click();
      await page.locator(".picture svg a[href^='#/things_']").first().waitFor();
      await page.getByLabel("Find a table").fill("things 177");
      const found = page.getByRole("navigation", { name: "Tables" }).getByRole("link");
      await expect.poll(() => found.allTextContents(), { timeout: 60_000 }).toEqual(["things_177"]);
      await found.click();
      await page.getByText("No rows").waitFor();
    });
    await visit(
      server.url,
      "/",
      async (watched) => {
        await watched.page.locator(".picture svg").waitFor();
        expect(await sideways(watched)).toBe(0);
      },
      phone,
    );
    await server.close();
    await database.drop();
  });

  test.each(hosts)("through $name, behind a proxy that moves it", async (kind) => {
    const database = await sqlite.create(shop.replaceAll("VARCHAR(10) CHECK (medium IN ('tape', 'disc'))", "TEXT"));
    await database.knex("artists").insert(shopRows.artists as object[]);
    const host = await kind.start(database.url);
    const front = await behind("/eu/west")(host);
    for (const slash of ["", "/"])
      await visit(`${front.base}/eu/west${host.before}`, "/artists", async ({ page }) => {
        await page.goto(`${front.base}/eu/west${host.before}/explore${slash}#/artists/2`);
        await page.getByRole("heading", { level: 1, name: "artist 2: Miles" }).waitFor();
        await page.getByRole("link", { name: "Look around" }).click();
        await page.locator(".picture svg").waitFor();
      });
    await front.close();
    await host.close();
    await database.drop();
  });

  test("of several schemas each is seen by itself", async () => {
    const database = await postgres.create(`
      CREATE SCHEMA v1; CREATE SCHEMA v2;
      CREATE TABLE v1.old_things (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO v1.old_things VALUES (1, 'Old');
      CREATE TABLE v2.things (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO v2.things VALUES (1, 'New');
    `);
    const server = await serve(database.url, { port: 0, profiles: ["v2", "v1"] });
    await visit(server.url, "/things/1", async ({ page }) => {
      await page.getByRole("heading", { level: 1, name: "thing 1: New" }).waitFor();
      await page.getByRole("navigation", { name: "Profiles" }).getByRole("link", { name: "v1" }).click();
      await page.getByRole("navigation", { name: "Tables" }).getByRole("link", { name: "old_things" }).click();
      await page.locator("tbody").getByRole("link", { name: "1: Old" }).click();
      await page.getByRole("heading", { level: 1, name: "old thing 1: Old" }).waitFor();
    });
    await server.close();
    await database.drop();
  });

  test("names that are HTML are shown as they are", async () => {
    const name = `x<img src=x onerror="alert(1)">`;
    const database = await postgres.create(
      `CREATE TABLE "${name.replaceAll('"', '""')}" (id INTEGER PRIMARY KEY, name TEXT)`,
    );
    const server = await serve(database.url, { port: 0, overrides: [{ name, resource: name }] });
    await database.knex(name).insert({ id: 1, name: "<b onclick=alert(2)>x</b>" });
    await visit(server.url, "/", async ({ page }) => {
      await page.locator(".picture svg text").first().waitFor();
      await page.getByRole("navigation", { name: "Tables" }).getByRole("link", { name }).click();
      await page.getByText("<b onclick=alert(2)>x</b>").waitFor();
      expect(await page.locator("img, b, [onerror], [onclick]").count()).toBe(0);
    });
    await server.close();
    await database.drop();
  });
});
