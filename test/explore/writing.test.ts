// The page to look around in writes: rows by the inputs of their types, links, and what is refused at its field.
import type { Page } from "playwright-core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { serve } from "../../src/server/serve.js";
import { secret } from "../auth/tokens.js";
import { noBrowser } from "../support/browser.js";
import { request } from "../support/http.js";
import { exploring, look, phone, shop, shopRows, sideways } from "./looking.js";

// A program has to start in the browser, and may have to share the processor.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

if (noBrowser) console.warn(`The page is not tested: ${noBrowser}`);

describe.skipIf(noBrowser)("in Chromium", () => {
  const { here, on } = exploring(shop, /status of 4(09|12|22)/);
  beforeEach(async () => {
    for (const table of Object.keys(shopRows).reverse()) await here.database.knex(table).del();
    for (const [table, rows] of Object.entries(shopRows)) await here.database.knex(table).insert(rows as object[]);
  });

  const dialog = (page: Page) => page.getByRole("dialog");
  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).first().click();
  const save = async (page: Page) => {
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await dialog(page).waitFor({ state: "detached" });
  };

  test("a new row, by the inputs of its columns' types", () =>
    on("/albums", async (page) => {
      await press(page, "New album");
      const form = dialog(page);
      await form.getByLabel("id", { exact: true }).fill("77");
      await form.getByLabel("title").fill("Kind of Green");
      expect(await form.getByLabel("released").getAttribute("type")).toBe("date");
      await form.getByLabel("released").fill("1960-02-03");
      await form.getByLabel("live").check();
      expect(await form.getByLabel("price").getAttribute("type")).toBe("number");
      await form.getByLabel("price").fill("12.5");
      await form.getByLabel("notes").fill('{ "takes": 3 }');
      expect(await form.getByLabel("bought at").getAttribute("type")).toBe("datetime-local");
      await form.getByLabel("bought at").fill("2024-02-29T12:30:15");
      const artist = form.getByLabel("artist id");
      await artist.locator("option", { hasText: "Miles (2)" }).waitFor({ state: "attached" });
      await artist.selectOption("2");
      await save(page);
      await page.getByRole("heading", { level: 1, name: "album 77: Kind of Green" }).waitFor();
      const [row] = await here.database
        .knex("albums")
        .where({ id: 77 })
        .select(here.database.knex.raw("*, released::text AS day"));
      expect(row).toMatchObject({
        ...{ title: "Kind of Green", day: "1960-02-03", live: true, price: "12.50", notes: { takes: 3 }, artist_id: 2 },
      });
      const shown = (await request(here.server.url, "GET", "/api/albums/77")).json;
      expect(shown.bought_at).toMatch(/^2024-02-29T12:30:15/);
    }));

  test("what is refused is said at its field, and what is no JSON before it is sent", () =>
    on("/albums/1", async (page) => {
      await press(page, "Change");
      const form = dialog(page);
      await form.getByLabel("notes").fill("{ takes");
      await form.getByRole("button", { name: "Save" }).click();
      await form.getByRole("alert").getByText("This is not JSON").waitFor();
      await form.getByLabel("notes").fill("[1]");
      await form.getByLabel("title").fill("Album 2");
      await form.getByRole("button", { name: "Save" }).click();
      const title = form.getByLabel("title");
      await form.locator("input[aria-invalid=true], textarea[aria-invalid=true]").first().waitFor();
      expect(await title.getAttribute("aria-invalid")).toBe("true");
      const described = (await title.getAttribute("aria-describedby")) as string;
      expect(await form.locator(`[id="${described}"]`).textContent()).not.toBe("");
      await title.fill("Album 2 again");
      await save(page);
      await page.getByRole("heading", { level: 1, name: "album 1: Album 2 again" }).waitFor();
      const row = await here.database.knex("albums").where({ id: 1 }).first();
      expect([row.title, row.notes]).toEqual(["Album 2 again", [1]]);
    }));

  test("only what was changed is sent: a number that JavaScript would round stays", () =>
    on("/tracks/1", async (page) => {
      await press(page, "Change");
      await dialog(page).getByLabel("name").fill("First");
      const sent = page.waitForRequest((one) => one.method() === "PATCH");
      await save(page);
      const patch = await sent;
      expect(patch.postDataJSON()).toEqual({ name: "First" });
      expect(patch.headers()["if-match"]).toMatch(/^"/);
      await page.getByRole("heading", { level: 1, name: "track 1: First" }).waitFor();
      await press(page, "Change");
      await dialog(page).getByLabel("plays").fill("9007199254740995");
      await save(page);
      await page.getByText("9007199254740995", { exact: true }).waitFor();
      expect((await here.database.knex("tracks").where({ id: 1 }).first()).plays).toBe("9007199254740995");
    }));

  test("a row that somebody else has changed since stays as it is", () =>
    on("/artists/1", async (page) => {
      await press(page, "Change");
      await here.database.knex("artists").where({ id: 1 }).update({ name: "Nina S." });
      await dialog(page).getByLabel("name").fill("Mine");
      await dialog(page).getByRole("button", { name: "Save" }).click();
      await dialog(page).getByRole("alert").getByText("Somebody else has changed this row").waitFor();
      await press(page, "Cancel");
      await page.getByRole("heading", { level: 1, name: "artist 1: Nina S." }).waitFor();
      expect((await here.database.knex("artists").where({ id: 1 }).first()).name).toBe("Nina S.");
    }));

  test("a child below its parent has the parent's key by itself", () =>
    on("/albums/3/tracks", async (page) => {
      await page.getByText("1 to 2 of 2").waitFor();
      await press(page, "New track");
      const form = dialog(page);
      expect(await form.getByLabel("album id").count()).toBe(0);
      await form.getByLabel("id", { exact: true }).fill("500");
      await form.getByLabel("name").fill("Bonus");
      await form.getByLabel("milliseconds").fill("10");
      await save(page);
      await page.getByText("1 to 3 of 3").waitFor();
      expect(await here.database.knex("tracks").where({ id: 500 }).first()).toMatchObject({
        name: "Bonus",
        album_id: 3,
      });
    }));

  test("links are added and taken away", () =>
    on("/playlists/2/tracks", async (page) => {
      await page.getByText("No rows").waitFor();
      await press(page, "Add one of tracks");
      const form = dialog(page);
      // More tracks than a choice shows: one is looked for.
      await form.getByLabel("Look for a track").fill("track 60");
      const choice = form.getByLabel("track", { exact: true });
      await choice.locator("option", { hasText: "Track 60 (60)" }).waitFor({ state: "attached" });
      await choice.selectOption("60");
      await form.getByRole("button", { name: "Add" }).click();
      await form.waitFor({ state: "detached" });
      await page.getByText("1 to 1 of 1").waitFor();
      expect(await here.database.knex("playlists_tracks").where({ playlist_id: 2 })).toEqual([
        { playlist_id: 2, track_id: 60 },
      ]);
      await press(page, "Take away: Track 60");
      await page.getByText("No rows").waitFor();
      expect(await here.database.knex("playlists_tracks").where({ playlist_id: 2 })).toEqual([]);
      expect(await here.database.knex("tracks").where({ id: 60 })).toHaveLength(1);
    }));

  test("a row is deleted after a question, and not where others hang on it", () =>
    on("/artists/1", async (page) => {
      await press(page, "Delete");
      await dialog(page).getByRole("button", { name: "Delete" }).click();
      await dialog(page).getByRole("alert").waitFor();
      await page.keyboard.press("Escape");
      await dialog(page).waitFor({ state: "detached" });
      await page.goto(`${here.server.url}/explore#/prices`);
      await page.locator("tbody").getByRole("link").last().click();
      await press(page, "Delete");
      await dialog(page).getByRole("button", { name: "Delete" }).click();
      await page.getByText("1 to 1 of 1").waitFor();
      expect(await here.database.knex("prices").select("country")).toEqual([{ country: "NO" }]);
    }));

  test("a form on a phone is no wider than the phone", () =>
    on(
      "/albums/1",
      async (page, watched) => {
        await press(page, "Change");
        await dialog(page).getByLabel("title").waitFor();
        expect(await sideways(watched)).toBe(0);
        const [inner, outer] = await dialog(page).evaluate((form) => [form.scrollWidth, form.clientWidth]);
        expect(inner).toBe(outer);
      },
      phone,
    ));

  test("who may only read sees no button that writes", async () => {
    const reading = await serve(here.database.url, {
      port: 0,
      auth: { jwt: { secret } },
      roles: { anonymous: { artists: "read", albums: "read", playlists: "read", tracks: "read" }, member: "*" },
    });
    const watched = await look(here.browser, reading.url, "/albums/1");
    const { page } = watched;
    await page.locator("dl").waitFor();
    const writes = page.getByRole("button", { name: /Change|Delete|New|Add one|Take away/ });
    expect(await writes.count()).toBe(0);
    for (const path of ["/albums", "/albums/1/tracks", "/tracks/1"]) {
      await page.goto(`${reading.url}/explore#${path}`);
      await page.locator("tbody tr, dl").first().waitFor();
      expect(await writes.count(), path).toBe(0);
    }
    expect(await page.getByRole("navigation", { name: "Tables" }).getByRole("link").allTextContents()).toEqual([
      "albums",
      "artists",
      "playlists",
      "tracks",
    ]);
    expect(watched.complaints).toEqual([]);
    await watched.close();
    await reading.close();
  });
});
