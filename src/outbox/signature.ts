// Signatures as https://www.standardwebhooks.com has them: HMAC-SHA256 of `id.timestamp.body`, in base64, behind `v1,`.
import { createHmac } from "node:crypto";

/** `whsec_` and 24 to 64 bytes in base64. */
export function keyOfSecret(secret: string): Buffer | undefined {
  const [, text] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const key = Buffer.from(text ?? "", "base64");
  return key.length >= 24 && key.length <= 64 ? key : undefined;
}

/** Of several keys each has signed: so a secret is changed while both hold. `seconds` since 1970. */
export function signatureOf(keys: readonly Buffer[], id: string, seconds: number, body: string): string {
  const signed = `${id}.${seconds}.${body}`;
  return keys.map((key) => `v1,${createHmac("sha256", key).update(signed).digest("base64")}`).join(" ");
}
