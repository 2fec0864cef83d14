// Names that come from outside → the same, or a `ConfigError`; and the names of what has none of its own.
import { createHash } from "node:crypto";
import { ConfigError } from "../base/config-error.js";

/** What every database takes (PostgreSQL: 63 bytes). */
const LONGEST = 60;

/** Letters, digits, `_`, `$`, `-` and spaces. knex takes a name with ` as ` in it for two. */
export function checkName(name: string, place: string): void {
  const isPlain = /^[\p{L}_][\p{L}\p{M}\p{N}_$ -]*$/u.test(name) && !/ as /i.test(name) && !name.endsWith(" ");
  if (!isPlain)
    throw new ConfigError(
      place,
      `'${name.slice(0, LONGEST)}' is no name: it begins with a letter or _, and has letters, digits, _, $ and - only.`,
    );
  if (Buffer.byteLength(name) > LONGEST)
    throw new ConfigError(place, `'${name.slice(0, LONGEST)}…' is too long: a name has ${LONGEST} bytes at most.`);
}

/** `albums_artist_id_index`: the same for the same columns, and short enough. */
export function madeName(table: string, columns: readonly string[], kind: "index" | "unique" | "foreign"): string {
  const name = [table, ...columns, kind].join("_").replace(/[ -]/g, "_").toLowerCase();
  if (Buffer.byteLength(name) <= LONGEST) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 10);
  return `${kind}_${digest}`;
}
