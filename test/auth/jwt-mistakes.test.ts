// A mistake in `auth.jwt` stops the start, names its place, and shows no secret.
import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import type { JwtOptions } from "../../src/auth/jwt.js";
import { createApi } from "../../src/index.js";
import { roles } from "./asked.js";
import { secret } from "./tokens.js";

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
  [{ secret: secret, issuers: "a" }, "options.auth.jwt.issuers: there is no such option. Perhaps you meant 'issuer'."],
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
