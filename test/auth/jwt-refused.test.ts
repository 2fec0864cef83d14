// What `auth.jwt` does not take: each attack and each mistake of a client is a 401 that says why and repeats nothing.
import { expect, test } from "vitest";
import type { JwtOptions } from "../../src/auth/jwt.js";
import { asking, meets } from "./asked.js";
import { byHmac, claims, hs256, now, secret, unsigned } from "./tokens.js";

const UNKNOWN = "Credentials of this kind are not taken here: send Authorization: Bearer <token>.";

const refused = (detail: string) => ({
  status: 401,
  code: "unauthorized",
  detail,
  caller: undefined,
  headers: {
    "www-authenticate": `Bearer realm="sapwood", error="invalid_token", error_description="${detail}"`,
  },
});

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
  ["an encrypted one", "a.b.c.d.e", UNKNOWN],
  ["what is no JWT", "abc", UNKNOWN],
  ["a token of sapwood's own kind", "swt_a.b.c", UNKNOWN],
];
test.each(attacks.map(([title, ...rest]) => ({ title, rest })))(
  "$title",
  async ({ rest: [token, detail, options] }) => {
    const asked = await meets(token, options ?? { secret });
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
  expect(await ask({ authorization })).toMatchObject(refused(UNKNOWN));
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
  expect(await meets(hs256({ ...claims(), ...more }), { secret })).toMatchObject({
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
