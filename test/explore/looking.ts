// What tests of the page to look around in share: a visit by a real Chromium, and a music shop.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { launchBrowser, type Watched, watchedPage } from "../support/browser.js";
import { type Created, postgres } from "../support/databases.js";

/** A phone's width, in CSS pixels. */
export const phone = { viewport: { width: 360, height: 740 } };

export const shop = `
  CREATE TABLE artists (id INTEGER PRIMARY KEY, name VARCHAR(60) NOT NULL);
  CREATE TABLE albums (
    id INTEGER PRIMARY KEY, title VARCHAR(60) NOT NULL UNIQUE, released DATE, live BOOLEAN NOT NULL DEFAULT FALSE, price DECIMAL(8,2),
    notes JSON, bought_at TIMESTAMP, artist_id INTEGER NOT NULL REFERENCES artists (id)
  );
  CREATE TABLE tracks (
    id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL, milliseconds INTEGER NOT NULL CHECK (milliseconds > 0), plays BIGINT,
    medium VARCHAR(10) CHECK (medium IN ('tape', 'disc')), album_id INTEGER NOT NULL REFERENCES albums (id)
  );
  CREATE TABLE playlists (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
  CREATE TABLE playlists_tracks (
    playlist_id INTEGER NOT NULL REFERENCES playlists (id), track_id INTEGER NOT NULL REFERENCES tracks (id),
    PRIMARY KEY (playlist_id, track_id)
  );
  CREATE TABLE prices (country VARCHAR(2) NOT NULL, kind VARCHAR(10) NOT NULL, amount DECIMAL(8,2), PRIMARY KEY (country, kind));
  CREATE TABLE visits (said VARCHAR(40));
`;

/** In the order in which they may be written. */
export const shopRows: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  artists: ["Nina", "Miles", "Ella"].map((name, i) => ({ id: i + 1, name })),
  albums: Array.from({ length: 30 }, (_, i) => ({
    ...{ id: i + 1, title: `Album ${i + 1}`, live: i % 2 === 1, price: 9.5, artist_id: (i % 3) + 1 },
    ...(i === 0 && { released: "1959-08-17", notes: '{"takes":[1,2]}' }),
  })),
  tracks: Array.from({ length: 60 }, (_, i) => ({
    ...{ id: i + 1, name: `Track ${i + 1}`, milliseconds: 1000 * (i + 1), album_id: (i % 30) + 1 },
    ...(i === 0 && { plays: "9007199254740993" }),
  })),
  playlists: ["Morning", "Night"].map((name, i) => ({ id: i + 1, name })),
  playlists_tracks: [1, 2, 3].map((track_id) => ({ playlist_id: 1, track_id })),
  prices: [
    { country: "NO", kind: "a/b,c", amount: 1 },
    { country: "SE", kind: "new", amount: 2 },
  ],
  visits: [{ said: "hello" }],
};

/** Opens the page at an address behind its `#`, and waits until it has drawn its heading. */
export async function look(browser: Browser, at: string, path = "/", options = {}): Promise<Watched> {
  const watched = await watchedPage(browser, new URL(at).origin, options);
  await watched.page.goto(`${at}/explore#${path}`);
  await watched.page.getByRole("heading", { level: 1 }).waitFor();
  return watched;
}

interface Here {
  readonly browser: Browser;
  readonly database: Created;
  readonly server: RunningServer;
}

/** A browser, and a server on a database of its own, for the tests of one file. `meant` are the refusals that its visits meet. */
export function exploring(ddl: string, meant: RegExp) {
  const here = {} as { -readonly [Name in keyof Here]: Here[Name] };
  beforeAll(async () => {
    here.browser = await launchBrowser();
    here.database = await postgres.create(ddl);
    here.server = await serve(here.database.url, { port: 0 });
  });
  afterAll(async () => {
    await here.browser?.close();
    await here.server?.close();
    await here.database?.drop();
  });
  /** One visit. A refusal that is meant is a line in Chromium's console too. */
  async function on(path: string, work: (page: Page, watched: Watched) => Promise<void>, options = {}) {
    const watched = await look(here.browser, here.server.url, path, options);
    try {
      await work(watched.page, watched);
      expect(watched.complaints.filter((one) => !meant.test(one))).toEqual([]);
    } finally {
      await watched.close();
    }
  }
  return { here: here as Here, on };
}

/** How far the page could be pushed sideways. */
export const sideways = ({ page }: Watched): Promise<number> =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
