// A password → what PostgreSQL keeps of it, made here so that the password never reaches the server (RFC 5802, RFC 7677; manual:
// catalog-pg-authid). The iterations are the server's own default.
import { createHash, createHmac, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

const ITERATIONS = 4_096;
const SALT = 16;
const KEY = 32;

/** `SCRAM-SHA-256$4096:salt$StoredKey:ServerKey`. The password is ASCII, which SASLprep leaves as it is. */
export async function scramVerifier(password: string, salt: Buffer = randomBytes(SALT)): Promise<string> {
  const salted = await promisify(pbkdf2)(password, salt, ITERATIONS, KEY, "sha256");
  const keyed = (text: string) => createHmac("sha256", salted).update(text).digest();
  const stored = createHash("sha256").update(keyed("Client Key")).digest("base64");
  const server = keyed("Server Key").toString("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${stored}:${server}`;
}
