// The packed tarball in a project of CommonJS: TypeScript finds its types whichever way it looks for modules, and `require` runs it.
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Created, postgres } from "../support/databases.js";
import { request } from "../support/http.js";
import { type Program, runProgram, startProgram } from "../support/program.js";
import { manifest, pack, pinned, root, succeed } from "./packed.js";

const app = `
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type HookContext, HttpError, problems } from "sapwood";
import { makeRoutes } from "sapwood/express";
import type { Host } from "sapwood/host";

class NoTitle extends HttpError {}
const asType: HttpError = new NoTitle(422, "A post needs a title.", { code: "no_title" });
const needTitle = ({ body }: HookContext) => {
  if (body.title === "") throw asType;
};
export type { Host };
export const codes: readonly string[] = Object.keys(problems);
makeRoutes(process.argv[2], { hooks: { preSave: needTitle } }).then((api) => {
  const server = createServer((req, res) => api(req, res, () => res.writeHead(404).end()));
  server.listen(0, "127.0.0.1", () => console.log("listening on http://127.0.0.1:" + (server.address() as AddressInfo).port));
  process.once("SIGTERM", () => server.close(() => api.close()));
});
`;
const wrong = `import { makeRoutes } from "sapwood/express";\nmakeRoutes("sqlite::memory:", { dept: 2 });\n`;

let home: string;
let database: Created;
beforeAll(async () => {
  home = await mkdtemp(join(inject("files"), "commonjs-"));
  database = await postgres.create("CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL)");
  const { tarball } = await pack(home);
  await Promise.all([
    writeFile(join(home, "package.json"), '{ "private": true }'),
    ...["node10.ts", "node16.cts"].map((name) => writeFile(join(home, name), app)),
    ...["wrong10.ts", "wrong16.cts"].map((name) => writeFile(join(home, name), wrong)),
  ]);
  const install = [
    "install",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    tarball,
    pinned("pg"),
    pinned("@types/node"),
  ];
  await succeed(runProgram("npm", install, { cwd: home }));
}, 180_000);
afterAll(() => database?.drop());

const ways = [
  ["node10", "ts", ["--module", "commonjs", "--moduleResolution", "node10", "--esModuleInterop"]],
  ["node16", "cts", ["--module", "node16"]],
  ["node16", "cts", ["--module", "nodenext"]],
] as const;

describe.each(ways)("a project with --moduleResolution %s, a file .%s and %j", (way, ending, options) => {
  const tsc = (file: string) => {
    const strict = ["--strict", "--skipLibCheck", "false", "--target", "es2023", "--lib", "es2023"];
    const program = join(root, "node_modules/typescript/bin/tsc");
    return runProgram(process.execPath, [program, ...strict, ...options, file], { cwd: home });
  };
  let running: Program | undefined;
  afterAll(() => running?.stop());

  test("tsc --strict takes the declarations, and node runs what it makes", async () => {
    await succeed(tsc(`${way}.${ending}`));
    running = await startProgram([`${way}.${ending.replace("ts", "js")}`, database.url], { cwd: home });
    expect((await request(running.base, "GET", "/posts")).json).toEqual([]);
    const refused = await request(running.base, "POST", "/posts", { body: { id: 1, title: "" } });
    expect(refused).toMatchObject({ status: 422, json: { code: "no_title" } });
    expect(await running.stop()).toMatchObject({ code: 0, stderr: "" });
  }, 60_000);

  test("tsc finds a misspelt option", async () => {
    const { code, stdout } = await tsc(`wrong${way.slice(4)}.${ending}`);
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/'dept' does not exist in type/);
  }, 60_000);
});

test("the module is the same one, whether required or imported", async () => {
  const names = Object.keys(manifest.exports).filter((name) => !/json$|client|fastify/.test(name));
  const program = `
    (async () => {
      for (const name of ${JSON.stringify(names)}) {
        const path = name.replace(".", "sapwood");
        const [required, imported] = [require(path), await import(path)];
        for (const [key, value] of Object.entries(imported)) if (required[key] !== value) console.log(path, key);
      }
    })();`;
  const { code, stdout } = await runProgram(process.execPath, ["-e", program], { cwd: home });
  expect([code, stdout]).toEqual([0, ""]);
});
