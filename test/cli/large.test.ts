// Commands about an API that would have too many routes: one line that says how many there are, and what to set.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "./cli.js";

const tables = Array.from({ length: 120 }, (_, n) => ({
  name: `things_${n}`,
  columns: ["id", "one", "two", "three"].map((name) => ({ name, type: "integer" })),
  primaryKey: "id",
  belongsTo: ["one", "two", "three"].map((column, i) => ({ table: `things_${i}`, column, as: column })),
}));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sapwood-large-"));
  const config = (more: object) => JSON.stringify({ tables, depth: 3, ...more });
  await writeFile(join(folder, "many.json"), config({}));
  await writeFile(join(folder, "few.json"), config({ depth: 2, maxOperations: 2_000 }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(["routes", "openapi", "types", "diagram", "serve"])("sapwood %s", async (command) => {
  const { code, stdout, stderr } = await run([command, "sqlite::memory:", "--config", "many.json"], {}, folder);
  expect([code, stdout, stderr.trim().split("\n").length]).toEqual([1, "", 1]);
  expect(stderr).toMatch(
    /options\.depth: of 3 makes [\d,]+ routes of these tables, and maxRoutes is 100,000\. Set depth to 2/,
  );
});

test("sapwood openapi leaves out what is past maxOperations, by the config file and by its flag", async () => {
  for (const flags of [[], ["--max-operations", "1500"]]) {
    const { code, stdout } = await run(["openapi", "sqlite::memory:", "--config", "few.json", ...flags], {}, folder);
    expect(code).toBe(0);
    const { info, paths } = JSON.parse(stdout);
    expect(info.description).toContain(`maxOperations is ${flags.length === 0 ? "2,000" : "1,500"}`);
    expect(Object.keys(paths)).toHaveLength(241);
  }
});
