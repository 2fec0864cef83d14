// examples/docker without a Docker engine: the file's own lines, run as far as they can be in a scratch folder.
// Not checked: that the base images have what they are said to have, and that an engine reads the file as this does.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { timeLimits } from "../../src/server/listener.js";
import { serverDefaults } from "../../src/server/serve.js";
import { type Created, postgres } from "../support/databases.js";
import { runProgram, startProgram } from "../support/program.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "examples/docker");
const read = (name: string) => readFileSync(join(folder, name), "utf8");

interface Line {
  readonly word: string;
  readonly rest: string;
}

const lines: readonly Line[] = read("Dockerfile")
  .split("\n")
  .filter((line) => line.trim() !== "" && !line.startsWith("#"))
  .map((line) => {
    const [, word = "", rest = ""] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    return { word, rest };
  });
const second = lines.findLastIndex(({ word }) => word === "FROM");
const [building, serving] = [lines.slice(0, second), lines.slice(second)];
const only = (word: string) => (serving.find((line) => line.word === word) as Line).rest;
const command = (text: string): string[] => JSON.parse(text.slice(text.indexOf("[")));
const variables = Object.fromEntries(
  serving
    .filter(({ word }) => word === "ENV")
    .flatMap(({ rest }) => rest.split(" ").map((pair) => pair.split("=") as [string, string])),
);

describe("the Dockerfile", () => {
  test("has instructions that Docker knows, and no more", () => {
    const known = ["FROM", "WORKDIR", "COPY", "RUN", "ARG", "ENV", "USER", "EXPOSE", "HEALTHCHECK", "CMD"];
    expect(lines.filter(({ word }) => !known.includes(word))).toEqual([]);
  });

  test("builds in one stage and serves in another, as somebody who is not root", () => {
    expect(building[0]?.rest).toMatch(/ AS build$/);
    const words = serving.map(({ word }) => word);
    expect(only("USER")).toBe("node");
    expect(words.indexOf("USER")).toBeLessThan(words.indexOf("CMD"));
    expect(words).not.toContain("RUN");
  });

  test("runs node itself, on Node 20, and listens on every address because it says so", () => {
    for (const { rest } of lines.filter(({ word }) => word === "FROM")) expect(rest).toMatch(/^node:20-/);
    expect(command(only("CMD"))[0]).toBe("node");
    expect(command(only("HEALTHCHECK"))[0]).toBe("node");
    expect(serverDefaults.host).toBe("127.0.0.1");
    expect(variables).toMatchObject({ SAPWOOD_HOST: "0.0.0.0", SAPWOOD_OPEN: "true", SAPWOOD_PORT: only("EXPOSE") });
  });

  test("leaves out of its context what is built in it, and what is nobody's business", () => {
    expect(read("Dockerfile.dockerignore").split("\n")).toEqual(
      expect.arrayContaining([".git", "**/node_modules", "dist"]),
    );
  });

  test("the compose file names it, and waits for longer than the server does", () => {
    const text = read("compose.yaml");
    const [, context = "", dockerfile = ""] = /context: (\S+)\n +dockerfile: (\S+)/.exec(text) ?? [];
    expect(existsSync(join(folder, context, dockerfile))).toBe(true);
    expect(Number(/stop_grace_period: (\d+)s/.exec(text)?.[1])).toBeGreaterThan(timeLimits.stopTimeout);
    expect(text).toContain("127.0.0.1:3000:3000");
  });
});

describe("its steps", () => {
  let scratch: string;
  let database: Created;
  /** Where a path of the image is here. */
  const here = (path: string) => join(scratch, path);

  beforeAll(async () => {
    scratch = mkdtempSync(join(inject("files"), "docker-"));
    database = await postgres.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY); INSERT INTO clubs VALUES (1)");
    let at = "/";
    const args: Record<string, string> = {};
    for (const { word, rest } of building.slice(1)) {
      if (word === "WORKDIR") {
        at = rest;
        mkdirSync(here(at), { recursive: true });
      }
      if (word === "ARG") args.DRIVERS = /^DRIVERS="(.+)"$/.exec(rest)?.[1] ?? "";
      if (word === "COPY") copy(rest.split(" "), here(at));
      if (word === "RUN") await step(rest, here(at), args);
    }
  }, 300_000);
  afterAll(() => database?.drop());

  /** `COPY . .` without what the ignore file names: it holds no patterns but names, and `**` before them. */
  function copy(words: readonly string[], to: string): void {
    const ignored = read("Dockerfile.dockerignore")
      .split("\n")
      .map((line) => line.replace("**/", "").replace("*", ""));
    const out = (path: string) =>
      ignored.some((name) => name !== "" && (name.startsWith(".") ? path.endsWith(name) : basename(path) === name));
    for (const from of words.slice(0, -1)) {
      const names = from === "." ? readdirSync(root) : [from];
      for (const name of names)
        if (!out(name)) cpSync(join(root, name), join(to, name), { recursive: true, filter: (path) => !out(path) });
    }
  }

  /** `npm ci` would fetch once more what stands here already. */
  async function step(text: string, cwd: string, env: Record<string, string>): Promise<void> {
    if (text === "npm ci") return symlinkSync(join(root, "node_modules"), join(cwd, "node_modules"));
    const moved = text.replaceAll(/(?<=\s)\/(?=[a-z])/g, `${scratch}/`);
    const { code, stdout, stderr } = await runProgram("sh", ["-ec", moved], { cwd, env });
    expect(code, stdout + stderr).toBe(0);
  }

  test("make a program that serves, is well, and ends with 0 on SIGTERM", async () => {
    const cwd = here("/app");
    const [, ...args] = command(only("CMD"));
    const env = { ...variables, SAPWOOD_PORT: "0", DATABASE_URL: database.url };
    const program = await startProgram(args, { cwd, env });
    const { port } = new URL(program.base);
    const check = async (at: string) => {
      const [, ...args] = command(only("HEALTHCHECK"));
      return (await runProgram(process.execPath, args, { cwd, env: { ...env, SAPWOOD_PORT: at } })).code;
    };
    try {
      expect(program.base).toBe(`http://0.0.0.0:${port}`);
      expect(await (await fetch(`http://127.0.0.1:${port}/api/clubs`)).json()).toEqual([{ id: 1 }]);
      expect(await check(port)).toBe(0);
      expect(await check("1")).toBe(1);
    } finally {
      expect((await program.stop()).code).toBe(0);
    }
    expect(await check(port)).toBe(1);
  }, 60_000);

  test("leave the compilers and the tests behind", () => {
    const packages = readdirSync(here("/app/node_modules"));
    expect(packages).toEqual(expect.arrayContaining(["sapwood", "pg", "mysql2"]));
    for (const name of ["typescript", "vitest", "better-sqlite3"]) expect(packages).not.toContain(name);
    const left = readdirSync(here("/app/node_modules/sapwood/test"), { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile() && entry.name !== "README.md")).toEqual([]);
  });
});
