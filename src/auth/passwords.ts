// A password → what is kept of it, and back to a yes or no. CPU and memory: a hash takes about 0.2 s and 32 MiB.
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { Semaphore } from "../base/semaphore.js";
import { problem } from "../http/problem.js";

/** OWASP Password Storage Cheat Sheet, "scrypt": as strong as N=2^17, r=8, p=1, in a quarter of its memory. */
const cost = { ln: 15, r: 8, p: 3 } as const;
const SALT = 16;
const KEY = 32;

/** NIST SP 800-63B, 5.1.1.2: eight characters at least, 64 and more are taken, and all of Unicode, in one form. */
export const passwordLength = { least: 8, most: 200 } as const;

/** Two threads of libuv's four, so that files and name look-ups go on; what waits costs next to nothing, but waits. */
const gate = new Semaphore(2, 32, () =>
  problem("busy", "Too many are signing in at this moment. Try again in a few seconds.", {
    headers: { "retry-after": "5" },
  }),
);

/** Why it cannot be a password; `undefined` where it can. */
export function passwordFault(password: string, username: string, least: number): string | undefined {
  const { length } = [...password.normalize("NFKC")];
  if (length < least) return `has at least ${least} characters`;
  if (length > passwordLength.most) return `has at most ${passwordLength.most} characters`;
  if (password.toLowerCase() === username.toLowerCase()) return "is not the name";
  return undefined;
}

/** `$scrypt$ln=15,r=8,p=3$salt$hash`: what it was made with stands in it, so that the cost may grow. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT);
  const key = await derive(password, salt, cost);
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${salt.toString("base64")}$${key.toString("base64")}`;
}

const nobodys = `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${"A".repeat(22)}==$${"A".repeat(43)}=`;

/** Takes as long where there is nothing to compare with. */
export async function isPassword(password: string, kept: string | undefined): Promise<boolean> {
  const [, ln, r, p, salt = "", hash = ""] =
    /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w+/=]+)\$([\w+/=]+)$/.exec(kept ?? nobodys) ?? [];
  const expected = Buffer.from(hash, "base64");
  // No longer one can have been set; hashing it would be work without end.
  const possible = [...password].length <= passwordLength.most ? password : "";
  const key = await derive(possible, Buffer.from(salt, "base64"), { ln: Number(ln), r: Number(r), p: Number(p) });
  return key.length === expected.length && timingSafeEqual(key, expected) && kept !== undefined;
}

function derive(password: string, salt: Buffer, { ln, r, p }: { ln: number; r: number; p: number }): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem: 2 ** 28 };
  const text = password.normalize("NFKC");
  return gate.run(
    () =>
      new Promise((resolve, reject) => {
        scrypt(text, salt, KEY, options, (error, key) => (error ? reject(error) : resolve(key)));
      }),
  );
}
