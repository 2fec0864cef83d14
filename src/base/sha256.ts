// A text → what stands for it where it may be long, or secret.
import { createHash } from "node:crypto";

/** In hexadecimal: 64 characters, the same letters on every database, whatever its collation. */
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
