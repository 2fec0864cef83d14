// The packed tarball where `--omit=optional` left out what only the program, pictures and metrics need: the app's routes are there.
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Created, postgres } from "../support/databases.js";
import { request } from "../support/http.js";
import { type Program, runProgram, startProgram } from "../support/program.js";
import { manifest, pack, pinned, root, succeed } from "./packed.js";

const app = `
import Koa from "koa";
import { makeRoutes } from "sapwood/koa";
const metrics = process.argv[3] === undefined ? undefined : { registry: { registerMetric() {} } };
const api = await makeRoutes(process.argv[2], { metrics });
const server = new Koa().use(api.routes()).use(api.allowedMethods()).listen(0, "127.0.0.1", () => {
  console.log("listening on http://127.0.0.1:" + server.address().port);
});
process.once("SIGTERM", () => server.close(() => api.close()));
`;

let home: string;
let database: Created;
let running: Program | undefined;
beforeAll(async () => {
  home = await mkdtemp(join(inject("files"), "left-out-"));
  database = await postgres.create(`
CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE boats (id INTEGER PRIMARY KEY, club_id INTEGER REFERENCES clubs);
INSERT INTO clubs VALUES (1, 'Rowers');
INSERT INTO boats VALUES (7, 1)`);
  const { tarball } = await pack(home);
  await writeFile(join(home, "package.json"), '{ "private": true, "type": "module" }');
  await writeFile(join(home, "app.js"), app);
  const install = ["install", "--omit=optional", "--no-audit", "--no-fund", "--prefer-offline", tarball];
  await succeed(runProgram("npm", [...install, pinned("koa"), pinned("pg")], { cwd: home }));
  running = await startProgram(["app.js", database.url], { cwd: home });
}, 180_000);
afterAll(async () => {
  await running?.stop();
  await database?.drop();
});
const base = () => (running as Program).base;

test("none of them is there", async () => {
  const { packages } = JSON.parse(await readFile(join(home, "node_modules/.package-lock.json"), "utf8"));
  const names = Object.keys(manifest.optionalDependencies);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => `node_modules/${name}` in packages)).toEqual([]);
});

test("GET /clubs/1/boats, as JSON and as CSV", async () => {
  expect((await request(base(), "GET", "/clubs/1/boats")).json).toEqual([{ id: 7, club_id: 1 }]);
  const csv = await request(base(), "GET", "/clubs", { headers: { accept: "text/csv" } });
  expect(csv.text).toBe("id,name\r\n1,Rowers\r\n");
});

test("GET /docs/diagram says that there is no picture, and leads to the text", async () => {
  const page = await request(base(), "GET", "/docs/diagram");
  expect([page.status, page.text]).toEqual([200, expect.stringContaining("could not be drawn")]);
  const svg = await request(base(), "GET", "/docs/diagram.svg");
  expect(svg).toMatchObject({
    status: 404,
    json: { code: "no_route", detail: expect.stringContaining("diagram.mmd") },
  });
  expect((await request(base(), "GET", "/docs/diagram.mmd")).status).toBe(200);
});

test("GET /explore is there", async () => {
  expect((await request(base(), "GET", "/explore")).status).toBe(200);
});

test("the option metrics names the package to install", async () => {
  const { code, stderr } = await runProgram(process.execPath, ["app.js", database.url, "metrics"], { cwd: home });
  expect(code).toBe(1);
  expect(stderr).toContain(
    "options.metrics needs the package prom-client, which is not installed. Install with: npm install prom-client",
  );
});

test("tsc --strict, with skipLibCheck false, takes the types", async () => {
  const names = ["createApi", "toOpenApi", "defineConfig"].join(", ");
  const lines = [
    `import { type ApiOptions, ${names} } from "sapwood";`,
    'import { makeRoutes } from "sapwood/express";',
    'import { fromFetch } from "sapwood/host";',
    `export const all = [${names}, makeRoutes, fromFetch];`,
    "export type Metrics = ApiOptions['metrics'];",
  ];
  await writeFile(join(home, "types.ts"), lines.join("\n"));
  const options = ["--strict", "--noEmit", "--skipLibCheck", "false", "--module", "nodenext", "--target", "es2023"];
  const types = ["--typeRoots", join(root, "node_modules/@types"), "--types", "node"];
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  await succeed(runProgram(process.execPath, [tsc, ...options, ...types, "types.ts"], { cwd: home }));
}, 60_000);

test("npx sapwood names all that the program needs", async () => {
  const program = join(home, "node_modules/.bin/sapwood");
  const { code, stdout, stderr } = await runProgram(program, ["serve", database.url], { cwd: home });
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^sapwood: The program needs packages which are not installed\. Install with: npm install /);
  const named = stderr.trim().split("npm install ")[1]?.split(" ") ?? [];
  expect(named.sort()).toEqual(Object.keys(manifest.optionalDependencies).sort());
});
