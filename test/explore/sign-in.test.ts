// Signing in on the page to look around in, in a real Chromium: what is shown then is what the role may.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { addUsers, password } from "../auth/signing-in.js";
import { claims, hs256, secret } from "../auth/tokens.js";
import { type Host, hosts } from "../docs/hosts.js";
import { launchBrowser, noBrowser } from "../support/browser.js";
import { sqlite } from "../support/databases.js";
import { look } from "./looking.js";

const ddl = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text VARCHAR(50)); INSERT INTO notes VALUES (1, 'hello');";
const roles = { member: { notes: "read" } } as const;

// A program has to start in the browser, and may have to share the processor.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

if (noBrowser) console.warn(`Signing in is not tested: ${noBrowser}`);

describe.skipIf(noBrowser)("in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  const at = ({ base, before }: Host) => base + before;
  const tables = (page: Page) => page.getByRole("navigation", { name: "Tables" });
  /** The refusals that are meant are lines in Chromium's console too. */
  const meant = (complaint: string) => !/status of 40[01]/.test(complaint);

  test.each(hosts)("a name and a password, kept over a reload, and signing out, through $name", async (kind) => {
    const database = await sqlite.create(ddl);
    const host = await kind.start(database.url, { auth: { accounts: { create: true, adminRole: "member" } }, roles });
    await addUsers(database.url, { username: "ada" });
    const { page, complaints, close } = await look(browser, at(host));
    await page.getByText("none for you").waitFor();
    expect(await tables(page).getByRole("link").count()).toBe(0);
    await page.getByRole("button", { name: "Sign in" }).click();
    const dialog = page.getByRole("dialog", { name: "Sign in" });
    await dialog.getByLabel("Name").fill("ada");
    await dialog.getByLabel("Password").fill("wrong");
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await dialog.getByRole("alert").getByText("The name or the password is wrong").waitFor();
    await dialog.getByLabel("Password").fill(password);
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    await tables(page).getByRole("link", { name: "notes" }).click();
    await page.locator("tbody").getByText("hello").waitFor();
    await page.reload();
    await page.locator("tbody").getByText("hello").waitFor();
    const revoked = page.waitForResponse((response) => response.url().endsWith("/auth/revoke"));
    await page.getByRole("button", { name: "Sign out" }).click();
    expect((await revoked).status()).toBe(200);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await page.getByRole("alert").getByText("There is no table notes here, or none for you").waitFor();
    expect(complaints.filter(meant)).toEqual([]);
    await close();
    await host.close();
    await database.drop();
  });

  test.each(hosts)("a token, one that is none, and one that has ended, through $name", async (kind) => {
    const database = await sqlite.create(ddl);
    const host = await kind.start(database.url, { auth: { jwt: { secret } }, roles });
    const { page, complaints, close } = await look(browser, at(host));
    await page.getByRole("button", { name: "Sign in" }).click();
    const dialog = page.getByRole("dialog", { name: "Sign in" });
    await dialog.getByLabel("Token").fill("nonsense");
    await dialog.getByRole("button", { name: "Use this token" }).click();
    await dialog.getByRole("alert").waitFor();
    await dialog.getByLabel("Token").fill(hs256(claims()));
    await dialog.getByRole("button", { name: "Use this token" }).click();
    await tables(page).getByRole("link", { name: "notes" }).click();
    await page.locator("tbody").getByText("hello").waitFor();
    await page.evaluate(
      `for (const name of Object.keys(sessionStorage)) sessionStorage.setItem(name, '{"authorization":"Bearer ended"}')`,
    );
    await page.reload();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect(complaints.filter(meant)).toEqual([]);
    await close();
    await host.close();
    await database.drop();
  });

  test("nobody is asked where there is no auth", async () => {
    const database = await sqlite.create(ddl);
    const host = await (hosts[0] as (typeof hosts)[0]).start(database.url);
    const { page, complaints, close } = await look(browser, at(host));
    await tables(page).getByRole("link", { name: "notes" }).waitFor();
    expect(await page.getByRole("button", { name: "Sign in" }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
    await host.close();
    await database.drop();
  });
});
