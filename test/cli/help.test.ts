import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { flagOf, places, settings, variableOf } from "../../src/cli/settings.js";
import { run } from "./cli.js";

test("sapwood --help names the commands and shows examples", async () => {
  const { code, stdout } = await run(["--help"]);
  expect(code).toBe(0);
  for (const text of ["serve", "routes", "sapwood serve sqlite:shop.db", "DATABASE_URL"])
    expect(stdout).toContain(text);
  expect(stdout).not.toMatch(/^ +start /m);
});

test("sapwood serve --help names every flag with its variable and default", async () => {
  const { stdout } = await run(["serve", "--help"]);
  const help = stdout.replace(/\s+/g, " ");
  for (const setting of settings) {
    expect(help).toContain(`${flagOf(setting)} `);
    expect(help).toContain(`(default: ${setting.default}) (env: ${variableOf(setting)})`);
  }
  for (const { flag } of Object.values(places)) expect(help).toContain(flag);
  for (const { variable } of [places.db, places.config]) expect(help).toContain(`(env: ${variable})`);
  expect(help).toContain("Examples:");
});

test("sapwood routes --help", async () => {
  const { stdout } = await run(["routes", "--help"]);
  for (const text of ["--why", "--json", "Examples:"]) expect(stdout).toContain(text);
});

test("sapwood --version is the package's", async () => {
  const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  expect((await run(["--version"])).stdout).toBe(`${version}\n`);
});

test("sapwood alone shows its help, and that something was missing", async () => {
  const { code, stderr } = await run([]);
  expect(code).toBe(1);
  expect(stderr).toContain("Usage: sapwood");
});
