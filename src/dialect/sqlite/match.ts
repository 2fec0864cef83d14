// Regular expressions, which SQLite leaves to its program: those of RE2 (https://github.com/google/re2/wiki/Syntax), whose time grows
// with the text and never with the ways to read it.
import { RE2JS } from "re2js";
import { BoundedCache } from "../../base/bounded-cache.js";
import { problem } from "../../http/problem.js";

/** The function that a connection is given. */
export const MATCH = "sapwood_match";

const compiled = new BoundedCache<RE2JS>(100, 50_000);

function compiledOf(pattern: string, matchCase: boolean): RE2JS {
  const key = `${matchCase ? 1 : 0}${pattern}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const made = RE2JS.compile(pattern, matchCase ? 0 : RE2JS.CASE_INSENSITIVE);
  compiled.set(key, made, key.length);
  return made;
}

/** Unknown where there is no text, as with every operator. */
export const matches = (text: string | null, pattern: string, matchCase: number | bigint): number | null =>
  text === null
    ? null
    : Number(
        compiledOf(pattern, Number(matchCase) === 1)
          .matcher(text)
          .find(),
      );

/** Throws 400 for what is no regular expression. */
export function requireExpression(pattern: string): void {
  try {
    compiledOf(pattern, true);
  } catch {
    throw problem("invalid_filter", "This is no regular expression: SQLite's are those of RE2.");
  }
}
