// `sapwood seed` and `sapwood reset` as commands: what they print, and what they do not do without being told.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, expect, inject, test } from "vitest";
import { run } from "../cli/cli.js";

const base = mkdtempSync(join(inject("files"), "seed-command-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const path = join(base, "shop.db");
const db = `sqlite:${path}`;
const file = new Database(path);
file.exec(
  "CREATE TABLE makers (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE boats (id INTEGER PRIMARY KEY AUTOINCREMENT, maker_id INTEGER REFERENCES makers)",
);
afterAll(() => void file.close());
const folder = join(base, "rows");
mkdirSync(folder);
writeFileSync(join(folder, "boats.csv"), "id,maker_id\n7,1\n8,1\n");
writeFileSync(join(folder, "makers.csv"), "id,name\n1,Ann\n");
writeFileSync(join(base, "makers.json"), '[{"id": 2, "name": "Bea"}]');
const boats = () => file.prepare("SELECT id FROM boats").pluck().all();

test("rows of a folder are written, and said", async () => {
  const { code, stdout, stderr } = await run(["seed", db, folder]);
  expect([code, stdout, stderr]).toEqual([0, "makers: 1 row of makers.csv\nboats: 2 rows of boats.csv\n", ""]);
});

test("twice is said, with what to do; and one file is a table's", async () => {
  const again = await run(["seed", folder], { DATABASE_URL: db });
  expect([again.code, again.stdout]).toEqual([1, ""]);
  expect(again.stderr).toMatch(/^sapwood: makers holds rows already.*--on-conflict ignore.*sapwood reset/);
  const one = await run(["seed", db, join(base, "makers.json"), "--on-conflict", "ignore"]);
  expect([one.code, one.stdout]).toEqual([0, "makers: 1 row of makers.json\n"]);
  // With one word only, it is the files that are meant.
  expect((await run(["seed", db])).stderr).toMatch(/no database was given/);
});

test("what is emptied is named in the command, and meant", async () => {
  const unnamed = await run(["reset", "--yes"], { DATABASE_URL: db });
  expect([unnamed.code, unnamed.stderr]).toEqual([
    1,
    "sapwood: the database that is emptied is named in the command itself: sapwood reset sqlite:test.db\n",
  ]);
  expect((await run(["reset", "main", "--yes"], { SAPWOOD_DB_MAIN: db })).stderr).toMatch(
    /named in the command itself/,
  );
  expect((await run(["reset", db])).stderr).toMatch(/nobody can be asked here\. Add --yes/);
  expect(boats()).toEqual([7, 8]);
});

test("only included tables are emptied, and numbers begin anew", async () => {
  const { code, stdout } = await run(["reset", db, "--exclude", "makers", "--yes"]);
  expect([code, stdout]).toEqual([0, "boats: 2 rows deleted\n"]);
  expect(file.prepare("INSERT INTO boats DEFAULT VALUES").run().lastInsertRowid).toBe(1);
  expect((await run(["reset", db, "--yes"])).stdout).toBe("boats: 1 row deleted\nmakers: 2 rows deleted\n");
});
