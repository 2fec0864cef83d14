// What the pages show is run: their console blocks against the demo, their programs as programs, their tables against the code.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Demo, makeDemo } from "../src/cli/demo.js";
import { createProgram } from "../src/cli/program.js";
import { toMermaid } from "../src/diagram/mermaid.js";
import { pictureOfTree } from "../src/diagram/picture.js";
import { limitNames, limitOptions } from "../src/http/limits.js";
import { createApi, problems } from "../src/index.js";
import { request } from "./support/http.js";
import { blocksOf, pages, pageText, root } from "./support/pages.js";
import { runProgram } from "./support/program.js";
import { settingsTable } from "./support/settings-table.js";

/** The blocks of all pages in one language, each with the page that shows it. */
const blocks = (language: string) =>
  pages.flatMap(({ path, text }) => blocksOf(text, language).map((block) => ({ path, block })));
/** The file behind a name of the package: `./koa`. */
const exported = (name: string): string =>
  (JSON.parse(readFileSync(join(root, "package.json"), "utf8")).exports[name] as { default: string }).default;
const running: ChildProcess[] = [];

/** Starts a Node program and waits until its port answers. */
async function start(args: string[], port: number, env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  const base = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 200; i++) {
    if (child.exitCode !== null) throw new Error(`the program ended: ${said}`);
    const up = await request(base, "GET", "/").then(
      () => true,
      () => false,
    );
    if (up) return base;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing answers on ${port}: ${said}`);
}

/** Does as the shell would with a line of words, but for the command's work. */
async function parsed(line: string): Promise<void> {
  const program = createProgram();
  const all = [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)];
  for (const command of all) command.exitOverride().configureOutput({ writeErr: () => {} });
  for (const command of all) if (command.commands.length === 0) command.action(() => {});
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? "");
  await program.parseAsync(words.slice(1), { from: "user" });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

afterAll(async () => {
  await Promise.all(
    running
      .filter((child) => child.exitCode === null)
      .map((child) => {
        child.kill("SIGTERM");
        return once(child, "exit");
      }),
  );
});

const asked = pages
  .map(({ path, text }) => ({ path, commands: blocksOf(text, "console").flatMap((block) => block.split(/^(?=\$ )/m)) }))
  .filter(({ commands }) => commands.length > 0);

it("some pages have console blocks", () => {
  expect(asked.map(({ path }) => path)).toEqual(expect.arrayContaining(["README.md", "src/request/README.md"]));
});

describe.each(asked)("the console blocks of $path, against a demo of their own", ({ commands }) => {
  let base = "";
  beforeAll(async () => {
    const port = await freePort();
    base = await start(["dist/src/cli/main.js", "start", "--port", String(port)], port, {});
  });

  it.each(commands.map((text) => text.trim().split(/\n(.*)/s) as [string, string]))("%s", async (command, expected) => {
    const match =
      /^\$ curl (?:-X (\w+) )?(?:-H '([\w-]+): ([^']*)' )?(?:--json '([^']*)' )?(?:--data-binary \$'([^']*)' )?'?http:\/\/127\.0\.0\.1:3000(\S+?)'?$/.exec(
        command,
      );
    expect(match, "a curl command that this test understands").not.toBeNull();
    const [, method, name, value = "", json, data, path = ""] = match as RegExpExecArray;
    const body = json ?? data?.replaceAll("\\n", "\n");
    const headers = name === undefined ? {} : { [name.toLowerCase()]: value };
    const answer = await request(base, method ?? (body === undefined ? "GET" : "POST"), path, { body, headers });
    expect(answer.text.replaceAll("\r\n", "\n").trim()).toBe(expected);
  });
});

describe("the pages' programs", () => {
  const folder = mkdtempSync(join(root, "node_modules", ".readme-"));
  const demos: Demo[] = [];
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    for (const demo of demos) demo.remove();
  });

  /** A block as a file that finds the package's code where it was built, and a demo for it. */
  function prepare(text: string, name: string): { file: string; env: { DATABASE_URL: string } } {
    const file = join(folder, name);
    const found = text.replaceAll(/"sapwood(\/\w+)?"/g, (_, path = "") =>
      JSON.stringify(join(root, exported(`.${path}`))),
    );
    writeFileSync(file, found);
    const demo = makeDemo();
    demos.push(demo);
    return { file, env: { DATABASE_URL: demo.db } };
  }

  const all = [...blocks("js"), ...blocks("cjs")].map(({ path, block }, i) => ({
    name: `${i}.${block.includes("require(") ? "cjs" : "mjs"}`,
    about: [path, ...(/"sapwood\/\w+"/.exec(block) ?? [])].join(", "),
    text: block,
  }));
  const isConfig = (text: string): boolean => text.startsWith("// sapwood.config.js");
  const isTest = (text: string): boolean => /^\/\/ \w+\.test\.mjs/.test(text);

  it.each(all.filter(({ text }) => !isConfig(text) && !isTest(text)))(
    "$about, block $name, answers from the database",
    async ({ name, text }) => {
      const { file, env } = prepare(text, name);
      const port = await freePort();
      const base = await start([file], port, { PORT: String(port), ...env });
      const prefix = text.includes('"/api"') ? "/api" : "";
      const path = text.includes("clubs") ? "/meetups/1/club" : "/members/1/groups";
      const answer = await request(base, "GET", prefix + path);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('"Bread and Butter"');
      if (text.includes("clubs")) expect(answer.json).toHaveProperty("since", "2019-01-01");
      if (text.includes("no_name")) {
        const refused = await request(base, "POST", "/groups", { body: { name: "" } });
        expect(refused.status).toBe(422);
        expect(refused.json).toHaveProperty("code", "no_name");
      }
    },
  );

  it.each(all.filter(({ text }) => isTest(text)))(
    "$about, block $name, is a test that passes",
    async ({ name, text }) => {
      const { file, env } = prepare(text, name);
      const { code, stdout } = await runProgram(process.execPath, ["--test", file], { env });
      expect(code, stdout).toBe(0);
      expect(stdout).toMatch(/^. pass [1-9]/m);
    },
  );
});

describe("the pages' tables", () => {
  it("lists every problem code with its status, and no other", () => {
    const rows = [...pageText("src/http/README.md").matchAll(/^\| (\d{3}) \| (.+) \|$/gm)];
    const listed = rows.flatMap(([, status, codes]) =>
      [...(codes as string).matchAll(/`(\w+)`/g)].map(([, code]) => `${code} ${status}`),
    );
    expect(listed.sort()).toEqual(
      Object.entries(problems)
        .map(([code, [status]]) => `${code} ${status}`)
        .sort(),
    );
  });

  it("lists every limit with its default and the code past it, and no other", () => {
    const rows = [
      ...pageText("src/http/README.md").matchAll(/^\| `(\w+)` \| (\d+) \| .+ \| (?:(\d{3}) `(\w+)`|cut to it|) ?\|$/gm),
    ];
    expect(rows.map(([, name, value]) => [name, Number(value)])).toEqual(
      limitNames.map((name) => [name, limitOptions[name].default]),
    );
    for (const [, , , status, code] of rows)
      if (code !== undefined) expect(`${problems[code as keyof typeof problems][0]}`).toBe(status);
  });

  it("lists every setting of the server as the code does, and no other", () => {
    const [, table = ""] = pageText("src/cli/README.md").split("| --- | --- | --- | --- | --- |\n");
    expect(table.split("\n\n")[0]?.trim()).toBe(settingsTable());
  });

  it("shows commands that the command line takes", async () => {
    const lines = blocks("sh").flatMap(
      ({ block }) => block.match(/(?<=^(?:[A-Z_]+=(?:\$\(.*?\)|\S+) )*(?:npx )?)sapwood .*$/gm) ?? [],
    );
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) await expect(parsed(line.replace(/ [#>&].*$/, "")), line).resolves.toBeUndefined();
  });

  it("names the two set-up commands", () => {
    expect(pageText("README.md")).toContain("npm ci && npm start");
    expect(pageText("README.md")).toContain("npm ci && npm test");
  });
});

it("the diagram that is shown is what `sapwood diagram` prints for the demo", async () => {
  const demo = makeDemo();
  const api = await createApi(demo.db);
  expect(blocks("mermaid").map(({ block }) => block)).toEqual([`${toMermaid(pictureOfTree(api.tree))}\n`]);
  await api.close();
  demo.remove();
});
