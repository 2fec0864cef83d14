// Swagger UI's Authorize in a real Chromium: who signs in there sends credentials with what is tried out.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { provider } from "../auth/provider.js";
import { addUsers, password } from "../auth/signing-in.js";
import { claims, hs256, secret, signer } from "../auth/tokens.js";
import { launchBrowser, noBrowser, watchedPage } from "../support/browser.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { hosts } from "./hosts.js";

const sqlite = databases[0] as TestDatabase;
const ddl = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text VARCHAR(50)); INSERT INTO notes VALUES (1, 'hello');";
const roles = { member: { notes: ["read", "create"] } } as const;

// Swagger UI is a large program, and may have to share the processor.
vi.setConfig({ testTimeout: 180_000 });

if (noBrowser) console.warn(`Authorize is not tested: ${noBrowser}`);

/** Gives the dialog a value for one scheme. */
async function authorize(page: Page, scheme: string, value: string): Promise<void> {
  await page.locator(".auth-wrapper .authorize").first().click();
  await page.locator(`input[aria-label="auth-${scheme}-value"]`).fill(value);
  await page.locator(`.auth-container:has(input[aria-label="auth-${scheme}-value"]) .modal-btn.authorize`).click();
  await page.locator(".auth-container .btn-done").first().click();
}

/** Runs GET /notes, and waits for another answer than the one before. */
async function tryOut(page: Page): Promise<{ status: string; body: string }> {
  const operation = page.locator("#operations-notes-listNotes");
  await operation.locator(".execute").click();
  await operation.locator(".loading-container").waitFor({ state: "detached" });
  const answer = operation.locator(".live-responses-table .response").first();
  await answer.locator(".response-col_description .microlight").first().waitFor();
  return {
    status: (await answer.locator(".response-col_status").textContent()) ?? "",
    body: (await answer.locator(".response-col_description .microlight").first().textContent()) ?? "",
  };
}

describe.skipIf(noBrowser)("in Chromium", () => {
  let browser: Browser;
  let database: Created;
  beforeAll(async () => {
    browser = await launchBrowser();
    database = await sqlite.create(ddl);
  });
  afterAll(async () => {
    await browser?.close();
    await database?.drop();
  });

  test.each(hosts)("a bearer token, through $name", async (kind) => {
    const host = await kind.start(database.url, { auth: { jwt: { secret } }, roles });
    const { page, complaints, close } = await watchedPage(browser, host.base);
    await page.goto(`${host.base}${host.before}/docs#/notes/listNotes`);
    await page.locator("#operations-notes-listNotes .try-out__btn").click();
    expect((await tryOut(page)).status).toMatch(/^401/);
    await authorize(page, "bearer", hs256(claims()));
    const sent = page.waitForRequest((request) => request.url().includes("/notes"));
    const { status, body } = await tryOut(page);
    expect((await sent).headers().authorization).toMatch(/^Bearer eyJ/);
    expect(status).toMatch(/^200/);
    expect(JSON.parse(body)).toEqual([{ id: 1, text: "hello" }]);
    // Chromium tells of the first answer.
    expect(complaints.filter((text) => !/status of 401/.test(text))).toEqual([]);
    await close();
    await host.close();
  });

  test.each(hosts)("a name and a password, through $name", async (kind) => {
    const db = await sqlite.create(ddl);
    const host = await kind.start(db.url, { auth: { accounts: { create: true, adminRole: "member" } }, roles });
    await addUsers(db.url, { username: "ada" });
    const { page, complaints, close } = await watchedPage(browser, host.base);
    await page.goto(`${host.base}${host.before}/docs#/notes/listNotes`);
    await page.locator("#operations-notes-listNotes .try-out__btn").click();
    await page.locator(".auth-wrapper .authorize").first().click();
    const dialog = page.locator(".auth-container").first();
    await dialog.locator("#oauth_username").fill("ada");
    await dialog.locator("#oauth_password").fill(password);
    await dialog.locator(".modal-btn.authorize").click();
    await dialog.locator("button", { hasText: "Logout" }).waitFor();
    await dialog.locator(".btn-done").click();
    expect((await tryOut(page)).status).toMatch(/^200/);
    expect(complaints).toEqual([]);
    await close();
    await host.close();
    await db.drop();
  });

  test("beside OpenID Connect, whose provider the page does not ask", async () => {
    const ours = await signer("ES256");
    const login = await provider(ours);
    const [kind] = hosts as readonly [(typeof hosts)[0]];
    const host = await kind.start(database.url, { auth: { oidc: { issuer: login.base, audience: "shop" } }, roles });
    const { page, complaints, close } = await watchedPage(browser, host.base);
    await page.goto(`${host.base}${host.before}/docs#/notes/listNotes`);
    await page.locator("#operations-notes-listNotes .try-out__btn").click();
    await authorize(page, "bearer", await ours.sign({ ...claims(), iss: login.base, aud: "shop" }));
    expect((await tryOut(page)).status).toMatch(/^200/);
    expect(complaints).toEqual([]);
    await close();
    await host.close();
    await login.close();
  });
});
