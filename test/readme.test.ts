// What the README shows is run: its console blocks against the demo, its programs as programs, its error table against the catalogue.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Demo, makeDemo } from "../src/cli/demo.js";
import { createProgram } from "../src/cli/program.js";
import { toMermaid } from "../src/diagram/mermaid.js";
import { pictureOf } from "../src/diagram/picture.js";
import { limitNames, limitOptions } from "../src/http/limits.js";
import { createApi, problems } from "../src/index.js";
import { request } from "./support/http.js";
import { settingsTable } from "./support/settings-table.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, text]) => text as string);
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

describe("the README's console blocks, against the demo", () => {
  let base = "";
  beforeAll(async () => {
    const port = await freePort();
    base = await start(["dist/src/cli/main.js", "start", "--port", String(port)], port, {});
  });

  const commands = blocks("console").flatMap((block) => block.split(/^(?=\$ )/m));
  it("has some", () => expect(commands.length).toBeGreaterThan(3));
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

describe("the README's programs", () => {
  const folder = mkdtempSync(join(root, "node_modules", ".readme-"));
  const demos: Demo[] = [];
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    for (const demo of demos) demo.remove();
  });

  const programs = blocks("js").filter((text) => !text.startsWith("// sapwood.config.js"));
  it.each(programs.map((text, i) => [/"sapwood\/(\w+)"/.exec(text)?.[1] ?? "", i, text] as const))(
    "%s, block %i, answers from the database",
    async (_name, i, text) => {
      const file = join(folder, `${i}.mjs`);
      writeFileSync(
        file,
        text.replaceAll(/"sapwood(\/\w+)?"/g, (_all, path = "") => JSON.stringify(join(root, exported(`.${path}`)))),
      );
      const demo = makeDemo();
      demos.push(demo);
      const port = await freePort();
      const base = await start([file], port, { PORT: String(port), DATABASE_URL: demo.db });
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
});

describe("the README's tables", () => {
  it("lists every problem code with its status, and no other", () => {
    const rows = [...readme.matchAll(/^\| (\d{3}) \| (.+) \|$/gm)];
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
    const [, section = ""] = /^### Limits$(.*?)^## /ms.exec(readme) ?? [];
    const rows = [...section.matchAll(/^\| `(\w+)` \| (\d+) \| .+ \| (?:(\d{3}) `(\w+)`|cut to it|) ?\|$/gm)];
    expect(rows.map(([, name, value]) => [name, Number(value)])).toEqual(
      limitNames.map((name) => [name, limitOptions[name].default]),
    );
    for (const [, , , status, code] of rows)
      if (code !== undefined) expect(`${problems[code as keyof typeof problems][0]}`).toBe(status);
  });

  it("lists every setting of the server as the code does, and no other", () => {
    const [, section = ""] = /^## The server$(.*?)^### /ms.exec(readme) ?? [];
    expect(section.split("| --- | --- | --- | --- | --- |\n")[1]?.trim()).toBe(settingsTable());
  });

  it("shows commands that the command line takes", async () => {
    const lines = blocks("sh").flatMap((block) => block.match(/(?<=^(?:[A-Z_]+=\S+ )*)sapwood .*$/gm) ?? []);
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) await expect(parsed(line.replace(/ [#>].*$/, "")), line).resolves.toBeUndefined();
  });

  it("names the two set-up commands", () => {
    expect(readme).toContain("npm ci && npm start");
    expect(readme).toContain("npm ci && npm test");
  });
});

it("the README's diagram is what `sapwood diagram` prints for the demo", async () => {
  const demo = makeDemo();
  const api = await createApi(demo.db);
  expect(blocks("mermaid")).toEqual([`${toMermaid(pictureOf(api.tree))}\n`]);
  await api.close();
  demo.remove();
});
