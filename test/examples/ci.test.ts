// examples/ci: its tables are made and filled, and filled again while a server goes on, as its page says.
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { request } from "../support/http.js";
import { root } from "../support/pages.js";
import { runProgram, startProgram } from "../support/program.js";

const main = join(root, "dist/src/cli/main.js");
const here = (name: string) => join(root, "examples/ci", name);

test("fills an SQLite file's tables, and again between tests while a server goes on", async () => {
  const cwd = await mkdtemp(join(inject("files"), "ci-"));
  const sapwood = (...args: readonly string[]) => runProgram(process.execPath, [main, ...args], { cwd });
  const made = await sapwood("apply", here("tables.json"), "sqlite:test.db");
  // 4: what is new for clients.
  expect([0, 4], made.stderr).toContain(made.code);
  const seeded = await sapwood("seed", "sqlite:test.db", here("rows"));
  expect(seeded, seeded.stderr).toMatchObject({ code: 0, stderr: "" });
  const server = await startProgram([main, "serve", "sqlite:test.db", "--port", "0"], { cwd });
  const clubs = async () =>
    (await request(server.base, "GET", "/api/clubs?select=name,boats(name)&order-by=id:asc")).json;
  const rows = [
    { name: "Sailors", boats: [{ name: "Albatross" }, { name: "Cormorant" }] },
    { name: "Rowers", boats: [{ name: "Diver" }] },
  ];
  try {
    expect(await clubs()).toEqual(rows);
    expect((await request(server.base, "POST", "/api/clubs", { body: { name: "QA" } })).json.id).toBeGreaterThan(1002);
    expect((await sapwood("seed", "sqlite:test.db", here("rows"), "--on-conflict", "ignore")).code).toBe(0);
    expect(await clubs()).toHaveLength(3);
    expect((await sapwood("reset", "sqlite:test.db", "--yes")).code).toBe(0);
    expect(await clubs()).toEqual([]);
    expect((await sapwood("seed", "sqlite:test.db", here("rows"))).code).toBe(0);
    expect(await clubs()).toEqual(rows);
  } finally {
    await server.stop();
  }
});
