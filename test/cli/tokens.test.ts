// Tokens at the server: by flags, variables and the config file, and no secret anywhere that people look.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authOf } from "../../src/server/token-settings.js";
import { ddl, roles } from "../auth/asked.js";
import { provider } from "../auth/provider.js";
import { claims, hs256, secret, signer } from "../auth/tokens.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";
import { type Environment, run, start } from "./cli.js";

const [sqlite] = databases as [TestDatabase];
let database: Created;
let folder: string;
beforeAll(async () => {
  database = await sqlite.create(ddl);
  folder = await mkdtemp(join(tmpdir(), "sapwood-tokens-"));
  await writeFile(join(folder, "sapwood.config.json"), JSON.stringify({ roles }));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await database?.drop();
});

/** The server's answer to one token, and all that it said meanwhile. */
async function served(token: string, args: readonly string[], env: Environment = {}) {
  const server = await start(
    ["serve", database.url, "--port", "0", ...args],
    { SAPWOOD_LOG_LEVEL: "debug", ...env },
    folder,
  );
  const authorization = `Bearer ${token}`;
  const answer = await fetch(`${server.url}/api/notes/1`, { headers: { authorization } });
  const pages = await Promise.all(
    ["/metadata", "/openapi.json", "/health", "/"].map(async (path) =>
      (await fetch(server.url + path, { headers: { authorization } })).text(),
    ),
  );
  server.signal("SIGTERM");
  const { stdout, stderr } = await server.ended;
  return {
    status: answer.status,
    openapi: pages[1] as string,
    said: [await answer.text(), stdout, stderr, ...pages].join("\n"),
  };
}

test("SAPWOOD_JWT_SECRET and --jwt-role, and neither secret nor token is shown", async () => {
  const token = hs256({ ...claims(), groups: ["member"] });
  const good = await served(token, ["--jwt-role", "groups"], { SAPWOOD_JWT_SECRET: secret });
  expect(good.status).toBe(200);
  const bad = await served(`${token}x`, ["--jwt-role", "groups"], { SAPWOOD_JWT_SECRET: secret });
  expect(bad.status).toBe(401);
  for (const text of [secret, ...token.split(".")]) expect(good.said + bad.said).not.toContain(text);
});

test("--jwks with --jwt-issuer and --jwt-audience", async () => {
  const ours = await signer("ES256");
  const keys = await provider(ours);
  const flags = ["--jwks", `${keys.base}/keys`, "--jwt-issuer", "us", "--jwt-audience", "shop"];
  expect((await served(await ours.sign({ ...claims(), iss: "us", aud: "shop" }), flags)).status).toBe(200);
  expect((await served(await ours.sign({ ...claims(), iss: "us", aud: "forum" }), flags)).status).toBe(401);
  await keys.close();
});

test("--oidc, and what the document says of it", async () => {
  const ours = await signer("RS256");
  const login = await provider(ours);
  const flags = ["--oidc", login.base, "--jwt-audience", "shop"];
  const { status, openapi } = await served(await ours.sign({ ...claims(), iss: login.base, aud: "shop" }), flags);
  expect(status).toBe(200);
  const { security, components } = JSON.parse(openapi);
  expect(security).toEqual([{}, { bearer: [] }, { oidc: [] }]);
  expect(components.securitySchemes).toEqual({
    bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
    oidc: { type: "openIdConnect", openIdConnectUrl: `${login.base}/.well-known/openid-configuration` },
  });
  await login.close();
});

test("sapwood openapi knows the schemes, sapwood routes asks no provider", async () => {
  const login = await provider();
  const env = { SAPWOOD_OIDC: login.base, SAPWOOD_JWT_AUDIENCE: "shop" };
  const { stdout } = await run(["openapi", database.url], env, folder);
  expect(Object.keys(JSON.parse(stdout).components.securitySchemes)).toEqual(["bearer", "oidc"]);
  login.asked.length = 0;
  expect((await run(["routes", database.url], env, folder)).code).toBe(0);
  expect(login.asked).toEqual([]);
  await login.close();
});

describe("a mistake is one line, without the secret", () => {
  test.each<[readonly string[], RegExp]>([
    [["--jwt-secret", "hunter2"], /options\.auth\.jwt\.secret: has 7 bytes, and needs 32/],
    [["--jwks", "keys"], /options\.auth\.jwt\.jwks: is a whole address/],
    [["--oidc", "https://login.example"], /options\.auth\.oidc\.audience: is missing/],
    [["--jwt-audience", "shop"], /none are taken: say jwtSecret, jwks or oidc/],
    [["--jwt-secret", secret, "--jwks", "https://login.example"], /here are secret and jwks/],
  ])("%j", async (args, message) => {
    const { code, stderr } = await run(["serve", database.url, "--port", "0", ...args], {}, folder);
    expect(stderr).toMatch(/^sapwood: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/hunter2|thirty-two bytes/);
    expect(code).toBe(1);
  });

  test("no roles", async () => {
    const { stderr } = await run(["serve", database.url, "--port", "0"], { SAPWOOD_JWT_SECRET: secret });
    expect(stderr).toMatch(/^sapwood: options\.roles: is missing, so nothing is granted/);
  });
});

test("flags and variables win over the file, and leave the rest of it", () => {
  const auth = {
    jwt: { secret: "a", clockTolerance: 5, role: "x" },
    oidc: { issuer: "https://a.example", audience: "b" },
  };
  expect(authOf({ auth, jwtSecret: "c", jwtRole: "y" })).toEqual({
    jwt: { secret: "c", clockTolerance: 5, role: "y" },
    oidc: { issuer: "https://a.example", audience: "b", role: "y" },
  });
  expect(authOf({})).toBeUndefined();
});
