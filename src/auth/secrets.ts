// Tokens and API keys: random text that says nothing, and the hash by which it is known again.
import { randomBytes } from "node:crypto";
import { sha256 } from "../base/sha256.js";

const bytes = 32;

/** `swt_…`: 256 random bits. The letters before tell people, and scanners of repositories, what it is. */
export const newSecret = (kind: "swt" | "swk"): string => `${kind}_${randomBytes(bytes).toString("base64url")}`;

export const isSecret = (kind: "swt" | "swk", text: string): boolean =>
  text.startsWith(`${kind}_`) && /^[\w-]{43}$/.test(text.slice(4));

/**
 * SHA-256, in hexadecimal. Slow hashes are for passwords, which can be guessed; 256 random bits cannot, however fast each guess
 * is (OWASP Password Storage Cheat Sheet; NIST SP 800-63B, 5.1.2.2 says the same of look-up secrets).
 */
export const hashOf = sha256;
