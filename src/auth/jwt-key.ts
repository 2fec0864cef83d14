// `secret` or `key` of the config → the key that verifies, and the algorithms that go with it and no others.
import { createPublicKey, createSecretKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { ConfigError } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";

export interface FixedKey {
  readonly key: KeyObject;
  readonly algorithms: readonly string[];
}

/** A hash needs a key of at least its own size (RFC 7518, 3.2). */
const secretAlgorithms = { HS256: 32, HS384: 48, HS512: 64 } as const;

const rsa = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
const curves: Readonly<Record<string, readonly string[]>> = {
  prime256v1: ["ES256"],
  secp384r1: ["ES384"],
  secp521r1: ["ES512"],
};
const edwards = ["EdDSA", "Ed25519"];

/** All that a key which may be shown can verify. */
export const publicAlgorithms: readonly string[] = [...rsa, ...Object.values(curves).flat(), ...edwards];

/** Throws a `ConfigError`, whose message never shows the secret. */
export function secretKey(secret: string | Uint8Array, place: string): FixedKey {
  if (typeof secret !== "string" && !(secret instanceof Uint8Array))
    throw new ConfigError(place, "is a text or bytes.");
  // Who knows a public key must not be able to sign with it.
  if (/-----BEGIN|"kty"/.test(Buffer.from(secret).toString("latin1")))
    throw new ConfigError(place, "is a key that others may know, not a secret. Name it as `key`.");
  const bytes = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
  const fitting = Object.entries(secretAlgorithms).filter(([, least]) => bytes.length >= least);
  if (fitting.length === 0)
    throw new ConfigError(
      place,
      `has ${bytes.length} bytes, and needs 32 at least. Try one of: openssl rand -base64 48`,
    );
  return { key: createSecretKey(bytes), algorithms: fitting.map(([name]) => name) };
}

/** A public key or certificate as PEM, or a public JWK. Throws a `ConfigError`. */
export function publicKey(given: string | JsonWebKey, place: string): FixedKey {
  const key = readKey(given, place);
  const algorithms = algorithmsOf(key, place);
  const only = typeof given === "string" ? undefined : given.alg;
  return { key, algorithms: only === undefined ? algorithms : chosen([String(only)], algorithms, `${place}.alg`) };
}

function readKey(given: string | JsonWebKey, place: string): KeyObject {
  if (typeof given === "string") return readPem(given, place);
  if (typeof given !== "object" || given === null) throw new ConfigError(place, `is ${forms}.`);
  if (given.kty === "oct") throw new ConfigError(place, "is a secret. Name it as `secret`.");
  if (given.d !== undefined) throw isPrivate(place);
  if (given.use === "enc") throw new ConfigError(place, "is a key to encrypt with, not to verify.");
  return read(() => createPublicKey({ key: given, format: "jwk" }), place);
}

function readPem(pem: string, place: string): KeyObject {
  if (pem.includes("PRIVATE KEY")) throw isPrivate(place);
  return read(() => createPublicKey(pem.trim()), place);
}

const forms = "a public key as PEM (-----BEGIN PUBLIC KEY-----), or a JWK";

const isPrivate = (place: string) =>
  new ConfigError(place, "is the private key, which only who signs may have. Its public one is needed here.");

function read(key: () => KeyObject, place: string): KeyObject {
  try {
    return key();
  } catch {
    throw new ConfigError(place, `cannot be read: it is ${forms}.`);
  }
}

function algorithmsOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject, place: string) {
  const found =
    type === "rsa" ? rsa : type === "ed25519" ? edwards : type === "ec" ? curves[details?.namedCurve ?? ""] : undefined;
  if (found === undefined)
    throw new ConfigError(place, "is a key of a kind that signs no tokens: RSA, P-256, P-384, P-521 and Ed25519 do.");
  if ((details?.modulusLength ?? 2048) < 2048)
    throw new ConfigError(place, "is an RSA key of less than 2048 bits (RFC 7518, 3.3).");
  return found;
}

/** Those of the key that the config asks for; all, where it asks for none. Throws a `ConfigError` for others. */
export function chosen(asked: readonly string[] | undefined, fitting: readonly string[], place: string): string[] {
  if (asked === undefined) return [...fitting];
  if (!Array.isArray(asked) || asked.length === 0)
    throw new ConfigError(place, `is a list of algorithms. The key has ${fitting.join(", ")}.`);
  for (const name of asked)
    if (!fitting.includes(name))
      throw new ConfigError(
        place,
        `'${String(name)}' does not go with the key, which has ${fitting.join(", ")}.${didYouMean(String(name), fitting)}`,
      );
  return [...asked];
}
