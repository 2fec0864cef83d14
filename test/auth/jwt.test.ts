// `auth.jwt` by a secret or a public key: which tokens are taken.
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { frameworks } from "../support/apps.js";
import { asking, ddl, meets, roles, sqlite } from "./asked.js";
import { byHmac, claims, hs256, now, secret, signer, unsigned } from "./tokens.js";

test.each([
  ["HS256", 32, "sha256"],
  ["HS384", 48, "sha384"],
  ["HS512", 64, "sha512"],
])("%s by a secret of %i bytes", async (alg, length, hash) => {
  const bytes = randomBytes(length);
  const token = byHmac({ alg }, claims(), bytes, hash);
  expect(await meets(token, { secret: bytes })).toMatchObject({ status: 200, caller: { role: "member" } });
});

test.each(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"])(
  "%s by a public key, as PEM and as JWK",
  async (alg) => {
    const { pem, jwk, sign } = await signer(alg);
    const token = await sign();
    expect((await meets(token, { key: `\n${pem}\n` })).caller).toMatchObject({
      role: "member",
      claims: { sub: "7" },
    });
    expect((await meets(token, { key: { ...jwk } })).status).toBe(200);
  },
);

test("the scheme's name in any case, and any space behind it", async () => {
  const { ask, close } = await asking({ auth: { jwt: { secret } } });
  expect((await ask({ authorization: `bEARER   ${hs256(claims())}` })).status).toBe(200);
  await close();
});

test.each([
  ["a path", "realm_access.roles", { realm_access: { roles: ["offline", "member", "admin"] } }, "admin"],
  ["a name with dots", "https://example.org/roles", { "https://example.org/roles": ["member"] }, "member"],
])("the role by %s", async (_title, role, more, expected) => {
  const asked = await meets(hs256({ ...claims(), ...more }), { secret, role });
  expect(asked.caller?.role).toBe(expected);
});

test("issuer and audience, one of several", async () => {
  const token = hs256({ ...claims(), iss: "https://b.example", aud: ["shop", "forum"] });
  const options = { secret, issuer: ["https://a.example", "https://b.example"], audience: "forum" };
  expect((await meets(token, options)).status).toBe(200);
});

test("clocks that differ by as much as is allowed", async () => {
  const early = { ...claims(), nbf: now() + 20, iat: now() + 20 };
  expect((await meets(hs256(early), { secret })).status).toBe(200);
  expect((await meets(hs256({ ...claims(), exp: now() - 20 }), { secret })).status).toBe(200);
  expect((await meets(hs256(early), { secret, clockTolerance: 5 })).status).toBe(401);
});

test("no end, where none is asked for", async () => {
  expect((await meets(hs256({ role: "member" }), { secret, requireExp: false })).status).toBe(200);
});

test("numbers beyond 2^53 with all their digits: another user's would be the nearest double", async () => {
  const text = `{"role":"member","exp":${now() + 60},"id":9007199254740993,"n":12,"long":"1234567890123456789"}`;
  const { caller } = await meets(hs256(text), { secret });
  expect(caller?.claims).toMatchObject({ id: "9007199254740993", n: 12, long: "1234567890123456789" });
});

test("nothing, and nobody asks", async () => {
  const { ask, close } = await asking({ auth: { jwt: { secret } } });
  expect((await ask()).caller).toEqual({ role: "anonymous", claims: {} });
  await close();
});

describe("keys are kept apart from algorithms that are not theirs", () => {
  test("a token's own jwk, jku, x5u and x5c are not looked at", async () => {
    const ours = await signer("ES256");
    const theirs = await signer("ES256");
    for (const header of [{ jwk: theirs.jwk }, { jku: "http://127.0.0.1:9/keys" }, { x5u: "http://127.0.0.1:9/c" }]) {
      const token = await theirs.sign(claims(), header);
      expect((await meets(token, { key: ours.pem })).detail).toBe("The token's signature is not valid.");
      expect((await meets(await ours.sign(claims(), header), { key: ours.pem })).status).toBe(200);
    }
  });

  test.each(["RS256", "ES256", "EdDSA"])("a secret takes no %s", async (alg) => {
    const { sign } = await signer(alg);
    expect((await meets(await sign(), { secret })).detail).toBe(
      "The token is signed by an algorithm that is not taken here.",
    );
  });

  test("a key with an alg takes no other one, and the config may narrow it", async () => {
    const { jwk, pem, sign } = await signer("RS256");
    expect((await meets(await sign(), { key: { ...jwk, alg: "PS256" } })).status).toBe(401);
    expect((await meets(await sign(), { key: pem, algorithms: ["PS256"] })).status).toBe(401);
    expect((await meets(await sign(), { key: pem, algorithms: ["RS256"] })).status).toBe(200);
  });
});

test("who watches sees the refused too", async () => {
  const { bearer, close } = await asking({ auth: { jwt: { secret } }, serverTiming: true });
  const { status, headers } = await bearer(unsigned(claims()));
  expect([status, headers["server-timing"]]).toEqual([401, expect.stringMatching(/^db;dur=0;desc="0 statements"/)]);
  await close();
});

test.each(frameworks)("through $name", async ({ start }) => {
  const created = await sqlite.create(ddl);
  const app = await start(created.url, { roles, auth: { jwt: { secret } } });
  const bearer = (token: string) => app.ask("GET /notes/1", { headers: { authorization: `Bearer ${token}` } });
  expect((await bearer(hs256(claims()))).status).toBe(200);
  const answer = await bearer(unsigned(claims()));
  expect(answer).toMatchObject({ status: 401, json: { code: "unauthorized" } });
  expect(answer.headers["www-authenticate"]).toMatch(/^Bearer realm="sapwood", error="invalid_token", /);
  expect(app.errors).toEqual([]);
  await app.close();
  await created.drop();
});
