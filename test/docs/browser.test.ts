// The pages as people meet them: in a real Chromium that reaches nothing but the host itself.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { launchBrowser, noBrowser, type Watched, watchedPage } from "../support/browser.js";
import { type Created, postgres, sqlite } from "../support/databases.js";
import type { Listening } from "../support/http.js";
import { behind } from "./behind.js";
import { type Host, type HostKind, hosts } from "./hosts.js";

const ddl = `
  CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(50));
  CREATE TABLE towns (id INTEGER PRIMARY KEY);
  CREATE TABLE clubs (id INTEGER PRIMARY KEY, name VARCHAR(50), town_id INTEGER REFERENCES towns (id));
  CREATE TABLE clubs_members (
    club_id INTEGER NOT NULL REFERENCES clubs (id), member_id INTEGER NOT NULL REFERENCES members (id),
    PRIMARY KEY (club_id, member_id)
  );
  INSERT INTO members VALUES (1, 'Ada'), (2, 'Grace');
  INSERT INTO towns VALUES (7);
  INSERT INTO clubs VALUES (1, 'Rowing', 7), (2, 'Chess', NULL);
  INSERT INTO clubs_members VALUES (1, 1), (2, 1), (1, 2);
`;

// Swagger UI is a large program, and may have to share the processor.
vi.setConfig({ testTimeout: 180_000 });

if (noBrowser) console.warn(`The pages are not tested: ${noBrowser}`);

describe.skipIf(noBrowser)("in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  for (const kind of hosts) {
    describe(`through ${kind.name}`, () => {
      let database: Created;
      let host: Host;
      let watched: Watched;
      let page: Page;
      beforeAll(async () => {
        database = await sqlite.create(ddl);
        host = await kind.start(database.url);
        watched = await watchedPage(browser, host.base);
        page = watched.page;
      });
      afterAll(async () => {
        await watched?.close();
        await host?.close();
        await database?.drop();
      });

      test("/docs opens, and lists the tables", async () => {
        await page.goto(`${host.base}${host.before}/docs`);
        await page.locator(".opblock-tag").first().waitFor();
        expect(await page.locator(".opblock-tag").evaluateAll((all) => all.map((tag) => tag.dataset.tag))).toEqual([
          "clubs",
          "members",
          "towns",
          "batch",
        ]);
        expect(watched.complaints).toEqual([]);
      });

      test("Try it out on /members/{id}/clubs shows the rows", async () => {
        await page.locator('.opblock-tag[data-tag="members"]').click();
        const operation = page.locator('.opblock-get:has([data-path="/members/{id}/clubs"])').first();
        await operation.locator(".opblock-summary-control").click();
        await operation.locator(".try-out__btn").click();
        await operation.locator('tr[data-param-in="path"] input').fill("1");
        await operation.locator('tr[data-param-name="name"] input').first().fill("startswith:R");
        await operation.locator(".execute").click();
        const answer = operation.locator(".live-responses-table .response").first();
        await answer.locator(".response-col_description .microlight").first().waitFor();
        expect(await answer.locator(".response-col_status").textContent()).toMatch(/^200/);
        const rows = (await answer.locator(".response-col_description .microlight").first().textContent()) ?? "";
        expect(JSON.parse(rows)).toEqual([{ id: 1, name: "Rowing", town_id: 7 }]);
        expect(watched.complaints).toEqual([]);
      });

      test("the picture is linked, and shows each table", async () => {
        await page.locator("nav a", { hasText: "Picture" }).click();
        await page.locator("main svg").waitFor();
        expect(new URL(page.url()).pathname).toBe(`${host.before}/docs/diagram`);
        const shown = await page.locator("main svg text").allTextContents();
        for (const text of ["members", "clubs", "clubs_members", "n-n", "1-n", "/towns/:id/clubs/:clubId"])
          expect(shown.map((text) => text.trim().replaceAll("\u00a0", " "))).toContain(text);
        expect(watched.complaints).toEqual([]);
      });

      test.each([
        ["clubs", "#/clubs", "#operations-clubs-listClubs"],
        ["clubs_members", "#/clubs/listClubMembers", "#operations-clubs-listClubMembers.is-open"],
      ])("a click on the table %s leads to its operations", async (name, hash, operation) => {
        await page.goto(`${host.base}${host.before}/docs/diagram`);
        const title = page.locator("main svg text", { hasText: new RegExp(`^${name}$`) }).first();
        await title.click();
        await page.locator(operation).waitFor();
        expect(page.url()).toBe(`${host.base}${host.before}/docs${hash}`);
        expect(watched.complaints).toEqual([]);
      });
    });
  }

  /** A page on a host, both for one test. */
  async function visit(
    kind: HostKind,
    db: string,
    origin: (host: Host) => Promise<Listening | Host>,
    work: (watched: Watched, base: string, host: Host) => Promise<void>,
  ) {
    const host = await kind.start(db);
    const front = await origin(host);
    const watched = await watchedPage(browser, front.base);
    try {
      await work(watched, front.base, host);
    } finally {
      await watched.close();
      if (front !== host) await front.close();
      await host.close();
    }
  }

  test.each(hosts)(
    "through $name behind a proxy that moves it: the page, its document, Try it out, /docs/",
    async (kind) => {
      const database = await sqlite.create(ddl);
      await visit(kind, database.url, behind("/eu/west"), async ({ page, complaints }, base, host) => {
        for (const path of ["/docs", "/docs/"]) {
          await page.goto(`${base}/eu/west${host.before}${path}#/members/listMembers`);
          const operation = page.locator("#operations-members-listMembers");
          await operation.locator(".try-out__btn").click();
          await operation.locator(".execute").click();
          await operation.locator(".live-responses-table .microlight").first().waitFor();
          expect(await operation.locator(".live-responses-table .microlight").first().textContent()).toContain("Grace");
          expect(new URL(page.url()).pathname).toBe(`/eu/west${host.before}/docs`);
        }
        expect(complaints).toEqual([]);
      });
      await database.drop();
    },
  );

  test("Try it out on /schema/tables, which does not stand below the resources' address", async () => {
    const database = await sqlite.create(ddl);
    const server = await serve(database.url, { port: 0, schemaRoutes: true });
    const watched = await watchedPage(browser, server.url);
    const { page, complaints } = watched;
    await page.goto(`${server.url}/docs#/schema/listSchemaTables`);
    const operation = page.locator('.opblock-get:has([data-path="/schema/tables"])').first();
    await operation.locator(".try-out__btn").click();
    await operation.locator(".execute").click();
    const shown = operation.locator(".live-responses-table .microlight").first();
    await shown.waitFor();
    expect(JSON.parse((await shown.textContent()) ?? "").map(({ name }: { name: string }) => name)).toContain("clubs");
    expect(complaints).toEqual([]);
    await page.close();
    await server.close();
    await database.drop();
  });

  describe("names and comments that are HTML", () => {
    const name = `x<img src=x onerror="alert(1)">`;
    const attack =
      "</script><script>alert(2)</script><img src=x onerror=alert(3)>[a](javascript:alert(4)) <svg onload=alert(5)>";
    let database: Created;
    let host: RunningServer;
    beforeAll(async () => {
      const quoted = `"${name.replaceAll('"', '""')}"`;
      database = await postgres.create(`
        CREATE TABLE ${quoted} (id INTEGER PRIMARY KEY, ${quoted} VARCHAR(200) DEFAULT '${attack}');
        CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES ${quoted} (id));
        COMMENT ON TABLE ${quoted} IS '${attack}';
        COMMENT ON COLUMN ${quoted}.${quoted} IS '${attack}';
      `);
      host = await serve(database.url, { port: 0, overrides: [{ name, resource: name }] });
    });
    afterAll(async () => {
      await host?.close();
      await database?.drop();
    });

    // Without its policy the page must not run them either: that is the second wall.
    test.each([{ bypassCSP: false }, { bypassCSP: true }])("run nowhere, and are shown: %j", async (options) => {
      const { page, complaints, close } = await watchedPage(browser, host.url, options);
      for (const path of ["/docs/diagram", "/docs/diagram.svg"]) {
        await page.goto(host.url + path);
        const shown = await page.locator("svg text").allTextContents();
        expect(shown.map((text) => text.trim())).toContain(name);
        expect(await page.locator("img, svg script").count()).toBe(0);
      }
      expect(complaints).toEqual([]);
      await page.goto(`${host.url}/docs`);
      // The page draws its tags after it has loaded, and all() does not wait for them.
      await page.locator(".opblock-tag").first().waitFor();
      for (const tag of await page.locator(".opblock-tag").all()) await tag.click();
      await page.locator(".opblock-get .opblock-summary-control").first().click();
      await page.locator(".opblock-body .parameters").first().waitFor();
      expect(await page.locator("#swagger-ui").textContent()).toContain(name);
      expect(await page.locator("[onerror], [onload], #swagger-ui script, a[href^=javascript]").count()).toBe(0);
      // Swagger UI's cleaner (DOMPurify) parses what it then takes away, and the policy speaks of that; the image's file is not there.
      const noise = /^Executing inline event handler violates|^Failed to load resource: .* 404/;
      expect(complaints.filter((text) => !noise.test(text))).toEqual([]);
      await close();
    });
  });
});
