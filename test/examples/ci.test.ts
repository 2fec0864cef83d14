// examples/ci: its tables are made, a server started, and its rows sent, twice, as its page says.
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { request } from "../support/http.js";
import { root } from "../support/pages.js";
import { runProgram, startProgram } from "../support/program.js";

const main = join(root, "dist/src/cli/main.js");
const here = (name: string) => join(root, "examples/ci", name);

test("fills an SQLite file's tables, and may do it again", async () => {
  const cwd = await mkdtemp(join(inject("files"), "ci-"));
  const made = await runProgram(process.execPath, [main, "apply", here("tables.json"), "sqlite:test.db"], { cwd });
  // 4: what is new for clients.
  expect([0, 4], made.stderr).toContain(made.code);
  const server = await startProgram([main, "serve", "sqlite:test.db", "--port", "0"], { cwd });
  try {
    for (let times = 0; times < 2; times++) {
      const filled = await runProgram(process.execPath, [here("fill.mjs"), server.base], { cwd });
      expect(filled.code, filled.stderr).toBe(0);
    }
    const { json } = await request(server.base, "GET", "/api/clubs?select=name,boats(name)&order-by=id:asc");
    expect(json).toEqual([
      { name: "Sailors", boats: [{ name: "Albatross" }, { name: "Cormorant" }] },
      { name: "Rowers", boats: [{ name: "Diver" }] },
    ]);
  } finally {
    await server.stop();
  }
});
