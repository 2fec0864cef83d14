// Without access control the server is for this machine alone, until somebody says otherwise.
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import { isGuarded } from "../../src/server/exposure.js";
import { type ServeSettings, serve } from "../../src/server/serve.js";
import { run, start } from "../cli/cli.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";

const [sqlite] = databases as [TestDatabase];
let database: Created;
beforeAll(async () => {
  database = await sqlite.create("CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT)");
});
afterAll(() => database?.drop());

const outer = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal }) => !internal)
  .map(({ address }) => address);

const serves = async (settings: ServeSettings) => {
  const server = await serve(database.url, { port: 0, ...settings });
  await server.close();
  return server;
};
const guard: ApiOptions = { user: () => ({ role: "member" }), roles: { member: "*" } };

describe("without access control", () => {
  test.each(["127.0.0.1", "127.8.9.10", "localhost"])("it listens on %s", async (host) => {
    expect((await serves({ host })).guarded).toBe(false);
  });

  const refused = ["0.0.0.0", "::", "", "0", "::ffff:0.0.0.0", ...outer];
  test.each(refused)("it does not listen on '%s'", async (host) => {
    await expect(serves({ host })).rejects.toThrow(
      /without access control .* Set auth .* --host 127\.0\.0\.1, or say --open/,
    );
    await expect(serves({ host, readOnly: true })).rejects.toThrow(/without access control/);
  });

  test("it does where that is said", async () => {
    expect((await serves({ host: "0.0.0.0", open: true })).guarded).toBe(false);
  });

  test("the program says it, in one line and with 1", async () => {
    const said = { code: 1, stdout: "", stderr: expect.stringMatching(/^sapwood: without access control [^\n]*\n$/) };
    expect(await run(["serve", database.url, "--host", "0.0.0.0", "--port", "0"])).toMatchObject(said);
    expect(await run(["serve", database.url, "--read-only"], { SAPWOOD_HOST: "0.0.0.0" })).toMatchObject(said);
    expect(await run(["start", database.url, "--host", "::"])).toMatchObject(said);
  });

  test.each([
    ["on loopback", [], {}],
    ["told to be open", ["--host", "0.0.0.0", "--open"], {}],
    ["told so by a variable, at any level of the log", ["--log-level", "silent"], { SAPWOOD_OPEN: "yes" }],
  ] as const)("the program warns, %s", async (_title, flags, env) => {
    const server = await start(["serve", database.url, "--port", "0", ...flags], env);
    expect((await fetch(`http://127.0.0.1:${new URL(server.url).port}/health`)).status).toBe(200);
    server.signal("SIGTERM");
    const { warning, stdout } = await server.ended;
    expect(warning).toBe(
      `sapwood: WARNING: there is no access control. Whoever can reach ${server.url} can read and change everything in the database.\n` +
        "         Set auth in the config file to say who may do what.\n",
    );
    expect(stdout).toBe(`listening on ${server.url}\n`);
  });

  test("the warning of --read-only speaks of reading", async () => {
    const server = await start(["serve", database.url, "--port", "0", "--read-only"]);
    server.signal("SIGTERM");
    expect((await server.ended).warning).toContain("can read everything in the database");
  });

  test("the demo has nothing to warn of", async () => {
    const server = await start(["start", "--port", "0"]);
    server.signal("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0, warning: "", stderr: "" });
  });
});

describe("with access control", () => {
  test("it listens where it is told, and warns of nothing", async () => {
    expect((await serves({ host: "0.0.0.0", ...guard })).guarded).toBe(true);
  });

  test("of several databases each must ask who its callers are", () => {
    const entry = { db: "sqlite:a.db", ...guard };
    const of = (settings: object, ...databases: (string | typeof entry)[]) =>
      isGuarded({ databases: Object.fromEntries(databases.map((entry, i) => [`d${i}`, entry])) }, settings);
    expect(of({}, entry, entry)).toBe(true);
    expect(of({}, entry, "sqlite:b.db")).toBe(false);
    expect(of(guard, "sqlite:a.db", "sqlite:b.db")).toBe(true);
    expect(of(guard, { ...entry, user: undefined as never })).toBe(false);
  });
});
