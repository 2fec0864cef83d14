// `sapwood apply`: what it prints, its exit codes, and a schema copied by way of `sapwood schema`.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { run } from "../cli/cli.js";
import { tables } from "./tables.js";

const folder = mkdtempSync(join(tmpdir(), "sapwood-apply-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "tables.json");
writeFileSync(file, JSON.stringify({ tables }));
const db = `sqlite:${join(folder, "made.db")}`;

test("a dry run prints the statements, and makes no file", async () => {
  const { code, stdout, stderr } = await run(["apply", file, db, "--dry-run"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/create table `people`/);
  expect(stdout).toMatch(/Is new/);
  expect(existsSync(join(folder, "made.db"))).toBe(false);
});

test("what clients would see is told of what they are shown", async () => {
  const { stdout } = await run(["apply", file, db, "--dry-run", "--exclude", "people"]);
  expect(stdout).toMatch(/create table `people`/);
  expect(stdout).toMatch(/\/albums\b/);
  expect(stdout).not.toMatch(/\/people\b/);
});

test("makes the file and its tables, and then finds nothing to do", async () => {
  const first = await run(["apply", file, db, "--fail-on", "new"]);
  expect([first.code, first.stderr]).toEqual([4, ""]);
  expect(first.stdout).toMatch(/^add table /);
  const second = await run(["apply", file, db, "--fail-on", "new"]);
  expect(second).toMatchObject({ code: 0, stdout: "The tables are as they should be: nothing to do.\n", stderr: "" });
});

test("what sapwood schema writes is made elsewhere", async () => {
  const saved = join(folder, "schema.json");
  writeFileSync(saved, (await run(["schema", db])).stdout);
  const copy = `sqlite:${join(folder, "copy.db")}`;
  expect((await run(["apply", saved, copy])).code).toBe(0);
  const json = JSON.parse((await run(["apply", file, copy, "--json"])).stdout);
  expect(json).toMatchObject({ severity: null, steps: [], done: [] });
});

test.each([
  ["missing.json", undefined, /cannot read .*missing\.json \(ENOENT\)/],
  ["broken.json", "{", /broken\.json: this is not valid JSON/],
  ["other.json", '{"port": 1}', /other\.json: it holds a list of tables/],
  [
    "wrong.json",
    '[{"name": "a", "colums": []}]',
    /tables\[0\]\.colums: there is no such option\. Perhaps you meant 'columns'/,
  ],
])("%s", async (name, content, message) => {
  const path = join(folder, name);
  if (content !== undefined) writeFileSync(path, content);
  const { code, stderr, stdout } = await run(["apply", path, "sqlite::memory:"]);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(message);
});
