// Settings from flags, variables and the config file: which one wins, what a mistake is answered with, and what `init` writes.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { settleSettings } from "../../src/cli/resolve-settings.js";
import { settings, variableOf } from "../../src/cli/settings.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { blocksOf, pageText } from "../support/pages.js";
import { type Environment, run, start } from "./cli.js";

const [sqlite] = databases as [TestDatabase];
let database: Created;
let folder: string;

beforeAll(async () => {
  database = await sqlite.create(`
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, password_hash TEXT);
    INSERT INTO users VALUES (1, 'Ada', 'x'), (2, 'Ben', 'y'), (3, 'Cy', 'z')`);
});
afterAll(() => database?.drop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sapwood-config-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = async (name: string, content: string | object) => {
  const path = join(folder, name);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};

/** What holds with this file, environment and command line. */
const held = async (file: object, env: Environment = {}, flags: object = {}, argument?: string) =>
  settleSettings(argument, { ...flags, config: await put("settings.json", file) }, () => {}, env);

describe("which one wins", () => {
  test("a flag over a variable over the file", async () => {
    const file = { db: "sqlite:file.db", port: 1, host: "file", prefix: "/file", maxLimit: 1 };
    const env = { SAPWOOD_PORT: "2", SAPWOOD_HOST: "env", SAPWOOD_MAX_LIMIT: "2", DATABASE_URL: "sqlite:env.db" };
    const { db, settings } = await held(file, env, { port: 3 }, "sqlite:flag.db");
    expect({ db, ...settings }).toEqual({ db: "sqlite:flag.db", port: 3, host: "env", prefix: "/file", maxLimit: 2 });
    expect((await held(file, env)).db).toBe("sqlite:env.db");
    expect((await held(file)).db).toBe("sqlite:file.db");
  });

  test("each setting has a variable that is read, and a key in the file", async () => {
    for (const setting of settings) {
      const { argument, parted } = setting.kind;
      const sample = argument === undefined ? "true" : samples[argument] === undefined ? "7" : samples[argument];
      const [fromEnv, fromFile] = [
        await held({ db: "sqlite:x" }, { [variableOf(setting)]: sample }),
        await held({ db: "sqlite:x", [setting.name]: parted === undefined ? sample : [sample] }),
      ];
      const value = fromEnv.settings[setting.name];
      expect(value, setting.name).toBeDefined();
      if (setting.kind.path === undefined) expect(fromFile.settings[setting.name], setting.name).toEqual(value);
    }
  });

  test("a variable over the env file, and a secret stands in a file of its own", async () => {
    const lines = ["# here", 'SAPWOOD_HOST="from the file"', "SAPWOOD_PORT=4", "SAPWOOD_ENV_TRIED=1"];
    const envFile = await put("local.env", lines.join("\n"));
    const secret = await put("secret", "sqlite:secret.db\n");
    const config = await put("settings.json", {});
    const before = { ...process.env };
    process.env.SAPWOOD_PORT = "5";
    process.env.DATABASE_URL_FILE = secret;
    try {
      const { db, settings } = await settleSettings(undefined, { envFile, config }, () => {});
      expect([db, settings.host, settings.port]).toEqual(["sqlite:secret.db", "from the file", 5]);
      const named = { SAPWOOD_DB_SHOP_FILE: secret, SAPWOOD_DB_LOG_FILE: "sqlite:log.db" };
      const several = (await held({}, named)).db;
      expect(several).toEqual({ databases: { shop: { db: "sqlite:secret.db" }, log_file: { db: "sqlite:log.db" } } });
      for (const [wrong, words] of [
        [{ DATABASE_URL: "sqlite:x", DATABASE_URL_FILE: secret }, "DATABASE_URL and DATABASE_URL_FILE are both set"],
        [{ SAPWOOD_JWT_SECRET_FILE: join(folder, "none") }, "SAPWOOD_JWT_SECRET_FILE: cannot read "],
      ] as const)
        await expect(held({}, wrong)).rejects.toThrow(words);
      await expect(settleSettings("sqlite:x", { envFile: "none.env" }, () => {})).rejects.toThrow(
        "cannot read the env file none.env (ENOENT).",
      );
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    }
  });

  test("an empty variable says nothing", async () => {
    const { db, settings } = await held({ db: "sqlite:x", port: 1 }, { SAPWOOD_PORT: "", DATABASE_URL: "" });
    expect({ db, ...settings }).toEqual({ db: "sqlite:x", port: 1 });
  });

  test("lists by commas, and in the file as lists", async () => {
    const { settings } = await held({ db: "sqlite:x", exclude: ["a", "b"] }, { SAPWOOD_SCHEMA: "c, d" });
    expect(settings).toEqual({ exclude: ["a", "b"], schema: ["c", "d"] });
  });
});

const samples: Readonly<Record<string, string>> = {
  statement: "SELECT 1",
  case: "camel",
  channel: "c",
  file: "f",
  origin: "https://a.example",
  names: "a",
  url: "u",
  title: "t",
  version: "v",
  host: "h",
  path: "/p",
  form: "string",
  level: "warn",
  format: "json",
  mode: "read",
};

describe("several databases", () => {
  const legacy = { db: "sqlite:legacy.db", maxLimit: 5, exclude: ["audit"] };
  const file = { databases: { main: "sqlite:main.db", legacy }, maxLimit: 9 };

  test("from the file", async () => {
    const { db, settings } = await held(file);
    expect(db).toEqual({ databases: { main: { db: "sqlite:main.db" }, legacy } });
    expect(settings).toEqual({ maxLimit: 9 });
  });

  test("a connection from the environment keeps the file's options", async () => {
    const { db } = await held(file, { SAPWOOD_DB_LEGACY: "sqlite:env.db" });
    expect(db).toEqual({ databases: { main: { db: "sqlite:main.db" }, legacy: { ...legacy, db: "sqlite:env.db" } } });
  });

  test("one that is switched off needs no connection, and has labels", async () => {
    const old = { label: "Old", description: "Until 2019", active: false };
    const { db } = await held({ databases: { main: "sqlite:main.db", old } });
    expect(db).toEqual({ databases: { main: { db: "sqlite:main.db" }, old: { ...old, db: "" } } });
  });

  test("from flags there are these only", async () => {
    const env = { SAPWOOD_DB_OTHER: "sqlite:other.db", DATABASE_URL: "sqlite:url.db" };
    const { db } = await held(file, env, { db: ["legacy=sqlite:flag.db?a=b"] });
    expect(db).toEqual({ databases: { legacy: { ...legacy, db: "sqlite:flag.db?a=b" } } });
  });

  test("a flag wins over what the file says of one", async () => {
    const { db } = await held(file, { SAPWOOD_EXCLUDE: "x" }, { maxLimit: 1 });
    expect(db).toMatchObject({ databases: { legacy: { maxLimit: 1, exclude: ["x"] } } });
  });

  test("by name, one of them alone with its options", async () => {
    const { db, settings } = await held(file, {}, {}, "legacy");
    expect(db).toBe("sqlite:legacy.db");
    expect(settings).toEqual({ maxLimit: 5, exclude: ["audit"] });
  });

  test.each<[object, Environment, object, string | undefined, RegExp]>([
    [file, {}, {}, "legcy", /no database of the name legcy\. Perhaps you meant legacy\./],
    [{}, {}, {}, "shop", /no database of the name shop\. A file is sqlite:shop/],
    [{}, {}, { db: ["sqlite:a", "b=sqlite:b"] }, undefined, /each has a name/],
    [{}, {}, { db: ["b=sqlite:a", "b=sqlite:b"] }, undefined, /--db b=…: there are two/],
    [{}, {}, { db: ["b=sqlite:b"] }, "sqlite:a", /as an argument and by --db/],
    [{ databases: { main: {} } }, {}, {}, undefined, /database main has no connection.*SAPWOOD_DB_MAIN/],
    [{ db: "sqlite:a", databases: { b: "sqlite:b" } }, {}, {}, undefined, /each has a name/],
    [{ databases: ["sqlite:a"] }, {}, {}, undefined, /by their names/],
    [{ databases: { main: { db: 5 } } }, {}, {}, undefined, /settings\.json: databases\.main\.db: it is a connection/],
    [{ databases: { main: { d: 5 } } }, {}, {}, undefined, /settings\.json: databases\.main\.d: .*'db'/],
  ])("%j %j %j %s", async (file, env, flags, argument, message) => {
    await expect(held(file, env, flags, argument)).rejects.toThrow(message);
  });
});

describe("mistakes name the file, the key and the nearest word", () => {
  const fails = async (args: readonly string[], message: RegExp, env: Environment = {}) => {
    const { code, stderr } = await run(args, env, folder);
    expect(stderr).toMatch(/^sapwood: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("hunter2");
    expect(code).toBe(1);
  };

  test("an unknown key", async () => {
    await put("sapwood.config.json", { prot: 1 });
    await fails(["serve", "sqlite::memory:"], /sapwood\.config\.json: .*'prot'\. Perhaps you meant 'port'/);
  });
  test("a value that is none", async () => {
    await put("sapwood.config.json", { port: true });
    await fails(["serve", "sqlite::memory:"], /sapwood\.config\.json: port: /);
  });
  test("an option of the API", async () => {
    await put("sapwood.config.json", { overrides: [{ name: "usres" }] });
    await fails(["routes", database.url], /sapwood\.config\.json: .*'usres'.*'users'/);
  });
  test("an option of one of several", async () => {
    await put("sapwood.config.json", { databases: { main: { db: database.url, exclude: ["usres"] } } });
    await fails(["serve"], /sapwood\.config\.json: database main: .*'usres'.*'users'/);
  });
  test("JSON that is none, and a password in it", async () => {
    await put("sapwood.config.json", '{\n  "db": "postgres://app:hunter2@host/shop\n}');
    await fails(["serve"], /sapwood\.config\.json: this is not valid JSON/);
  });
  test("a program that fails", async () => {
    await put("sapwood.config.mjs", "export default { db: postgres://app:hunter2@host/shop };");
    await fails(["serve"], /sapwood\.config\.mjs: SyntaxError/);
  });
  test("a program without settings", async () => {
    await put("sapwood.config.mjs", "export const db = 1;");
    await fails(["serve"], /sapwood\.config\.mjs: it holds an object of settings, as export default/);
  });
  test("two files", async () => {
    await put("sapwood.config.json", {});
    await put("sapwood.config.mjs", "export default {};");
    await fails(["serve"], /sapwood\.config\.mjs and sapwood\.config\.json: remove one/);
  });
  test("no such file", () => fails(["serve", "--config", "no.json"], /no config file no\.json.*sapwood init/));
  test("one of several databases that is away", () =>
    fails(["serve", "--db", `main=${database.url}`, "--db", "legacy=sqlite:no.db"], /database legacy: .*no\.db/));
  test("a variable", () => fails(["serve", database.url], /SAPWOOD_PORT: 'x' is invalid/, { SAPWOOD_PORT: "x" }));
});

test("the sapwood.config.js that src/server/README.md shows", async () => {
  const [text = ""] = blocksOf(pageText("src/server/README.md"), "js");
  await put("package.json", { type: "module" });
  await put("sapwood.config.js", text);
  const server = await start(["serve", "--port", "0"], { DATABASE_URL: database.url }, folder);
  expect(await (await fetch(`${server.url}/api/users/1`)).json()).toEqual({ id: 1, name: "Ada" });
  const headers = { "content-type": "application/json" };
  expect((await fetch(`${server.url}/api/users`, { method: "POST", body: '{"name":"Di"}', headers })).status).toBe(201);
  expect(server.stdout()).toMatch(/users \[ 'name' \]/);
  server.signal("SIGTERM");
  expect(await server.ended).toMatchObject({ code: 0, stderr: "" });
});

test("sapwood serve --db main=… --db copy=…", async () => {
  const server = await start(["serve", "--port", "0", "--db", `main=${database.url}`, "--db", `copy=${database.url}`]);
  for (const name of ["main", "copy"])
    expect((await fetch(`${server.url}/api/${name}/users/1`)).status, name).toBe(200);
  server.signal("SIGTERM");
  expect((await server.ended).code).toBe(0);
});

describe("sapwood init", () => {
  test.each([
    ["without a package.json", undefined, []],
    ["among modules", { type: "module" }, []],
    ["among scripts", { type: "commonjs" }, []],
    ["as JSON", undefined, ["--json"]],
  ] as const)("writes what serve takes, %s", async (_title, about, flags) => {
    if (about !== undefined) await put("package.json", about);
    const made = await run(["init", database.url, ...flags], {}, folder);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(made.stdout).toMatch(/1 table, \d+ routes\nwrote sapwood\.config\.js(on)?\n\nNext:\n {2}sapwood serve\n/);
    const server = await start(["serve", "--port", "0"], {}, folder);
    expect((await fetch(`${server.url}/api/users/1`)).status).toBe(200);
    server.signal("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0, stderr: "" });
  });

  test("its comments on auth and roles are settings that serve takes", async () => {
    await run(["init", database.url], {}, folder);
    const path = join(folder, "sapwood.config.js");
    const text = await readFile(path, "utf8");
    const uncommented = text.replace(/\/\/ (?=auth: |roles: )/g, "");
    expect(uncommented.length).toBe(text.length - 6);
    await writeFile(path, uncommented);
    const server = await start(["serve", "--port", "0"], {}, folder);
    expect((await fetch(`${server.url}/api/users/1`)).status).toBe(401);
    expect((await fetch(`${server.url}/auth/token`, { method: "POST", body: "" })).status).toBe(415);
    server.signal("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0, stderr: expect.not.stringContaining("WARNING") });
  });

  test("overwrites nothing", async () => {
    const path = await put("sapwood.config.json", {});
    expect(await run(["init"], {}, folder)).toMatchObject({ code: 1, stderr: expect.stringContaining("is there") });
    expect(await readdir(folder)).toEqual(["sapwood.config.json"]);
    expect(await readFile(path, "utf8")).toBe("{}");
  });

  test("without a database it refers to DATABASE_URL", async () => {
    const { stdout } = await run(["init"], {}, folder);
    expect(stdout).toContain("export DATABASE_URL=");
    expect(await readFile(join(folder, "sapwood.config.js"), "utf8")).toContain("db: process.env.DATABASE_URL");
  });

  test("a database that does not answer: nothing is written", async () => {
    const { code, stderr } = await run(["init", "postgres://app:hunter2@127.0.0.1:1/shop"], {}, folder);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/nothing listens at 127\.0\.0\.1:1/) });
    expect(stderr).not.toContain("hunter2");
    expect(await readdir(folder)).toEqual([]);
  });

  for (const other of databases.slice(1)) {
    test.skipIf(other.skip)(`${other.name}: a password is not written`, async () => {
      const created = await other.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY)");
      try {
        const url = new URL(created.url);
        if (url.password === "") url.password = "hunter2";
        const { stdout } = await run(["init", url.href], {}, folder);
        const written = await readFile(join(folder, "sapwood.config.js"), "utf8");
        for (const text of [stdout, written]) expect(text).not.toContain(`:${url.password}@`);
        expect(stdout).toContain("1 table");
        expect(written).toContain("process.env.DATABASE_URL");
      } finally {
        await created.drop();
      }
    });
  }
});
