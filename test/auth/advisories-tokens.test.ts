// What went wrong with tokens elsewhere, each advisory by its number: the attack is really run.
import { describe, expect, test } from "vitest";
import type { JwtOptions } from "../../src/auth/jwt.js";
import { createApi } from "../../src/index.js";
import { listen } from "../support/http.js";
import { asking, meets, roles } from "./asked.js";
import { byHmac, claims, hs256, secret, signer } from "./tokens.js";

const admin = () => ({ ...claims(), role: "admin" });
const start = (jwt: JwtOptions) => createApi("sqlite::memory:", { roles, auth: { jwt } });

async function detailOf(token: string, jwt: JwtOptions): Promise<string | undefined> {
  const { status, detail } = await meets(token, jwt);
  expect(status).toBe(401);
  return detail;
}

const OTHER_ALGORITHM = "The token is signed by an algorithm that is not taken here.";

describe("CVE-2023-48223 (fast-jwt): a public key is no HMAC secret", () => {
  test.each(["HS256", "HS384", "HS512"])("%s by the PEM of the key that was configured", async (alg) => {
    const { pem, jwk } = await signer("RS256");
    const hash = `sha${alg.slice(2)}`;
    // The texts and bytes that an attacker would try.
    for (const key of [pem, pem.trim(), JSON.stringify(jwk), Buffer.from(jwk.n ?? "", "base64url")])
      expect(await detailOf(byHmac({ alg }, admin(), key, hash), { key: pem })).toBe(OTHER_ALGORITHM);
  });

  test("HS256 by a key of the JWK set", async () => {
    const { jwk, pem } = await signer("RS256");
    const keys = await listen((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
    expect(await detailOf(byHmac({ alg: "HS256", kid: jwk.kid }, admin(), pem), { jwks: keys.base })).toBe(
      OTHER_ALGORITHM,
    );
    await keys.close();
  });

  test("a JWK set that brings a secret does not make HS256 count", async () => {
    const oct = { kty: "oct", kid: "k", alg: "HS256", k: Buffer.from(secret).toString("base64url") };
    const keys = await listen((_request, response) => response.end(JSON.stringify({ keys: [oct] })));
    expect(await detailOf(hs256(admin(), { kid: "k" }), { jwks: keys.base })).toBe(OTHER_ALGORITHM);
    await keys.close();
  });
});

describe("CVE-2026-34950 (fast-jwt): nor with white space before it", () => {
  const around = ["\n", " ", "\t", "\r\n  ", "\uFEFF", "# our key\n"];
  test.each(around.map((before) => ({ before })))("as the secret: $before", async ({ before }) => {
    const { pem } = await signer("RS256");
    await expect(start({ secret: before + pem })).rejects.toThrow(
      "options.auth.jwt.secret: is a key that others may know",
    );
  });

  test.each(["\n", " ", "\t", "\r\n  "].map((before) => ({ before })))("as the key: $before", async ({ before }) => {
    const { pem } = await signer("RS256");
    const key = before + pem;
    for (const text of [key, pem])
      expect(await detailOf(byHmac({ alg: "HS256" }, admin(), text), { key })).toBe(OTHER_ALGORITHM);
  });

  test("a JWK as the secret", async () => {
    const { jwk } = await signer("ES256");
    await expect(start({ secret: JSON.stringify(jwk) })).rejects.toThrow("is a key that others may know");
  });
});

describe("CVE-2026-35042 (fast-jwt): an extension that the header calls critical and nobody here knows", () => {
  test.each([
    { crit: ["x-custom-policy"], "x-custom-policy": "require-mfa" },
    { crit: ["cnf"], cnf: { jkt: "x" } },
    { crit: ["exp"], exp: 1 },
    { crit: ["alg"] },
    { crit: ["missing"] },
    { crit: [] },
    { crit: "mfa", mfa: true },
    { crit: ["b64", "mfa"], b64: true, mfa: true },
    { crit: null },
  ])("%j", async (header) => {
    expect(await detailOf(hs256(admin(), header), { secret })).toMatch(
      /^The token('s header asks for what is not understood here| is malformed)\.$/,
    );
  });
});

describe("CVE-2026-44351 (fast-jwt): no key is not an empty one", () => {
  test("an empty secret stops the start", async () => {
    await expect(start({ secret: "" })).rejects.toThrow("options.auth.jwt.secret: has 0 bytes, and needs 32 at least.");
  });

  test("a token that names a key which is not in the set", async () => {
    const { jwk } = await signer("RS256");
    const keys = await listen((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
    expect(await detailOf(byHmac({ alg: "HS256", kid: "gone" }, admin(), ""), { jwks: keys.base })).toBe(
      OTHER_ALGORITHM,
    );
    await keys.close();
  });
});

test("CVE-2026-35039 (fast-jwt): two tokens are never taken for one another where they are remembered", async () => {
  const { bearer, close } = await asking({ auth: { jwt: { secret } } });
  // The same header, and payloads that differ in their last part only.
  const tokens = Array.from({ length: 50 }, (_, i) => [`user-${i}`, hs256({ ...claims(), sub: `user-${i}` })] as const);
  for (const _round of [1, 2])
    for (const [sub, token] of tokens) expect((await bearer(token)).caller?.claims.sub).toBe(sub);
  await close();
});
