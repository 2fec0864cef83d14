// Each peer of package.json in the lowest version that its range takes, and in the one this package is developed with: a start, a
// nested read and a write through each. The lowest are installed beside the others, as `lowest-…`.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type DatabaseName, databases, sqlite } from "../support/databases.js";
import { request } from "../support/http.js";
import { type Program, runProgram, startProgram } from "../support/program.js";
import { redisPassword, startRedis } from "../support/redis.js";
import { slapd, slapdInstall, startSlapd, stopSlapd, suffix } from "../support/slapd.js";
import { startTds } from "../support/tds/server.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const modules = join(root, "node_modules");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const peers: Readonly<Record<string, string>> = manifest.peerDependencies;
const versionIn = (folder: string): string => JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;

/** `@koa/router` → `lowest-koa-router` */
const lowestOf = (peer: string): string => `lowest-${peer.replace("@", "").replace("/", "-")}`;

/** Its build takes minutes, where there is no prebuilt one: who has an installation of it names its folder. */
const { SAPWOOD_TEST_LOWEST_SQLITE } = process.env;
const compiled = "better-sqlite3";

describe("package.json", () => {
  test.each(Object.keys(peers).filter((peer) => peer !== compiled))(
    "the lowest %s of its range is installed",
    (peer) => {
      const [, floor = ""] = /^>=([\d.]+)/.exec(peers[peer] as string) ?? [];
      const installed = versionIn(join(modules, lowestOf(peer)));
      // `>=7` begins where there is a first version of it.
      expect(`${installed}.`.startsWith(`${floor}.`), `${installed} is none of ${floor}`).toBe(true);
      expect(manifest.devDependencies[lowestOf(peer)]).toBe(`npm:${peer}@${installed}`);
    },
  );
});

/** A folder with all that is installed here, but for these packages, which are taken from elsewhere. */
function folderWith(replaced: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(inject("files"), "peers-"));
  const own = join(folder, "node_modules");
  mkdirSync(own);
  for (const name of readdirSync(modules)) {
    if (name.startsWith(".") || name === "@koa" || replaced[name] !== undefined) continue;
    symlinkSync(join(modules, name), join(own, name));
  }
  mkdirSync(join(own, "@koa"));
  for (const name of readdirSync(join(modules, "@koa")))
    if (replaced[`@koa/${name}`] === undefined) symlinkSync(join(modules, "@koa", name), join(own, "@koa", name));
  for (const [name, target] of Object.entries(replaced)) symlinkSync(target, join(own, name));
  // Without the node_modules beside it.
  mkdirSync(join(own, "sapwood"));
  for (const name of ["dist", "package.json"]) symlinkSync(join(root, name), join(own, "sapwood", name));
  symlinkSync(join(root, "test/package/apps/peers.mjs"), join(folder, "peers.mjs"));
  return folder;
}

// A link is then where it stands, and not where it leads to: so packages find each other in the folder.
const asLinked = ["--preserve-symlinks", "--preserve-symlinks-main"];
const aliased = (name: string): string => join(modules, name);

const ddl = `
  CREATE TABLE authors (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL);
  CREATE TABLE posts (
    id INTEGER PRIMARY KEY, title VARCHAR(50) NOT NULL, author_id INTEGER NOT NULL, FOREIGN KEY (author_id) REFERENCES authors (id)
  );
  INSERT INTO authors VALUES (1, 'Ada'), (2, 'Grace');
  INSERT INTO posts VALUES (1, 'On engines', 1), (2, 'On bugs', 2);`;

interface Case {
  readonly title: string;
  readonly framework: "koa" | "express" | "fastify";
  readonly database: DatabaseName;
  /** Where packages are taken from, by their names. */
  readonly replaced: Readonly<Record<string, string>>;
  readonly skip?: string;
}

const frameworkCases = (["koa", "express", "fastify"] as const).flatMap((framework): Case[] => [
  { title: `the newest ${framework}`, framework, database: "postgres", replaced: {} },
  ...(framework === "koa"
    ? ["lowest-koa-router", "koa-router-13", "koa-router-14"].map(
        (router): Case => ({
          title: `koa ${versionIn(aliased("lowest-koa"))} and @koa/router ${versionIn(aliased(router))}`,
          framework,
          database: "postgres",
          replaced: { koa: aliased("lowest-koa"), "@koa/router": aliased(router) },
        }),
      )
    : [
        {
          title: `the lowest ${framework}`,
          framework,
          database: "postgres" as const,
          replaced: { [framework]: aliased(`lowest-${framework}`) },
        },
      ]),
]);

const drivers = { postgres: "pg", mariadb: "mysql2", sqlite: compiled } as const;
const driverCases = (Object.entries(drivers) as [DatabaseName, string][]).flatMap(([database, driver]): Case[] => {
  const at = driver === compiled ? SAPWOOD_TEST_LOWEST_SQLITE : aliased(`lowest-${driver}`);
  return [
    { title: `the newest ${driver}`, framework: "express", database, replaced: {} },
    {
      title: `the lowest ${driver}`,
      framework: "express",
      database,
      replaced: at === undefined ? {} : { [driver]: at },
      ...(at === undefined && {
        skip: "it compiles for minutes: SAPWOOD_TEST_LOWEST_SQLITE names a folder that has it",
      }),
    },
  ];
});

async function startApp({ framework, replaced }: Pick<Case, "framework" | "replaced">, url: string, options = {}) {
  const folder = folderWith(replaced);
  const names = Object.keys(replaced);
  const env = { PEERS: [...names, framework].join(" ") };
  const program = await startProgram([...asLinked, "peers.mjs", framework, url, JSON.stringify(options)], {
    cwd: folder,
    env,
  });
  return { ...program, expected: Object.fromEntries(names.map((name) => [name, versionIn(replaced[name] as string)])) };
}

/** What ran was what was meant to run, and nothing was said besides. */
async function stopped({ stop, expected }: Program & { expected: object }): Promise<void> {
  const { code, stdout, stderr } = await stop();
  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(/^versions (.*)$/m.exec(stdout)?.[1] ?? "")).toMatchObject(expected);
}

for (const { title, skip, ...one } of [...frameworkCases, ...driverCases]) {
  const database = databases.find(({ name }) => name === one.database);
  describe.skipIf(skip ?? database?.skip)(`${title}${skip === undefined ? "" : ` (${skip})`}`, () => {
    test("starts, reads nested rows, writes one, and takes it back", { timeout: 60_000 }, async () => {
      const created = await (database as NonNullable<typeof database>).create(ddl);
      const app = await startApp(one, created.url);
      const ask = (method: string, path: string, body?: unknown) => request(app.base, method, `/api${path}`, { body });
      expect((await ask("GET", "/authors/1/posts")).json).toEqual([{ id: 1, title: "On engines", author_id: 1 }]);
      const embedded = await ask("GET", "/authors/2?select=name,posts(title)");
      expect(embedded.json).toEqual({ name: "Grace", posts: [{ title: "On bugs" }] });
      const made = await ask("POST", "/authors/2/posts", { id: 3, title: title.slice(0, 50) });
      expect([made.status, made.headers.location], made.text).toEqual([201, "/api/authors/2/posts/3"]);
      expect((await ask("PATCH", "/posts/3", { title: "x" })).json).toMatchObject({ title: "x", author_id: 2 });
      expect((await ask("DELETE", "/authors/2/posts/3")).status).toBe(204);
      expect((await ask("PUT", "/authors")).status).toBe(405);
      expect((await ask("GET", "/elsewhere")).status).toBe(404);
      await stopped(app);
      await created.drop();
    });
  });
}

describe.each(["newest", "lowest"])("the %s tedious", (which) => {
  test("logs in, reads and writes", { timeout: 60_000 }, async () => {
    const row = '{"id":1,"title":"On engines","author_id":1}';
    const server = await startTds((text) => {
      if (/@@VERSION|SERVERPROPERTY/i.test(text)) return { rows: [{ database: "shop", version: "16.0" }] };
      return /posts/.test(text) ? { results: [[{ j: row }]] } : undefined;
    });
    const tables = [
      { name: "authors", columns: [{ name: "id", type: "integer" }], primaryKey: ["id"] },
      {
        name: "posts",
        columns: ["id", "author_id"].map((name) => ({ name, type: "integer" })).concat({ name: "title", type: "text" }),
        primaryKey: ["id"],
        belongsTo: ["authors"],
      },
    ];
    const replaced = which === "lowest" ? { tedious: aliased("lowest-tedious") } : { tedious: aliased("tedious") };
    const app = await startApp({ framework: "express", replaced: replaced as Record<string, string> }, server.url(), {
      tables,
    });
    const read = await request(app.base, "GET", "/api/authors/1/posts");
    expect([read.status, read.text]).toEqual([200, `[${row}]`]);
    const made = await request(app.base, "POST", "/api/posts", { body: JSON.parse(row) });
    expect([made.status, made.text]).toEqual([201, row]);
    await stopped(app);
    await server.close();
  });
});

const main = "node_modules/sapwood/dist/src/cli/main.js";

describe.each(["newest", "lowest"])("the %s openapi-typescript", (which) => {
  test("sapwood types", { timeout: 60_000 }, async () => {
    const created = await sqlite.create(ddl);
    const name = "openapi-typescript";
    const cwd = folderWith(which === "lowest" ? { [name]: aliased(`lowest-${name}`) } : {});
    const { code, stdout, stderr } = await runProgram(process.execPath, [...asLinked, main, "types", created.url], {
      cwd,
    });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/"\/authors\/\{\w+\}\/posts": \{/);
    await created.drop();
  });
});

describe.each(["newest", "lowest"])("the %s ioredis", (which) => {
  test("counts requests for --rate-limit", { timeout: 60_000 }, async () => {
    const created = await sqlite.create(ddl);
    const redis = await startRedis();
    const cwd = folderWith(which === "lowest" ? { ioredis: aliased("lowest-ioredis") } : {});
    const flags = ["--port", "0", "--rate-limit", "2", "--rate-store", redis.url];
    const server = await startProgram([...asLinked, main, "serve", created.url, ...flags], { cwd });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await request(server.base, "GET", "/api/authors/1/posts")).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
    const { code, stderr } = await server.stop();
    expect([code, stderr.includes(redisPassword)]).toEqual([0, false]);
    await redis.stop();
    await created.drop();
  });
});

describe.skipIf(slapd === undefined)(`ldapts (${slapdInstall})`, () => {
  let directory: Awaited<ReturnType<typeof startSlapd>>;
  beforeAll(async () => {
    directory = await startSlapd();
    await directory.add({
      [`uid=ada,${suffix}`]: {
        objectClass: "inetOrgPerson",
        ...{ uid: "ada", cn: "Ada", sn: "Ada", userPassword: "engine no. 1" },
      },
      [`cn=staff,${suffix}`]: { objectClass: "groupOfNames", cn: "staff", member: `uid=ada,${suffix}` },
    });
  });
  afterAll(stopSlapd);

  test.each(["newest", "lowest"])(
    "the %s signs a user in, who reads and writes",
    { timeout: 60_000 },
    async (which) => {
      const created = await sqlite.create(ddl);
      const replaced = which === "lowest" ? { ldapts: aliased("lowest-ldapts") } : { ldapts: aliased("ldapts") };
      const groups = { base: suffix, roles: { [`cn=staff,${suffix}`]: "member" } };
      const ldap = { url: directory.url, bindDn: `uid={username},${suffix}`, create: true, groups };
      const app = await startApp({ framework: "express", replaced: replaced as Record<string, string> }, created.url, {
        roles: { member: "*" },
        auth: { ldap },
      });
      const body = { username: "ada", password: "engine no. 1" };
      const signedIn = await request(app.base, "POST", "/api/auth/token", { body });
      expect(signedIn.status, signedIn.text).toBe(200);
      const headers = { authorization: `Bearer ${signedIn.json.access_token}` };
      expect((await request(app.base, "GET", "/api/authors/1/posts", { headers })).json).toHaveLength(1);
      const made = await request(app.base, "POST", "/api/posts", {
        headers,
        body: { id: 9, title: "x", author_id: 1 },
      });
      expect(made.status, made.text).toBe(201);
      await stopped(app);
      await created.drop();
    },
  );
});
