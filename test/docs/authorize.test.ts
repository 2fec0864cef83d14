// Swagger UI's Authorize in a real Chromium: who signs in there sends credentials with what is tried out.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { provider } from "../auth/provider.js";
import { addUsers, password } from "../auth/signing-in.js";
import { claims, hs256, secret, signer } from "../auth/tokens.js";
import { launchBrowser, noBrowser, type Watched, watchedPage } from "../support/browser.js";
import { type Created, sqlite } from "../support/databases.js";
import { type Host, hosts } from "./hosts.js";

const ddl = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text VARCHAR(50)); INSERT INTO notes VALUES (1, 'hello');";
const roles = { member: { notes: "read" } } as const;

// Swagger UI is a large program, and may have to share the processor.
vi.setConfig({ testTimeout: 90_000 });

if (noBrowser) console.warn(`Authorize is not tested: ${noBrowser}`);

/** Opens the page, which shows whoever says nothing no table. */
async function visited(browser: Browser, host: Host): Promise<Watched> {
  const watched = await watchedPage(browser, host.base);
  await watched.page.goto(`${host.base}${host.before}/docs`);
  await watched.page.locator(".auth-wrapper .authorize").first().click();
  expect(await watched.page.locator('.opblock-tag[data-tag="notes"]').count()).toBe(0);
  return watched;
}

/** Gives the open dialog a bearer token. */
async function authorize(page: Page, token: string): Promise<void> {
  const field = 'input[aria-label="auth-bearer-value"]';
  await page.locator(field).fill(token);
  await page.locator(`.auth-container:has(${field}) .modal-btn.authorize`).click();
  await page.locator(".auth-container .btn-done").first().click();
}

/** Runs GET /notes as the page now does. */
async function tryOut(page: Page): Promise<{ authorization: string | undefined; status: string; body: string }> {
  await page.locator('.opblock-tag[data-tag="notes"]').click();
  const operation = page.locator("#operations-notes-listNotes");
  await operation.locator(".opblock-summary-control").click();
  await operation.locator(".try-out__btn").click();
  const sent = page.waitForRequest((request) => new URL(request.url()).pathname.endsWith("/notes"));
  await operation.locator(".execute").click();
  const answer = operation.locator(".live-responses-table .response").first();
  const body = answer.locator(".response-col_description .microlight").first();
  await body.waitFor();
  return {
    authorization: (await sent).headers().authorization,
    status: (await answer.locator(".response-col_status").textContent()) ?? "",
    body: (await body.textContent()) ?? "",
  };
}

/** The row, and nothing that the page had to complain of. */
async function expectNotes({ page, complaints }: Watched, authorization: RegExp): Promise<void> {
  const answer = await tryOut(page);
  expect(answer.authorization).toMatch(authorization);
  expect(answer.status).toMatch(/^200/);
  expect(JSON.parse(answer.body)).toEqual([{ id: 1, text: "hello" }]);
  expect(complaints).toEqual([]);
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
    const watched = await visited(browser, host);
    await authorize(watched.page, hs256(claims()));
    await expectNotes(watched, /^Bearer eyJ/);
    await watched.close();
    await host.close();
  });

  test.each(hosts)("a name and a password, through $name", async (kind) => {
    const db = await sqlite.create(ddl);
    const host = await kind.start(db.url, { auth: { accounts: { create: true, adminRole: "member" } }, roles });
    await addUsers(db.url, { username: "ada" });
    const watched = await visited(browser, host);
    const dialog = watched.page.locator(".auth-container").first();
    await dialog.locator("#oauth_username").fill("ada");
    await dialog.locator("#oauth_password").fill(password);
    await dialog.locator(".modal-btn.authorize").click();
    await dialog.locator("button", { hasText: "Logout" }).waitFor();
    await dialog.locator(".btn-done").click();
    await expectNotes(watched, /^Bearer swt_/);
    await watched.close();
    await host.close();
    await db.drop();
  });

  test("beside OpenID Connect, whose provider the page does not ask", async () => {
    const ours = await signer("ES256");
    const login = await provider(ours);
    const [kind] = hosts as readonly [(typeof hosts)[0]];
    const host = await kind.start(database.url, { auth: { oidc: { issuer: login.base, audience: "shop" } }, roles });
    const watched = await visited(browser, host);
    await authorize(watched.page, await ours.sign({ ...claims(), iss: login.base, aud: "shop" }));
    await expectNotes(watched, /^Bearer eyJ/);
    await watched.close();
    await host.close();
    await login.close();
  });
});
