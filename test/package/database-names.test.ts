// What a test expects depends on what a database can do, never on what it is called: a further database is then a row of one table.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));
const own = fileURLToPath(import.meta.url);

const NAME = `"(?:sqlite|postgres|postgresql|mariadb|mysql|mssql)"`;
const comparisons: readonly RegExp[] = [
  new RegExp(String.raw`[!=]==?\s*${NAME}`, "g"),
  new RegExp(String.raw`${NAME}\s*[!=]==?`, "g"),
  new RegExp(String.raw`\bcase ${NAME}:`, "g"),
  new RegExp(String.raw`\[[^[\]]*${NAME}[^[\]]*\]\.(?:includes|indexOf)\(`, "g"),
];

const comparisonsIn = (text: string): string[] =>
  comparisons.flatMap((comparison) => [...text.matchAll(comparison)].map(([found]) => found));

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((file) => file !== own && relative(folder, file).split(sep)[0] !== "support");

describe("the tests outside of test/support", () => {
  test("are there", () => expect(files.length).toBeGreaterThan(300));

  test("compare no name of a database", () => {
    const found = files
      .map((file) => [relative(folder, file), comparisonsIn(readFileSync(file, "utf8"))] as const)
      .filter(([, places]) => places.length > 0);
    expect(found, "ask `place.can.x` of test/support/abilities.ts, or take a table by name for texts").toEqual([]);
  });
});

describe("what is taken for a comparison", () => {
  test.each([
    'if (place.name === "sqlite") return;',
    'databases.filter(({ name }) => name !== "postgres")',
    'const is = "mariadb" === name;',
    'switch (name) { case "mysql": }',
    '["sqlite", "postgres"].includes(place.name)',
    'name ===\n  "mssql"',
  ])("%s", (text) => expect(comparisonsIn(text)).toHaveLength(1));

  test.each([
    'const ddl = { sqlite: "", postgres: own, mariadb: "" };',
    'onEveryDatabase(ddl, suite, ["postgres"]);',
    'expect(dialect.name).toBe("sqlite");',
    "place.can.notify ? 0 : 1",
  ])("%s is none", (text) => expect(comparisonsIn(text)).toEqual([]));
});
