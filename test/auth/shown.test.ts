// What documents, pages and the command line tell a role: nothing of what it may not use.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import { type RunningServer, serve } from "../../src/server/serve.js";
import { run } from "../cli/cli.js";
import { type Created, databases } from "../support/databases.js";
import { sqlite } from "./asked.js";
import { forumDdl, forumRoles } from "./forum.js";
import { claims, hs256, secret } from "./tokens.js";

const lint = promisify(execFile);
const redocly = fileURLToPath(new URL("../../node_modules/.bin/redocly", import.meta.url));

let created: Created;
let api: Api;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sapwood-shown-"));
  created = await sqlite.create(forumDdl);
  api = await createApi(created.url, { roles: forumRoles, user: () => undefined });
});
afterAll(async () => {
  await api?.close();
  await created?.drop();
  await rm(folder, { recursive: true });
});

const as = (role: string) => api.as({ role, claims: {} });
const allOf = (role: string) => {
  const { tree, schema, metadata, openApi } = as(role);
  return JSON.stringify([tree, schema, metadata(), openApi({ securitySchemes: {} })]);
};

test("a member's tree, metadata and document know nothing of hidden tables and columns", () => {
  const text = allOf("member");
  const told = (words: readonly string[]) => words.filter((word) => text.includes(word));
  expect(told(["email", "password_hash", "audits", "owner"])).toEqual([]);
  expect(told(["posts", "title", "note", "posts_tags"])).toHaveLength(4);
});

test("a column that may only be written is in bodies, one that may only be read in answers", () => {
  const { schemas } = as("member").openApi().components as { schemas: Record<string, object> };
  const [row, changes] = [[schemas.PostSelection, schemas.PostFlat], schemas.PostUpdate].map((one) =>
    JSON.stringify(one),
  );
  expect(row).toContain("user_id");
  expect(row).not.toContain("note");
  const written = JSON.stringify(schemas.PostChanges ?? schemas.PostFields ?? changes);
  expect(written).toContain("note");
  expect(written).not.toContain('"user_id"');
});

test("operations that are not granted are no operations", () => {
  const { paths } = as("member").openApi();
  const methods = (path: string) => Object.keys(paths[path] as object).filter((key) => key !== "parameters");
  expect(methods("/users")).toEqual(["get"]);
  expect(methods("/posts").sort()).toEqual(["delete", "get", "patch", "post"]);
  expect(Object.keys(as("anonymous").openApi().paths).sort()).toEqual(["/batch", "/tags", "/tags/{id}"]);
  expect(Object.keys(as("poster").openApi().paths).sort()).toEqual(["/audits", "/batch"]);
});

test("an admin sees what everyone saw without roles; a role that is not there, and nobody, see nothing more", async () => {
  const open = await createApi(created.url);
  const { batch: _, ...rest } = open.openApi({ securitySchemes: {} }).paths;
  expect(as("admin").openApi({ securitySchemes: {} }).paths).toEqual(rest);
  // But for the driver, which /health tells to those that the server lets.
  expect(as("admin").metadata()).toEqual({ ...open.metadata(), driver: undefined });
  await open.close();
  expect(Object.keys(as("nobody").openApi().paths)).toEqual(["/batch"]);
  expect(api.as().openApi()).toEqual(as("anonymous").openApi());
});

test.each(["anonymous", "member", "poster", "admin"])(
  "the document of %s passes Redocly's rules",
  async (role) => {
    const file = join(folder, `${role}.json`);
    const license = { name: "MIT", url: "https://example.org/mit" };
    const schemes = { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } };
    await writeFile(file, JSON.stringify(as(role).openApi({ license, servers: ["https://example.org"], ...schemes })));
    const args = ["lint", file, "--extends", "recommended", "--format", "json"];
    const ended = await lint(redocly, args, { cwd: folder, env: { ...process.env, REDOCLY_TELEMETRY: "off" } }).catch(
      (error: { stdout: string }) => error,
    );
    expect((JSON.parse(ended.stdout) as { problems: unknown[] }).problems).toEqual([]);
  },
  120_000,
);

describe("the server", () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await serve(created.url, { port: 0, auth: { jwt: { secret } }, roles: forumRoles });
  });
  afterAll(() => server?.close());

  const get = async (path: string, role?: string) => {
    const headers: Record<string, string> =
      role === undefined ? {} : { authorization: `Bearer ${hs256({ ...claims(), role })}` };
    return (await fetch(server.url + path, { headers })).text();
  };

  test.each(["/", "/metadata", "/openapi.json", "/docs/diagram.mmd"])("GET %s is the caller's own", async (path) => {
    const [nobody, member, admin] = [await get(path), await get(path, "member"), await get(path, "admin")];
    const tells = (text: string) => ["tags", "posts", "audits", "password_hash"].filter((word) => text.includes(word));
    expect(tells(nobody)).toEqual(["tags"]);
    expect(tells(member)).toEqual(["tags", "posts"]);
    expect(tells(admin)).toEqual(expect.arrayContaining(["tags", "posts", "audits"]));
  });

  test("the diagram around a table is of the caller's own tables, and other tables are not there", async () => {
    for (const page of ["diagram", "diagram.svg", "diagram.mmd"]) {
      expect(await get(`/docs/${page}?table=tags&steps=2`)).not.toMatch(/posts|audits/);
      expect(await get(`/docs/${page}?table=audits`, "member")).toContain("There is no table audits here.");
      expect(await get(`/docs/${page}?table=audit`, "member")).not.toContain("audits");
      expect(await get(`/docs/${page}?cluster=audits`, "admin")).toContain("audits");
    }
  });

  test("the documentation loads tags of the caller's own tables only", async () => {
    expect(await get("/docs/outline.json", "member")).not.toContain("audits");
    expect(await get("/docs/tag.json?tag=audits", "member")).toContain("no_route");
    expect(await get("/docs/tag.json?tag=posts", "member")).not.toContain("audits");
    expect(await get("/docs/tag.json?tag=audits", "admin")).toContain("/audits");
  });

  test("a name that was mistyped is put right by names that the caller may know", async () => {
    expect(await get("/api/audit", "admin")).toContain("Perhaps you meant /api/audits.");
    expect(await get("/api/audit", "member")).not.toContain("audits");
    expect(await get("/audits", "member")).not.toContain("/api/audits");
  });
});

for (const database of databases) {
  describe.skipIf(database.skip)(`the command line on ${database.name}`, () => {
    let here: Created;
    let config: string;
    beforeAll(async () => {
      here = await database.create(forumDdl);
      config = join(folder, `${database.name}.json`);
      const roles = {
        ...forumRoles,
        anonymous: { tags: "read", audits: ["read", "create"] },
        clerk: {
          users: "read",
          posts: { operations: ["read", "update"], rows: "user_id=eq:$user.sub" },
          audits: { operations: "*", rows: { read: "owner=eq:$user.name&done=eq:0" } },
          tags: { operations: ["create"], write: [] },
        },
      };
      await writeFile(config, JSON.stringify({ auth: { jwt: { secret } }, roles }));
    });
    afterAll(() => here?.drop());

    test("sapwood routes --as member", async () => {
      const { code, stdout } = await run(["routes", here.url, "--config", config, "--as", "member"]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^\/posts\/:id\/tags\/:tagId\/add +POST$/m);
      expect(stdout).toMatch(/^\/users +GET$/m);
      expect(stdout).not.toMatch(/audits|PUT \/users/);
      expect(stdout).toContain(
        'posts       read create update delete; reads id, user_id, title; writes title, note; where user_id=eq:$user.sub; sets user_id to "$user.sub"',
      );
      const json = JSON.parse((await run(["routes", here.url, "--config", config, "--as", "member", "--json"])).stdout);
      expect(json.grants.find(({ table }: { table: string }) => table === "users")).toEqual({
        table: "users",
        rights: ["read"],
        reads: ["id", "name"],
      });
    });

    test("sapwood routes --as somebody else", async () => {
      const wrong = await run(["routes", here.url, "--config", config, "--as", "membre"]);
      expect(wrong).toMatchObject({ code: 1, stdout: "" });
      expect(wrong.stderr).toContain("there is no role 'membre'. Perhaps you meant 'member'.");
      expect((await run(["routes", here.url, "--as", "member"])).stderr).toContain("there are no roles");
    });

    test("sapwood check warns of grants that look like mistakes", async () => {
      const { code, stdout } = await run(["check", here.url, "--config", config]);
      expect(code).toBe(2);
      const unindexed = database.can.indexForeignKeys ? [] : ["member on posts: its rule looks at user_id"];
      const wanted = [
        "anonymous on audits: whoever has not signed in may create rows",
        "anonymous on audits: clients may write owner",
        "poster on audits: clients may write owner",
        "clerk on users: shows password_hash",
        "clerk on posts: clients may write user_id",
        "clerk on audits: clients may write owner",
        "clerk on audits: its rule looks at owner",
        "clerk on audits: its rule looks at done",
        "clerk on tags: it may make or change rows, and write none",
        ...unindexed,
      ];
      for (const line of wanted) expect(stdout).toContain(line);
      const others = stdout.split("\n").filter((line) => line !== "" && !wanted.some((one) => line.startsWith(one)));
      expect(others.filter((line) => !line.includes("looks at user_id"))).toEqual([]);
      const { findings } = JSON.parse((await run(["check", here.url, "--config", config, "--json"])).stdout);
      expect(new Set(findings.map((one: { code: string }) => one.code))).toEqual(
        new Set(["anonymous_write", "secret_read", "writable_owner", "unindexed_rule", "no_effect"]),
      );
    });

    test("and says so where there is nothing to say", async () => {
      await writeFile(
        config,
        JSON.stringify({ auth: { jwt: { secret } }, roles: { admin: "*", anonymous: { tags: "read" } } }),
      );
      expect(await run(["check", here.url, "--config", config])).toMatchObject({
        code: 0,
        stdout: "no grant looks like a mistake\n",
      });
      await writeFile(config, JSON.stringify({ auth: { jwt: { secret } }, roles: { anonymous: { "*": "read" } } }));
      const open = await run(["check", here.url, "--config", config]);
      expect(open.stdout).toContain("anonymous on *: whoever has not signed in has this on every table");
      const none = await run(["check", here.url]);
      expect(none).toMatchObject({ code: 0, stdout: "no grant looks like a mistake\n" });
      expect(none.stderr).toContain("there are no roles");
    });
  });
}
