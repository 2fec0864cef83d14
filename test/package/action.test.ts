// The action of .github/actions/serve: its script, run as a job's runner does it, serves a database by the packed tarball.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Created, postgres } from "../support/databases.js";
import { request } from "../support/http.js";
import { pack, pinned, root } from "./packed.js";

const { load } = createRequire(import.meta.url)("js-yaml") as { load(text: string): Action };

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly run: string; readonly env: Readonly<Record<string, string>> }[];
  };
}

const action = load(await readFile(join(root, ".github/actions/serve/action.yml"), "utf8"));
const [step] = action.runs.steps as readonly [Action["runs"]["steps"][number]];

let folder: string;
let tarball: string;
let database: Created;
beforeAll(async () => {
  folder = await mkdtemp(join(inject("files"), "action-"));
  database = await postgres.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT)");
  ({ tarball } = await pack(folder));
}, 120_000);
afterAll(() => database?.drop());

/** Runs the step with these inputs, as a runner does. What it has begun goes on after it. */
async function run(name: string, inputs: Readonly<Record<string, string>>) {
  const temp = join(folder, name);
  await mkdir(temp);
  const output = join(temp, "output");
  const out = join(temp, "said");
  await Promise.all([writeFile(output, ""), writeFile(join(temp, "script.sh"), step.run)]);
  const env = Object.fromEntries(
    Object.entries(step.env).map(([key, text]) => {
      const input = /^\$\{\{ inputs\.(\w+) \}\}$/.exec(text)?.[1] as string;
      return [key, inputs[input] ?? action.inputs[input]?.default ?? ""];
    }),
  );
  // What the server says goes to its own log: a pipe would be held open by it.
  const script = `bash --noprofile --norc -eo pipefail script.sh > said 2>&1`;
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn("bash", ["-c", script], {
      cwd: temp,
      env: { ...process.env, ...env, RUNNER_TEMP: temp, GITHUB_OUTPUT: output },
      stdio: "ignore",
    });
    child.on("close", resolve);
  });
  const said = await readFile(out, "utf8");
  const pairs = (await readFile(output, "utf8")).trim().split("\n").filter(Boolean);
  return { code, said, outputs: Object.fromEntries(pairs.map((line) => line.split(/=(.*)/s, 2))) };
}

/** A port that was free a moment ago. */
async function freePort(): Promise<string> {
  const { listen } = await import("../support/http.js");
  const { base, close } = await listen((_, response) => response.end());
  await close();
  return new URL(base).port;
}

test("it serves the database, and tells where", { timeout: 240_000 }, async () => {
  const port = await freePort();
  const inputs = { database: database.url, driver: pinned("pg"), package: tarball, port, flags: "--prefix /shop" };
  const { code, said, outputs } = await run("well", { ...inputs, timeout: "120" });
  expect(code, said).toBe(0);
  expect(outputs).toMatchObject({ url: `http://127.0.0.1:${port}`, api: `http://127.0.0.1:${port}/shop` });
  expect((await request(outputs.url as string, "GET", "/shop/clubs")).json).toEqual([]);
  process.kill(Number(outputs.pid));
  for (const { value } of Object.values(action.outputs))
    expect(Object.keys(outputs)).toContain(/outputs\.(\w+)/.exec(value)?.[1]);
});

test("where it cannot, it fails with the server's own words", { timeout: 240_000 }, async () => {
  const inputs = { database: "nonsense:", driver: pinned("pg"), package: tarball, port: await freePort() };
  const { code, said, outputs } = await run("badly", inputs);
  expect([code, outputs]).toEqual([1, {}]);
  expect(said).toContain("::error::sapwood did not become ready");
  expect(said).toMatch(/nonsense/);
});
