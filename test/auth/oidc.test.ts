// `auth.oidc`: a provider that is found by its discovery document, over a real socket.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { OidcOptions } from "../../src/auth/oidc.js";
import { createApi } from "../../src/index.js";
import { asking, roles } from "./asked.js";
import { type Provider, provider } from "./provider.js";
import { claims, hs256, type Signer, secret, signer } from "./tokens.js";

let ours: Signer;
let login: Provider;

beforeEach(async () => {
  ours = await signer("RS256");
  login = await provider(ours);
});
afterEach(async () => {
  vi.useRealTimers();
  await login.close();
});

const options = (more: Partial<OidcOptions> = {}) => ({
  auth: { oidc: { issuer: login.base, audience: "shop", ...more } },
});
const token = (more: object = {}) => ours.sign({ ...claims(), iss: login.base, aud: "shop", ...more });
const start = (oidc: object) => createApi("sqlite::memory:", { roles, auth: { oidc } as never });

test("its tokens are taken, by the keys that its document names", async () => {
  const { bearer, close } = await asking(options({ role: "realm_access.roles" }));
  expect(login.asked).toEqual(["/.well-known/openid-configuration"]);
  const { caller } = await bearer(await token({ realm_access: { roles: ["x", "admin"] } }));
  expect(caller).toMatchObject({ role: "admin", claims: { sub: "7" } });
  expect(login.asked).toEqual(["/.well-known/openid-configuration", "/keys"]);
  await close();
});

test.each([
  ["another audience", { aud: "forum" }, "The token is meant for others: its aud is not taken here."],
  ["no audience", { aud: undefined }, "The token has no aud, which is needed here."],
  ["another issuer", { iss: "https://elsewhere.example" }, "The token comes from an issuer that is not taken here."],
  ["no issuer", { iss: undefined }, "The token has no iss, which is needed here."],
  ["no end", { exp: undefined }, "The token has no exp, which is needed here."],
])("401: %s", async (_title, more, detail) => {
  const { bearer, close } = await asking(options());
  expect(await bearer(await token(more))).toMatchObject({ status: 401, detail });
  await close();
});

test("a path in the issuer, and a slash at its end", async () => {
  for (const path of ["/realms/shop", "/realms/shop/"]) {
    const issuer = login.base + path;
    login.document = { issuer };
    login.asked.length = 0;
    const { bearer, close } = await asking(options({ issuer }));
    expect((await bearer(await token({ iss: issuer }))).status).toBe(200);
    expect(login.asked[0]).toBe("/realms/shop/.well-known/openid-configuration");
    await close();
  }
});

test("a provider that is away does not stop the start, and is found when it is back", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  login.away = true;
  const { bearer, ask, close } = await asking(options());
  expect(await bearer(await token())).toMatchObject({ status: 503, code: "sign_in_away" });
  expect(login.asked.length).toBe(1);
  expect((await ask()).status).toBe(200);
  login.away = false;
  expect((await bearer(await token())).status).toBe(503);
  vi.setSystemTime(Date.now() + 6_000);
  expect((await bearer(await token())).status).toBe(200);
  await close();
});

test("one at whose address nobody listens does not stop it either", async () => {
  const gone = await provider(ours);
  await gone.close();
  const { bearer, close } = await asking({ auth: { oidc: { issuer: gone.base, audience: "shop" } } });
  expect((await bearer(await token())).code).toBe("sign_in_away");
  await close();
});

test.each([
  [{ issuer: "https://evil.example" }, 'calls itself "https://evil.example". Name it so.'],
  [{ issuer: undefined }, "calls itself undefined"],
  [{ jwks_uri: "http://keys.example/keys" }, "options.auth.oidc: the provider's jwks_uri: is an https address"],
  [{ jwks_uri: undefined }, "options.auth.oidc: the provider's jwks_uri: is a whole address"],
])("another one's document stops it: %j", async (document, message) => {
  login.document = document;
  await expect(start({ issuer: login.base, audience: "shop" })).rejects.toThrow(message);
});

test("and is not believed where it comes later", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  login.away = true;
  const { bearer, close } = await asking(options());
  login.away = false;
  login.document = { issuer: "https://evil.example" };
  vi.setSystemTime(Date.now() + 6_000);
  expect((await bearer(await token())).code).toBe("sign_in_away");
  expect(login.asked).not.toContain("/keys");
  await close();
});

test.each([
  [{ issuer: "https://login.example" }, "options.auth.oidc.audience: is missing"],
  [{ audience: "shop" }, "options.auth.oidc.issuer: is a whole address"],
  [{ issuer: "http://login.example", audience: "shop" }, "options.auth.oidc.issuer: is an https address"],
  [{ issuer: "https://login.example", audience: "shop", algorithms: ["HS256"] }, "'HS256' does not go with the key"],
  [{ issuer: "https://login.example", audience: "shop", secret }, "options.auth.oidc.secret: there is no such option"],
])("a mistake stops it: %j", async (oidc, message) => {
  await expect(start(oidc)).rejects.toThrow(message);
});

test("beside a secret, each token goes to whom it names, and to nobody else", async () => {
  const jwt = { secret };
  const { bearer, close } = await asking({ auth: { jwt, ...options().auth } });
  expect((await bearer(await token())).caller?.role).toBe("member");
  expect((await bearer(hs256({ ...claims(), role: "admin" }))).caller?.role).toBe("admin");
  const stolen = hs256({ ...claims(), iss: login.base, aud: "shop" });
  expect((await bearer(stolen)).detail).toBe("The token is signed by an algorithm that is not taken here.");
  expect((await bearer(await token({ iss: "https://elsewhere.example" }))).status).toBe(401);
  await close();
});
