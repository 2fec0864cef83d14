// `auth.jwt` by a secret or a public key: what is taken, and everything that is not.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { JwtOptions } from "../../src/auth/jwt.js";
import { createApi } from "../../src/index.js";
import { frameworks } from "../support/apps.js";
import { type Asked, asking, ddl, roles, sqlite } from "./asked.js";
import { byHmac, claims, hs256, now, secret, signer, unsigned } from "./tokens.js";

/** What one token meets where these options are on. */
async function meets(token: string, options: JwtOptions = { secret }): Promise<Asked> {
  const { bearer, close } = await asking({ auth: { jwt: options } });
  const asked = await bearer(token);
  await close();
  return asked;
}

const refused = (detail: string) => ({
  status: 401,
  code: "unauthorized",
  detail,
  caller: undefined,
  headers: {
    "www-authenticate": `Bearer realm="sapwood", error="invalid_token", error_description="${detail}"`,
  },
});

describe("taken", () => {
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
    expect((await meets(hs256(early))).status).toBe(200);
    expect((await meets(hs256({ ...claims(), exp: now() - 20 }))).status).toBe(200);
    expect((await meets(hs256(early), { secret, clockTolerance: 5 })).status).toBe(401);
  });

  test("no end, where none is asked for", async () => {
    expect((await meets(hs256({ role: "member" }), { secret, requireExp: false })).status).toBe(200);
  });

  test("numbers beyond 2^53 with all their digits: another user's would be the nearest double", async () => {
    const text = `{"role":"member","exp":${now() + 60},"id":9007199254740993,"n":12,"long":"1234567890123456789"}`;
    const { caller } = await meets(hs256(text));
    expect(caller?.claims).toMatchObject({ id: "9007199254740993", n: 12, long: "1234567890123456789" });
  });

  test("nothing, and nobody asks", async () => {
    const { ask, close } = await asking({ auth: { jwt: { secret } } });
    expect((await ask()).caller).toEqual({ role: "anonymous", claims: {} });
    await close();
  });
});

describe("refused", () => {
  const altered = hs256(claims()).replace(
    /^([^.]+)\.[^.]+/,
    `$1.${Buffer.from('{"role":"admin"}').toString("base64url")}`,
  );
  const rounded = { ...claims(), role: "admin" };
  const attacks: readonly (readonly [title: string, token: string, detail: string, options?: JwtOptions])[] = [
    ["another secret", byHmac({ alg: "HS256" }, claims(), "x".repeat(32)), "The token's signature is not valid."],
    ["another payload under the same signature", altered, "The token's signature is not valid."],
    ["no signature", hs256(claims()).replace(/[^.]+$/, ""), "The token's signature is not valid."],
    ["half a signature", hs256(claims()).slice(0, -20), "The token's signature is not valid."],
    ["alg none", unsigned(rounded), "The token is signed by an algorithm that is not taken here."],
    ["alg None", unsigned(rounded, "None"), "The token is signed by an algorithm that is not taken here."],
    ["alg of no text", hs256(claims(), { alg: ["HS256"] }), "The token is malformed."],
    ["no alg", hs256(claims(), { alg: undefined }), "The token is malformed."],
    [
      "HS512 by a secret that is too short for it",
      byHmac({ alg: "HS512" }, claims(), secret, "sha512"),
      "The token is signed by an algorithm that is not taken here.",
    ],
    [
      "an algorithm of the secret that the config leaves out",
      byHmac({ alg: "HS384" }, claims(), "x".repeat(64), "sha384"),
      "The token is signed by an algorithm that is not taken here.",
      { secret: "x".repeat(64), algorithms: ["HS512"] },
    ],
    [
      "a crit that is not known",
      hs256(claims(), { crit: ["mfa"], mfa: 1 }),
      "The token's header asks for what is not understood here.",
    ],
    ["an empty crit", hs256(claims(), { crit: [] }), "The token is malformed."],
    ["b64 false", hs256(claims(), { crit: ["b64"], b64: false }), "The token is malformed."],
    ["exp gone by", hs256({ ...claims(), exp: now() - 31 }), "The token has expired: get a new one."],
    ["exp missing", hs256({ role: "member" }), "The token has no exp, which is needed here."],
    ["exp of no number", hs256({ ...claims(), exp: "2099-01-01" }), "The token's exp is not valid."],
    ["nbf to come", hs256({ ...claims(), nbf: now() + 60 }), "The token is not valid yet."],
    ["iat to come", hs256({ ...claims(), iat: now() + 60 }), "The token was issued in the future: a clock is wrong."],
    ["iat of no number", hs256({ ...claims(), iat: "now" }), "The token's iat is not valid."],
    [
      "an age beyond maxAge",
      hs256({ ...claims(), iat: now() - 200 }),
      "The token is too old: get a new one.",
      { secret, maxAge: 100 },
    ],
    [
      "no iat, where there is a maxAge",
      hs256({ role: "member", exp: now() + 60 }),
      "The token has no iat, which is needed here.",
      { secret, maxAge: 100 },
    ],
    [
      "another aud",
      hs256({ ...claims(), aud: "forum" }),
      "The token is meant for others: its aud is not taken here.",
      { secret, audience: "shop" },
    ],
    [
      "an aud that begins as ours",
      hs256({ ...claims(), aud: "shop2" }),
      "The token is meant for others: its aud is not taken here.",
      { secret, audience: "shop" },
    ],
    ["no aud", hs256(claims()), "The token has no aud, which is needed here.", { secret, audience: "shop" }],
    [
      "another iss",
      hs256({ ...claims(), iss: "https://a.example.evil" }),
      "The token comes from an issuer that is not taken here.",
      { secret, issuer: "https://a.example" },
    ],
    ["no iss", hs256(claims()), "The token has no iss, which is needed here.", { secret, issuer: "https://a.example" }],
    ["a payload that is no object", hs256([1]), "The token is malformed."],
    ["a payload that is no JSON", hs256("{"), "The token is malformed."],
    ["a header that is no JSON", `e30x.${hs256(claims()).split(".").slice(1).join(".")}`, "The token is malformed."],
    ["too much of it", hs256({ ...claims(), more: "x".repeat(12_288) }), "The token is longer than 12288 characters."],
    ["an encrypted one", "a.b.c.d.e", "Credentials of this kind are not taken here."],
    ["what is no JWT", "abc", "Credentials of this kind are not taken here."],
    ["a token of sapwood's own kind", "swt_a.b.c", "Credentials of this kind are not taken here."],
  ];
  test.each(attacks.map(([title, ...rest]) => ({ title, rest })))(
    "$title",
    async ({ rest: [token, detail, options] }) => {
      const asked = await meets(token, options);
      expect(asked).toMatchObject(refused(detail));
      // Nothing that was sent comes back, nor anything of the key.
      for (const part of [...token.split("."), secret].filter((part) => part.length > 3))
        expect(asked.text).not.toContain(part);
    },
  );

  test.each([
    ["Basic YTpi"],
    ["Bearer"],
    ["Bearer a b"],
    [`Token ${hs256(claims())}`],
    [`${hs256(claims())}`],
    [`Bearer ${hs256(claims())}, Bearer ${hs256(claims())}`],
  ])("Authorization: %s", async (authorization) => {
    const { ask, close } = await asking({ auth: { jwt: { secret } } });
    expect(await ask({ authorization })).toMatchObject(refused("Credentials of this kind are not taken here."));
    await close();
  });

  test("two kinds of credentials at once, though one is good", async () => {
    const { ask, close } = await asking({ auth: { jwt: { secret } } });
    const asked = await ask({ authorization: `Bearer ${hs256(claims())}`, "x-api-key": "swk_1" });
    expect(asked).toMatchObject(refused("The request says twice who asks: send one kind of credentials only."));
    expect((await ask({ "x-api-key": "swk_1" })).status).toBe(401);
    await close();
  });

  test("a token beside the host's own user", async () => {
    const { bearer, ask, close } = await asking({ auth: { jwt: { secret } }, user: (raw) => raw });
    expect((await ask({}, { role: "admin" })).caller?.role).toBe("admin");
    expect((await bearer(hs256(claims()))).caller?.role).toBe("member");
    const both = await ask({ authorization: `Bearer ${hs256(claims())}` }, { role: "admin" });
    expect(both.detail).toBe("The request says twice who asks: send one kind of credentials only.");
    await close();
  });

  test.each([
    ["no role", { role: undefined }],
    ["an unknown one", { role: "owner" }],
    ["anonymous", { role: ["anonymous"] }],
    ["roles joined by a space", { role: "member admin" }],
    ["what every object has", { role: "__proto__" }],
  ])("403: a good token that names %s", async (_title, more) => {
    expect(await meets(hs256({ ...claims(), ...more }))).toMatchObject({
      status: 403,
      code: "forbidden",
      detail: "Your token names no role that is known here.",
    });
  });

  test.each(["__proto__.role", "constructor.name", "role.length", "toString", "a..b"])(
    "403: the role is sought at %s, where only objects' own parts count",
    async (role) => {
      const payload = `{"__proto__":{"x":"admin"},"role":["member"],"exp":${now() + 60}}`;
      expect((await meets(hs256(payload), { secret, role })).status).toBe(403);
      expect(({} as { x?: string }).x).toBeUndefined();
    },
  );
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
    expect((await meets(await sign())).detail).toBe("The token is signed by an algorithm that is not taken here.");
  });

  test("a key with an alg takes no other one, and the config may narrow it", async () => {
    const { jwk, pem, sign } = await signer("RS256");
    expect((await meets(await sign(), { key: { ...jwk, alg: "PS256" } })).status).toBe(401);
    expect((await meets(await sign(), { key: pem, algorithms: ["PS256"] })).status).toBe(401);
    expect((await meets(await sign(), { key: pem, algorithms: ["RS256"] })).status).toBe(200);
  });
});

describe("a verified token is remembered for a moment", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test("and not past its end", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { bearer, close } = await asking({ auth: { jwt: { secret, clockTolerance: 0 } } });
    const token = hs256({ ...claims(), exp: now() + 10 });
    expect((await bearer(token)).status).toBe(200);
    vi.setSystemTime(Date.now() + 9_000);
    expect((await bearer(token)).status).toBe(200);
    vi.setSystemTime(Date.now() + 2_000);
    expect((await bearer(token)).detail).toBe("The token has expired: get a new one.");
    await close();
  });

  test("nor past its greatest age", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { bearer, close } = await asking({ auth: { jwt: { secret, clockTolerance: 0, maxAge: 10 } } });
    const token = hs256(claims());
    expect((await bearer(token)).status).toBe(200);
    vi.setSystemTime(Date.now() + 12_000);
    expect((await bearer(token)).detail).toBe("The token is too old: get a new one.");
    await close();
  });

  test("by the whole of it: the same text under another signature is another one", async () => {
    const { bearer, close } = await asking({ auth: { jwt: { secret } } });
    const token = hs256(claims());
    expect((await bearer(token)).status).toBe(200);
    expect((await bearer(`${token.slice(0, -10)}AAAAAAAAAA`)).status).toBe(401);
    expect((await bearer(token)).status).toBe(200);
    await close();
  });

  test("and its claims cannot be changed by who is shown them", async () => {
    const { bearer, close } = await asking({ auth: { jwt: { secret } } });
    const { caller } = await bearer(hs256({ ...claims(), groups: ["a"] }));
    expect(Object.isFrozen(caller?.claims)).toBe(true);
    expect(Object.isFrozen(caller?.claims.groups)).toBe(true);
    await close();
  });
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

describe("a mistake stops the start, and shows no secret", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const x25519 = generateKeyPairSync("x25519").publicKey;
  const pem = (key: typeof publicKey) =>
    key.export({ type: key.type === "private" ? "pkcs8" : "spki", format: "pem" }) as string;
  test.each([
    [{ secret: "hunter2" }, "options.auth.jwt.secret: has 7 bytes, and needs 32 at least."],
    [
      { secret: secret, algorithms: ["HS512"] },
      "options.auth.jwt.algorithms: 'HS512' does not go with the key, which has HS256.",
    ],
    [{ secret: secret, algorithms: ["RS256"] }, "options.auth.jwt.algorithms: 'RS256' does not go with the key"],
    [{ secret: secret, algorithms: ["none"] }, "options.auth.jwt.algorithms: 'none' does not go with the key"],
    [{ secret: secret, algorithms: [] }, "options.auth.jwt.algorithms: is a list of algorithms."],
    [{ secret: pem(publicKey) }, "options.auth.jwt.secret: is a key that others may know"],
    [{ key: pem(privateKey) }, "options.auth.jwt.key: is the private key"],
    [{ key: pem(publicKey) }, "options.auth.jwt.key: is an RSA key of less than 2048 bits"],
    [{ key: pem(x25519) }, "options.auth.jwt.key: is a key of a kind that signs no tokens"],
    [{ key: secret }, "options.auth.jwt.key: cannot be read"],
    [{ key: { kty: "oct", k: "hunter2" } }, "options.auth.jwt.key: is a secret. Name it as `secret`."],
    [{ key: { kty: "RSA" } }, "options.auth.jwt.key: cannot be read"],
    [{}, "options.auth.jwt: has one of secret, key, jwks, and here are none."],
    [{ secret: undefined }, "options.auth.jwt: has one of secret, key, jwks, and here are none."],
    [
      { secret: secret, jwks: "https://a.example" },
      "options.auth.jwt: has one of secret, key, jwks, and here are secret and jwks.",
    ],
    [{ jwks: "http://keys.example/jwks" }, "options.auth.jwt.jwks: is an https address"],
    [{ jwks: "https://me:hunter2@keys.example/jwks" }, "options.auth.jwt.jwks: is an https address"],
    [{ jwks: "file:///etc/passwd" }, "options.auth.jwt.jwks: is an https address"],
    [{ jwks: "keys" }, "options.auth.jwt.jwks: is a whole address"],
    [
      { secret: secret, issuers: "a" },
      "options.auth.jwt.issuers: there is no such option. Perhaps you meant 'issuer'.",
    ],
    [{ secret: secret, audience: [] }, "options.auth.jwt.audience: is a text, or a list of texts."],
    [{ secret: secret, role: "" }, "options.auth.jwt.role: is a claim's name"],
    [{ secret: secret, clockTolerance: -1 }, "options.auth.jwt.clockTolerance: is a number of seconds"],
  ] as [JwtOptions, string][])("%#: %o", async (jwt, message) => {
    const failed = createApi("sqlite::memory:", { roles, auth: { jwt } });
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.not.toThrow(/hunter2|thirty-two bytes/);
  });

  test("the nearest word", async () => {
    const auth = { jtw: { secret } } as object;
    await expect(createApi("sqlite::memory:", { roles, auth })).rejects.toThrow(
      "options.auth.jtw: there is no such option. Perhaps you meant 'jwt'.",
    );
  });
});
