// The page to look around in calls functions, sends and saves bytes, and makes what hangs on a row: an only child, a link's columns.
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { serve } from "../../src/server/serve.js";
import { secret } from "../auth/tokens.js";
import { noBrowser } from "../support/browser.js";
import { exploring, look, phone, sideways } from "./looking.js";

// A program has to start in the browser, and may have to share the processor.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const ddl = `
  CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL);
  CREATE TABLE passports (
    id INTEGER PRIMARY KEY, number VARCHAR(9) NOT NULL, member_id INTEGER NOT NULL UNIQUE REFERENCES members (id)
  );
  CREATE TABLE groups (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL);
  CREATE TABLE groups_members (
    group_id INTEGER NOT NULL REFERENCES groups (id), member_id INTEGER NOT NULL REFERENCES members (id), since DATE NOT NULL,
    chairs BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (group_id, member_id)
  );
  CREATE TABLE photos (id INTEGER PRIMARY KEY, image BYTEA, print BYTEA NOT NULL);
  CREATE FUNCTION sum_of(a INTEGER, b INTEGER DEFAULT 1) RETURNS INTEGER IMMUTABLE LANGUAGE sql AS 'SELECT a + b';
  COMMENT ON FUNCTION sum_of IS 'Adds two numbers.';
  CREATE FUNCTION members_like(part TEXT) RETURNS SETOF members STABLE LANGUAGE sql AS 'SELECT * FROM members WHERE name LIKE part';
  CREATE FUNCTION double_of(of INTEGER) RETURNS INTEGER IMMUTABLE LANGUAGE sql AS 'SELECT of * 2';
  CREATE FUNCTION double_of(words TEXT) RETURNS TEXT IMMUTABLE LANGUAGE sql AS 'SELECT words || words';
  CREATE FUNCTION size_of(JSON) RETURNS INTEGER IMMUTABLE LANGUAGE sql AS 'SELECT json_array_length($1)';
  CREATE FUNCTION rename_member(member_id INTEGER, new_name TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
    BEGIN
      IF new_name = 'Nobody' THEN RAISE EXCEPTION 'Nobody is nobody''s name.'; END IF;
      UPDATE members SET name = new_name WHERE id = member_id;
    END $$;
`;
/** A picture of one point. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

if (noBrowser) console.warn(`The page is not tested: ${noBrowser}`);

describe.skipIf(noBrowser)("in Chromium", () => {
  const { here, on } = exploring(ddl, /status of 4(00|04|12|22)/);
  beforeEach(async () => {
    const { knex } = here.database;
    for (const table of ["groups_members", "passports", "members", "groups", "photos"]) await knex(table).del();
    const named = (name: string, i: number) => ({ id: i + 1, name });
    await knex("members").insert(["Ada", "Grace"].map(named));
    await knex("groups").insert(["Rowers", "Readers"].map(named));
    await knex("photos").insert([
      { id: 1, image: png, print: Buffer.from([1, 2, 3]) },
      { id: 2, image: null, print: Buffer.from([1, 2, 3]) },
    ]);
  });

  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

  describe("functions", () => {
    test("are listed, and one has a form and an answer", () =>
      on("/", async (page) => {
        const list = page.getByRole("navigation", { name: "Functions" });
        await list.getByText("5 functions").click();
        await list.getByRole("link", { name: "sum_of" }).click();
        await page.getByRole("heading", { level: 1, name: "sum_of" }).waitFor();
        expect(new URL(page.url()).hash).toBe("#/rpc/sum_of");
        await page.getByText("Adds two numbers.").waitFor();
        expect(await page.getByLabel("a", { exact: true }).getAttribute("required")).not.toBeNull();
        expect(await page.getByLabel("b", { exact: true }).getAttribute("required")).toBeNull();
        await page.getByLabel("a", { exact: true }).fill("41");
        await press(page, "Call sum_of");
        const answer = page.getByRole("region", { name: "Answer of sum_of" });
        expect(await answer.textContent()).toBe("42");
      }));

    test("that answer rows show them as a table", () =>
      on("/rpc/members_like", async (page) => {
        await page.getByLabel("part").fill("G%");
        await press(page, "Call members_like");
        const answer = page.getByRole("region", { name: "Answer of members_like" });
        await answer.waitFor();
        expect(await answer.getByRole("columnheader").allTextContents()).toEqual(["id", "name"]);
        expect(await answer.getByRole("cell").allTextContents()).toEqual(["2", "Grace"]);
      }));

    test("of one name have a form each", () =>
      on("/rpc/double_of", async (page) => {
        const second = page.getByRole("region", { name: /^double_of, / }).filter({ has: page.getByLabel("words") });
        await second.getByLabel("words").fill("tick");
        await second.getByRole("button").click();
        await page.getByRole("region", { name: "Answer of double_of" }).getByText("ticktick").waitFor();
      }));

    test("whose only argument has no name take it whole", () =>
      on("/rpc/size_of", async (page) => {
        await page.getByRole("textbox").fill("[1, 2, 3]");
        await press(page, "Call size_of");
        await page.getByRole("region", { name: "Answer of size_of" }).getByText("3", { exact: true }).waitFor();
      }));

    test("of a row are tabs of it, and say what they refuse", () =>
      on("/members/1", async (page) => {
        await page.getByRole("navigation", { name: "Parts of this row" }).getByRole("link", { name: "rename" }).click();
        await page.getByLabel("new name").fill("Nobody");
        await press(page, "Call rename");
        await page.getByRole("alert").getByText("Nobody is nobody's name.").waitFor();
        await page.getByLabel("new name").fill("Augusta");
        await press(page, "Call rename");
        await page.getByText("Done. It answers nothing.").waitFor();
        await page.getByRole("heading", { level: 1, name: "member 1: Augusta" }).waitFor();
        expect(await here.database.knex("members").where({ id: 1 }).first()).toMatchObject({ name: "Augusta" });
      }));

    test("are those that the role may call", async () => {
      const roles = { anonymous: { members: "read", routines: { sum_of: "execute" } } } as const;
      const reading = await serve(here.database.url, { port: 0, auth: { jwt: { secret } }, roles });
      const watched = await look(here.browser, reading.url, "/members/1");
      await watched.page.locator("dl").waitFor();
      expect(await watched.page.getByRole("link", { name: "rename" }).count()).toBe(0);
      await watched.page.getByText("1 function").click();
      await watched.page.getByRole("link", { name: "sum_of" }).waitFor();
      await watched.close();
      await reading.close();
    });

    test("on a phone are no wider than the phone", () =>
      on(
        "/rpc/sum_of",
        async (page, watched) => {
          await page.getByLabel("a", { exact: true }).waitFor();
          expect(await sideways(watched)).toBe(0);
        },
        phone,
      ));
  });

  describe("bytes", () => {
    test("a picture is shown, and saved as it is", () =>
      on("/photos/1", async (page) => {
        const picture = page.getByRole("img", { name: "photos-1-image" });
        await picture.waitFor();
        await expect
          .poll(() => picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
          .toBe(1);
        expect(await page.getByRole("img").count()).toBe(1);
        const download = page.waitForEvent("download");
        await page.getByRole("link", { name: `${png.length} bytes` }).click();
        const saved = await download;
        expect(saved.suggestedFilename()).toBe("photos-1-image.png");
        expect(await readFile(await saved.path())).toEqual(png);
      }));

    test("a file takes the place of nothing, and of another one", () =>
      on("/photos/2", async (page) => {
        await page.getByText("empty", { exact: true }).waitFor();
        await page
          .getByLabel("New file for image")
          .setInputFiles({ name: "a.json", mimeType: "application/json", buffer: png });
        await page.getByRole("img", { name: "photos-2-image" }).waitFor();
        const bytes = Buffer.from([0, 255, 0]);
        await page.getByLabel("New file for print").setInputFiles({ name: "b", mimeType: "", buffer: bytes });
        await expect
          .poll(async () => (await here.database.knex("photos").where({ id: 2 }).first()).print)
          .toEqual(bytes);
        expect((await here.database.knex("photos").where({ id: 2 }).first()).image).toEqual(png);
      }));

    test("a new row takes files, and leaves out what is not chosen", () =>
      on("/photos", async (page) => {
        await press(page, "New photo");
        const form = page.getByRole("dialog");
        await form.getByLabel("id", { exact: true }).fill("3");
        await press(page, "Save");
        // The browser itself asks for the one that must be there.
        expect(await here.database.knex("photos").where({ id: 3 })).toEqual([]);
        await form.getByLabel("print", { exact: true }).setInputFiles({ name: "a", mimeType: "", buffer: png });
        await press(page, "Save");
        await expect
          .poll(() => here.database.knex("photos").where({ id: 3 }).first())
          .toEqual({ id: 3, image: null, print: png });
      }));

    test("a column that may be NULL is emptied", () =>
      on("/photos/1", async (page) => {
        await page.getByRole("img").waitFor();
        expect(await page.getByRole("button", { name: /^Empty / }).allTextContents()).toEqual(["Empty image"]);
        await press(page, "Empty image");
        await page.getByText("empty", { exact: true }).waitFor();
        expect((await here.database.knex("photos").where({ id: 1 }).first()).image).toBeNull();
      }));

    test("what somebody else has put there since stays", () =>
      on("/photos/1", async (page) => {
        await page.getByRole("img").waitFor();
        const theirs = Buffer.from([7]);
        await here.database.knex("photos").where({ id: 1 }).update({ image: theirs });
        await page.getByLabel("New file for image").setInputFiles({ name: "c", mimeType: "image/png", buffer: png });
        await page.getByRole("alert").getByText("Somebody else has changed this row").waitFor();
        expect((await here.database.knex("photos").where({ id: 1 }).first()).image).toEqual(theirs);
      }));
  });

  test("an only child is made from its tab, with its parent's key", () =>
    on("/members/2/passport", async (page) => {
      await page.getByText("There is none.").waitFor();
      await press(page, "New passport");
      const form = page.getByRole("dialog");
      expect(await form.getByLabel("member id").count()).toBe(0);
      await form.getByLabel("id", { exact: true }).fill("9");
      await form.getByLabel("number").fill("X-1");
      await form.getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { level: 2 }).getByRole("link", { name: "X-1" }).waitFor();
      expect(await here.database.knex("passports").first()).toEqual({ id: 9, number: "X-1", member_id: 2 });
      expect(await page.getByRole("button", { name: "New passport" }).count()).toBe(0);
    }));

  test("a link has its further columns in its form", () =>
    on("/members/1/groups", async (page) => {
      await press(page, "Add one of groups");
      const form = page.getByRole("dialog");
      const choice = form.getByLabel("group", { exact: true });
      await choice.locator("option", { hasText: "Readers (2)" }).waitFor({ state: "attached" });
      await choice.selectOption("2");
      expect(await form.getByLabel("since").getAttribute("required")).not.toBeNull();
      await form.getByLabel("since").fill("2024-02-29");
      await form.getByLabel("chairs").check();
      await form.getByRole("button", { name: "Add" }).click();
      await form.waitFor({ state: "detached" });
      await page.getByText("1 to 1 of 1").waitFor();
      const { knex } = here.database;
      const [link] = await knex("groups_members").select(
        "group_id",
        "member_id",
        "chairs",
        knex.raw("since::text AS since"),
      );
      expect(link).toEqual({ group_id: 2, member_id: 1, chairs: true, since: "2024-02-29" });
    }));
});
