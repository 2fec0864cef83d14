// The pages as a browser has them that was there before: it keeps what it got, asks whether that still holds, and takes the
// headers of a 304 in the place of those that it kept.
import type { Browser, Response } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { launchBrowser, noBrowser, type Watched, watchedPage } from "../support/browser.js";
import { type Created, sqlite } from "../support/databases.js";
import { type Host, hosts } from "./hosts.js";

const ddl = `
  CREATE TABLE clubs (id INTEGER PRIMARY KEY, name VARCHAR(50));
  CREATE TABLE boats (id INTEGER PRIMARY KEY, club_id INTEGER REFERENCES clubs (id));
  INSERT INTO clubs VALUES (1, 'Rowing');
`;

/** Each page, and what is seen when it has come to be. */
const pages: readonly (readonly [path: string, seen: string])[] = [
  ["/docs", ".opblock-tag[data-tag=boats]"],
  ["/docs/diagram", "main svg >> text=boats"],
  ["/docs/diagram.svg", "svg text:text-is('boats')"],
  ["/docs/diagram.mmd", "text=flowchart LR"],
  ["/openapi.json", "text=listBoats"],
];

vi.setConfig({ testTimeout: 180_000 });

if (noBrowser) console.warn(`The pages are not visited again: ${noBrowser}`);

let browser: Browser | undefined;
beforeAll(async () => {
  browser = noBrowser ? undefined : await launchBrowser();
});
afterAll(() => browser?.close());

describe.each(hosts)("$name", (kind) => {
  let database: Created;
  let host: Host;
  let watched: Watched | undefined;
  beforeAll(async () => {
    database = await sqlite.create(ddl);
    host = await kind.start(database.url);
    watched = browser && (await watchedPage(browser, host.base, { keeping: true }));
  });
  afterAll(async () => {
    await watched?.close();
    await host?.close();
    await database?.drop();
  });

  const rows = kind.name === "server" ? "/api/clubs/1" : "/clubs/1";
  const more = kind.name === "server" ? ["/metadata"] : [];

  test.each([
    ...pages.map(([path]) => path),
    ...["/docs/start.js", "/docs/pages.css", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js"],
    rows,
    ...more,
  ])("GET %s: a 304 says all that the 200 said but of its bytes", async (path) => {
    const whole = await host.ask(`GET ${path}`);
    const again = await host.ask(`GET ${path}`, { headers: { "If-None-Match": `"other", ${whole.headers.etag}` } });
    expect([whole.status, again.status, again.text]).toEqual([200, 304, ""]);
    const own = new Set(["content-type", "content-length", "content-encoding", "date", "x-request-id", "connection"]);
    const said = Object.entries(whole.headers).filter(([name]) => !own.has(name) && name !== "keep-alive");
    expect(again.headers).toMatchObject(Object.fromEntries(said));
    expect(again.headers["content-type"]).toBeUndefined();
  });

  describe.skipIf(noBrowser)("in Chromium", () => {
    test.each(pages)("%s is seen at each visit, at a reload, and when one goes back", async (path, seen) => {
      const { page, complaints } = watched as Watched;
      const isSeen = () => page.locator(seen).first().waitFor({ timeout: 60_000 });
      const statuses = new Set<number>();
      const note = (response: Response) => void statuses.add(response.status());
      page.on("response", note);
      const address = `${host.base}${host.before}${path}`;
      for (let visit = 0; visit < 2; visit++) {
        await page.goto("about:blank");
        await page.goto(address);
        await isSeen();
      }
      await page.reload();
      await isSeen();
      await page.goto(`${host.base}${host.before}/openapi.json?elsewhere`);
      await page.goBack();
      await isSeen();
      page.off("response", note);
      // Of the files of a page: of what a tab shows itself, playwright shows what the browser kept. Without any, nothing was kept.
      if (["/docs", "/docs/diagram"].includes(path)) expect([...statuses]).toContain(304);
      // A browser asks each host for one, where no page names another.
      expect(complaints.filter((text) => !text.includes("/favicon.ico"))).toEqual([]);
    });
  });
});
