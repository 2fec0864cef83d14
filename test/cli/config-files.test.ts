// Config files in TypeScript, and the JSON Schema of those in JSON.
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { known } from "../../src/cli/config-file.js";
import { configSchema, notInJson } from "../../src/cli/config-schema.js";
import { settleSettings } from "../../src/cli/resolve-settings.js";
import { defineConfig } from "../../src/index.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { run } from "./cli.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const [sqlite] = databases as [TestDatabase];
let database: Created;
let folder: string;

beforeAll(async () => {
  database = await sqlite.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT)");
  folder = await mkdtemp(join(inject("files"), "config-"));
});
afterAll(async () => {
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** A project of its own, with these packages. */
async function project(name: string, packages: readonly string[], files: Readonly<Record<string, string>>) {
  const home = join(folder, name);
  await mkdir(join(home, "node_modules"), { recursive: true });
  // A link would lead node to what stands beside the package where it really is.
  for (const each of packages)
    await cp(join(root, "node_modules", each), join(home, "node_modules", each), { recursive: true });
  await symlink(root, join(home, "node_modules", "sapwood"));
  for (const [file, text] of Object.entries(files)) await writeFile(join(home, file), text);
  return home;
}

/** More than types: no node reads it by itself. */
const typescript = (db: string) => `
import { defineConfig } from "sapwood";
enum Limit { most = 7 }
export default defineConfig({ db: ${JSON.stringify(db)}, maxLimit: Limit.most as number, exclude: ["clubs.name"] });
`;

describe("sapwood.config.ts", () => {
  test("is read by jiti where that is installed", async () => {
    const home = await project("with-jiti", ["jiti"], { "sapwood.config.ts": typescript(database.url) });
    const { code, stdout, stderr } = await run(["openapi"], {}, home);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { parameters, schemas } = JSON.parse(stdout).components;
    expect(parameters.limit.description).toContain("more than 7 are cut");
    expect(Object.keys(schemas.ClubSelection.properties)).toEqual(["id"]);
  });

  test("without it the message says what is needed", async () => {
    const home = await project("without", [], { "sapwood.config.ts": typescript(database.url) });
    const { code, stderr } = await run(["routes"], {}, home);
    expect(stderr).toMatch(
      /^sapwood: sapwood\.config\.ts: Error: node \S+ does not read this TypeScript by itself\. Install jiti beside it \(npm install --save-dev jiti\)/,
    );
    expect(code).toBe(1);
  });

  test("a mistake in it is told as one, and names a file that is there twice", async () => {
    const home = await project("wrong", ["jiti"], { "sapwood.config.ts": "export default { prot: 1 as number };" });
    expect((await run(["routes"], {}, home)).stderr).toMatch(
      /sapwood\.config\.ts: .*'prot'\. Perhaps you meant 'port'/,
    );
    await writeFile(join(home, "sapwood.config.json"), "{}");
    expect((await run(["routes"], {}, home)).stderr).toMatch(
      /sapwood\.config\.ts and sapwood\.config\.json: remove one/,
    );
  });
});

describe("in a package of CommonJS", () => {
  const files = (end: string) => ({
    "package.json": '{ "type": "commonjs" }',
    [`sapwood.config.${end}`]: `export default { db: ${JSON.stringify(database.url)} };`,
  });

  test("a file with export says how it is to be called, and is found by that name", async () => {
    const home = await project("commonjs", [], files("js"));
    expect((await run(["routes"], {}, home)).stderr).toMatch(
      /sapwood\.config\.js: Error: node takes it for CommonJS, .* Call it sapwood\.config\.mjs\.$/m,
    );
    await rename(join(home, "sapwood.config.js"), join(home, "sapwood.config.mjs"));
    expect((await run(["routes"], {}, home)).stdout).toContain("/clubs");
  });

  test("sapwood.config.mts is found, and jiti reads what the package calls CommonJS", async () => {
    const found = await project("commonjs-mts", ["jiti"], files("mts"));
    expect((await run(["routes"], {}, found)).stdout).toContain("/clubs");
    const read = await project("commonjs-jiti", ["jiti"], files("ts"));
    expect((await run(["routes"], {}, read)).stdout).toContain("/clubs");
  });
});

test("defineConfig answers what it is given", () => {
  const config = { databases: { main: "sqlite:a.db", old: { exclude: ["b"] } }, port: 1, hooks: {} };
  expect(defineConfig(config)).toBe(config);
});

describe("the JSON Schema", () => {
  const valid = new Ajv2020({ strict: false }).compile(configSchema());

  test("knows every key that a config file may have, and no other", () => {
    const { properties } = configSchema() as { properties: object };
    expect(Object.keys(properties).sort()).toEqual(
      [...known].filter((key) => !notInJson.includes(key as never)).sort(),
    );
    expect(valid({ port: 3000, prot: 1 })).toBe(false);
  });

  test("is the one in the package", async () => {
    const published = await readFile(join(root, "dist/src/config.schema.json"), "utf8");
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(configSchema())));
  });

  test.each<[object, boolean]>([
    [{ db: "sqlite:a.db", port: 8080, exclude: ["a"], docs: false, workers: "max", idempotency: { days: 2 } }, true],
    [{ databases: { main: "sqlite:a.db", old: { db: "sqlite:b.db", maxLimit: 5 } }, logLevel: "warn" }, true],
    [{ port: 70_000 }, false],
    [{ port: "8080" }, false],
    [{ logLevel: "loud" }, false],
    [{ connectTimeout: 0 }, false],
    [{ docs: "reference" }, false],
    [{ roles: "admin" }, false],
    [{ databases: ["sqlite:a.db"] }, false],
  ])("%j", (config, isValid) => expect(valid(config)).toBe(isValid));

  test("sapwood init --json names it, and the program takes the key", async () => {
    const home = await project("json", [], {});
    expect((await run(["init", "--json", database.url], {}, home)).code).toBe(0);
    const path = join(home, "sapwood.config.json");
    const { $schema } = JSON.parse(await readFile(path, "utf8"));
    expect(JSON.parse(await readFile(join(home, $schema), "utf8")).title).toBe("sapwood.config.json");
    const { settings } = await settleSettings(undefined, { config: path }, () => {});
    expect(Object.keys(settings).sort()).toEqual(["host", "port", "prefix"]);
  });
});
