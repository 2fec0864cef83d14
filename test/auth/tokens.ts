// Tokens as signers make them, and as attackers do: header, payload and signature each as one likes.
import { createHmac } from "node:crypto";
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from "jose";

export const secret = "thirty-two bytes make a fine key";
export const now = () => Math.floor(Date.now() / 1000);
/** A member's, good for an hour. */
export const claims = () => ({ sub: "7", role: "member", iat: now(), exp: now() + 3600 });

const part = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** `payload` may be text that is no JSON. */
export function byHmac(header: object, payload: unknown, key: string | Uint8Array = secret, hash = "sha256"): string {
  const signed = `${part(header)}.${part(payload)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest("base64url")}`;
}

/** HS256 by the secret. */
export const hs256 = (payload: unknown, header: object = {}): string => byHmac({ alg: "HS256", ...header }, payload);

export const unsigned = (payload: object, alg = "none"): string => `${part({ alg })}.${part(payload)}.`;

export interface Signer {
  readonly kid: string;
  readonly pem: string;
  readonly jwk: JWK;
  sign(payload?: object, header?: object): Promise<string>;
}

export async function signer(alg: string, kid = "k1"): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const sign = (payload: object = claims(), header: object = {}) =>
    new SignJWT({ ...payload }).setProtectedHeader({ alg, kid, ...header }).sign(privateKey as CryptoKey);
  return {
    kid,
    pem: await exportSPKI(publicKey),
    jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" },
    sign,
  };
}
