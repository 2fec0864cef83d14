// A real Chromium, and pages that may ask one origin only: what they ask of any other place is refused, and remembered.
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Debian's, unless the environment names another one. */
const executablePath = process.env.SAPWOOD_TEST_CHROMIUM ?? "/usr/bin/chromium";

/** On a developer's machine there may be none; CI installs it, and must not go without. */
export const noBrowser: string | false =
  existsSync(executablePath) || process.env.CI ? false : `there is no ${executablePath}: apt-get install chromium`;

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

export interface Watched {
  readonly page: Page;
  /** What went wrong: errors in the console (violations of the page's policy are such), exceptions, requests to elsewhere. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** `keeping`: the page has the browser's cache, which playwright turns off where it refuses requests: they are remembered only. */
interface WatchOptions extends BrowserContextOptions {
  readonly keeping?: boolean;
}

/** A page of its own, without anything from another one, that may ask `origin`. */
export async function watchedPage(
  browser: Browser,
  origin: string,
  { keeping = false, ...options }: WatchOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(90_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const isHere = (url: string) => {
    if (new URL(url).origin === origin || url.startsWith("data:")) return true;
    complaints.push(`a request to elsewhere: ${url}`);
    return false;
  };
  if (keeping) page.on("request", (request) => void isHere(request.url()));
  else await context.route("**/*", (route) => (isHere(route.request().url()) ? route.continue() : route.abort()));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  return { page, complaints, close: () => context.close() };
}
